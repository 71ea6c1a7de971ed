import { mkdtemp, readdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { ManualClock } from "../testing/manual-clock.ts";
import { TestClient } from "../testing/test-client.ts";
import { startS3, type TestS3 } from "../testing/s3.ts";
import { startTestServer, type TestServer } from "../testing/test-server.ts";
import { openS3Storage } from "./s3-storage.ts";
import { eventually } from "../testing/eventually.ts";

let s3: TestS3;
beforeAll(async () => void (s3 = await startS3()));
afterAll(() => s3.dispose());

const newFolder = () => mkdtemp(join(tmpdir(), "miscord-uploads-"));

test("/health is 503 and names the storage while uploads have no place", async () => {
  const server = await startTestServer(
    {},
    { storage: (storage) => ({ ...storage, check: () => Promise.reject(new Error("gone")) }) },
  );
  try {
    const response = await fetch(`http://localhost:${server.port}/health`);
    expect(response.status).toBe(503);
    expect(await response.json()).toMatchObject({
      status: "unhealthy",
      checks: { database: "ok", storage: "failing" },
    });
    expect((await fetch(`http://localhost:${server.port}/health/ready`)).status).toBe(200);
  } finally {
    await server.cleanup();
  }
});

test("an upload to an instance with a bucket is read by members, in parts too, and goes with its message", async () => {
  const location = s3.location();
  const { accessKey: s3AccessKeyId, secretKey: s3SecretAccessKey } = s3.keys;
  const server = await startTestServer({ storage: location, s3AccessKeyId, s3SecretAccessKey });
  const ann = await TestClient.register(server.url, "ann");
  const { channels } = await ann.createServer();
  const file = (await ann.upload("in the bucket", "note.txt", "text/plain")).body;
  const sent = await ann.send(channels[0]!.id, "", { attachments: [file.id] });
  expect((await ann.request("GET", file.file_url)).body).toBe("in the bucket");
  const headers = { authorization: `Bearer ${ann.token}`, range: "bytes=3-5" };
  const part = await fetch(server.url + file.file_url, { headers });
  expect([part.status, await part.text()]).toEqual([206, "the"]);
  expect(await readdir(join(server.config.dataDir, "uploads", "unfinished"))).toEqual([]);
  expect(await ann.request("DELETE", `/api/messages/${sent.id}`)).toMatchObject({ status: 204 });
  expect(await ann.request("GET", file.file_url)).toMatchObject({ status: 404 });
  await server.cleanup();
});

test("while the bucket is down uploads are refused, a deletion succeeds, and its file is removed later", async () => {
  const location = s3.location();
  const { accessKey: s3AccessKeyId, secretKey: s3SecretAccessKey } = s3.keys;
  const clock = new ManualClock(Date.now());
  const server = await startTestServer({ storage: location, s3AccessKeyId, s3SecretAccessKey }, { clock });
  const ann = await TestClient.register(server.url, "ann");
  const { channels } = await ann.createServer();
  const file = (await ann.upload("to be deleted", "note.txt", "text/plain")).body;
  const sent = await ann.send(channels[0]!.id, "", { attachments: [file.id] });
  const stored = await openS3Storage({ location, keys: s3.keys, unfinishedFolder: await newFolder() });
  const key = await storageKeyOf(server, file.id);
  expect(await stored.size(key)).toBe(13);

  await s3.kill();
  expect(await ann.upload("refused", "note.txt")).toMatchObject({ status: 503, code: "unavailable" });
  expect(await readdir(join(server.config.dataDir, "uploads", "unfinished"))).toEqual([]);
  expect(await ann.request("DELETE", `/api/messages/${sent.id}`)).toMatchObject({ status: 204 });
  await s3.start();
  expect(await stored.size(key)).toBe(13);
  await vi.waitFor(
    async () => {
      clock.leap(600_000);
      expect(await stored.size(key)).toBeNull();
    },
    { timeout: 60_000 },
  );
  await server.cleanup();
});

test("a file whose upload did not come to an end, as after a crash, is removed by housekeeping", async () => {
  const clock = new ManualClock(Date.now());
  let dies = false;
  const server = await startTestServer(
    {},
    {
      clock,
      storage: (storage) => ({
        ...storage,
        // The process stands still between the file and its row, and never gets to removing anything.
        keep: (key) => storage.keep(key).then(() => (dies ? new Promise<never>(() => {}) : undefined)),
      }),
    },
  );
  const ann = await TestClient.register(server.url, "ann");
  const uploads = join(server.config.dataDir, "uploads");
  const stored = async () =>
    (await readdir(uploads, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile()).length;
  await ann.upload("kept", "note.txt");
  dies = true;
  void ann.upload("interrupted", "note.txt").catch(() => {});
  await eventually(async () => expect(await stored()).toBe(2));
  clock.leap(600_000);
  await ann.get("/api/auth/me");
  expect(await stored()).toBe(2);
  clock.leap(2 * 3_600_000);
  await vi.waitFor(
    async () => {
      clock.leap(600_000);
      expect(await stored()).toBe(1);
    },
    { timeout: 60_000 },
  );
  await server.cleanup();
});

async function storageKeyOf(server: TestServer, attachmentId: number): Promise<string> {
  const db = new DatabaseSync(join(server.config.dataDir, "miscord.db"), { readOnly: true });
  const row = db.prepare("select storage_key from attachments where id = ?").get(attachmentId);
  db.close();
  return String(row?.["storage_key"]);
}
