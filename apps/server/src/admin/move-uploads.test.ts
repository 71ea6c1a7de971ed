import { buildWav } from "../domain/attachments/sound/testing/build-sound.ts";
import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { afterAll, beforeAll, beforeEach, afterEach, expect, test } from "vitest";
import type { Config } from "../config.ts";
import type { AttachmentStorage } from "../domain/attachments/storage.ts";
import { openLocation } from "../storage/open-storage.ts";
import { parseStorageLocation } from "../storage/location.ts";
import { startS3, type TestS3 } from "../testing/s3.ts";
import { TestClient } from "../testing/test-client.ts";
import { startTestServer, testConfig, type TestServer } from "../testing/test-server.ts";
import { moveUploads } from "./move-uploads.ts";
import { withStore } from "./open-store.ts";

let s3: TestS3;
let server: TestServer;
let config: Config;
let ann: TestClient;
let channelId: number;
let bucket: string;
beforeAll(async () => void (s3 = await startS3()));
afterAll(() => s3.dispose());

beforeEach(async () => {
  server = await startTestServer();
  bucket = s3.address();
  const { accessKey: s3AccessKeyId, secretKey: s3SecretAccessKey } = s3.keys;
  config = { ...testConfig({ dataDir: server.config.dataDir }), s3AccessKeyId, s3SecretAccessKey };
  ann = await TestClient.register(server.url, "ann");
  channelId = (await ann.createServer()).channels[0]!.id;
});
afterEach(() => server.cleanup());

const move = (options: { from?: string; to?: string; remove?: boolean } = { to: bucket }) =>
  moveUploads(config, options);
const inFolder = (name: string) => join(server.config.dataDir, "uploads", name.slice(0, 2), name);

async function open(location: string): Promise<AttachmentStorage> {
  const parsed = parseStorageLocation(location);
  if (typeof parsed === "string") throw new Error(parsed);
  return openLocation(parsed, config);
}

/** Sends a message with a file; returns its storage key. */
async function send(text: string): Promise<{ key: string; messageId: number }> {
  const file = (await ann.upload(text, "note.txt", "text/plain")).body;
  const { id: messageId } = await ann.send(channelId, "", { attachments: [file.id] });
  const key = await withStore(config, async ({ db }) => {
    const row = db.selectFrom("attachments").select("storage_key").where("id", "=", file.id);
    return (await row.executeTakeFirstOrThrow()).storage_key;
  });
  return { key, messageId };
}

async function textOf(storage: AttachmentStorage, key: string): Promise<string> {
  return (await buffer(await storage.read(key))).toString();
}

async function filesInFolder(): Promise<string[]> {
  const entries = await readdir(join(server.config.dataDir, "uploads"), { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map(({ name }) => name);
}

test("files are copied while the server runs, a repetition copies new ones only, and the source stays", async () => {
  const [one, two] = [await send("one"), await send("two")];
  expect(await move()).toMatch(/has 2 files: 2 copied now, 0 before\.\nNothing was removed from /);
  const three = await send("three");
  expect(await move()).toContain("has 3 files: 1 copied now, 2 before.");
  const target = await open(bucket);
  expect(await Promise.all([one, two, three].map(({ key }) => textOf(target, key)))).toEqual(["one", "two", "three"]);
  expect(await filesInFolder()).toHaveLength(3);
});

test("--remove empties the source of what is verified, and the instance goes on with the new storage", async () => {
  const { key } = await send("moved");
  await move();
  expect(await move({ to: bucket, remove: true })).toContain("They are removed from ");
  expect(await filesInFolder()).toEqual([]);
  expect(await textOf(await open(bucket), key)).toBe("moved");
});

test("pictures of people, servers and emoji move too, and those that are replaced are removed", async () => {
  const picture = Buffer.from("R0lGODlhAQABAIAAAAAAAP///ywAAAAAAQABAAACAUwAOw==", "base64");
  const headers = { authorization: `Bearer ${ann.token}`, "content-type": "image/gif" };
  const put = async () => {
    const answer = await fetch(`${server.url}/api/auth/me/picture`, { method: "PUT", headers, body: picture });
    return ((await answer.json()) as { avatar_url: string }).avatar_url.slice("/api/pictures/".length);
  };
  const [former, present] = [await put().then((key) => move().then(() => key)), await put()];
  expect(await move({ to: bucket, remove: true })).toContain("has 1 file: 1 copied now");
  expect(await filesInFolder()).toEqual([]);
  const target = await open(bucket);
  expect([await target.size(former), (await textOf(target, present)).slice(8, 12)]).toEqual([null, "WEBP"]);
});

test("sounds of servers move too", async () => {
  const home = await ann.createServer();
  const headers = { authorization: `Bearer ${ann.token}`, "content-type": "audio/wav" };
  const path = `/api/servers/${home.id}/sounds?name=Drum`;
  const body = new Uint8Array(buildWav(100));
  const { id } = (await (await fetch(server.url + path, { method: "POST", headers, body })).json()) as { id: number };
  expect(await move({ to: bucket, remove: true })).toContain("1 copied now");
  expect(await filesInFolder()).toEqual([]);
  await ann.delete(`/api/servers/${home.id}/sounds/${id}`);
});

test("personal-data exports and what was uploaded for an import move too", async () => {
  const put = async (key: string, text: string) => {
    const source = await open("file://" + join(server.config.dataDir, "uploads"));
    await source.receive(key, Readable.from([Buffer.from(text)]));
    await source.keep(key);
  };
  await put("the-key-of-an-export", "a copy of everything");
  await put("the-key-of-a-part", "bytes of an import");
  await withStore(config, async ({ db }) => {
    const { id: user_id } = await db.selectFrom("users").select("id").executeTakeFirstOrThrow();
    const made = { status: "ready", created_at: 1, finished_at: 2, expires_at: Number.MAX_SAFE_INTEGER };
    const export_ = { id: "export", user_id, ...made, storage_key: "the-key-of-an-export", size: 20 };
    await db.insertInto("exports").values(export_).execute();
    const begun = { id: "import", user_id, status: "uploading", created_at: 1, due_at: Number.MAX_SAFE_INTEGER };
    await db.insertInto("imports").values(begun).execute();
    const part = { import_id: "import", start: 0, size: 18, storage_key: "the-key-of-a-part" };
    await db.insertInto("import_parts").values(part).execute();
  });
  expect(await move({ to: bucket, remove: true })).toContain("has 2 files: 2 copied now");
  expect(await filesInFolder()).toEqual([]);
  const target = await open(bucket);
  expect(await textOf(target, "the-key-of-an-export")).toBe("a copy of everything");
  expect(await textOf(target, "the-key-of-a-part")).toBe("bytes of an import");
});

test("files move back from the bucket into the data folder", async () => {
  const { key } = await send("there and back");
  await move({ to: bucket, remove: true });
  expect(await move({ from: bucket, remove: true })).toContain("has 1 file: 1 copied now");
  expect(await filesInFolder()).toEqual([key]);
  expect(await (await open(bucket)).size(key)).toBeNull();
});

test("missing and damaged files are listed, and all others are copied", async () => {
  const [missing, damaged, fine] = [await send("missing"), await send("damaged"), await send("fine")];
  await rm(inFolder(missing.key));
  await writeFile(inFolder(damaged.key), "cut");
  const error = await move({ to: bucket, remove: true }).catch((reason: unknown) => reason);
  expect(error).toMatchObject({ name: "OperatorError" });
  const text = (error as Error).message;
  expect(text).toContain(`These files are in neither place:\n  ${missing.key} (attachment `);
  expect(text).toContain(`and were not copied:\n  ${damaged.key} (attachment `);
  const target = await open(bucket);
  expect(await textOf(target, fine.key)).toBe("fine");
  expect(await target.size(damaged.key)).toBeNull();
  expect(await filesInFolder()).toEqual([damaged.key]);
});

test("a file of the right size and with other bytes in the target is replaced", async () => {
  const { key } = await send("right");
  const target = await open(bucket);
  await target.receive(key, Readable.from([Buffer.from("wrong")]));
  await target.keep(key);
  expect(await move()).toContain("has 1 file: 1 copied now");
  expect(await textOf(target, key)).toBe("right");
});

test("what an interrupted run left half received does not stop the next one", async () => {
  const { key } = await send("whole");
  await (await open(bucket)).receive(key, Readable.from([Buffer.from("wh")]));
  expect(await move()).toContain("has 1 file: 1 copied now");
  expect(await textOf(await open(bucket), key)).toBe("whole");
});

test("a file whose message is deleted after it was copied is removed from the target by the next run", async () => {
  const { key, messageId } = await send("deleted between two runs");
  await move();
  await ann.request("DELETE", `/api/messages/${messageId}`);
  expect(await move()).toContain("has 0 files");
  expect(await (await open(bucket)).size(key)).toBeNull();
});

test("the same storage as source and target is refused, and so is a wrong address", async () => {
  await expect(move({})).rejects.toThrow(/^Both are .+uploads\. Set STORAGE/);
  await expect(move({ to: "s3://id:secret@uploads" })).rejects.toThrow("--to must not hold credentials");
  const folder = await mkdtemp(join(tmpdir(), "miscord-move-"));
  await expect(move({ to: `file://${folder}/missing` })).rejects.toThrow("does not exist. Is it mounted?");
  await rm(folder, { recursive: true });
});
