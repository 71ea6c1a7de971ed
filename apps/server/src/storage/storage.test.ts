import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { DatabaseSync } from "node:sqlite";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { ManualClock } from "../testing/manual-clock.ts";
import { TestClient } from "../testing/test-client.ts";
import { startS3, type TestS3 } from "../testing/s3.ts";
import { startTestServer, testConfig, type TestServer } from "../testing/test-server.ts";
import { describeStorage } from "./conformance.ts";
import { openFolderStorage } from "./folder-storage.ts";
import { parseStorageLocation, type StorageLocation } from "./location.ts";
import { openStorage } from "./open-storage.ts";
import { openS3Storage } from "./s3-storage.ts";

let s3: TestS3;
beforeAll(async () => void (s3 = await startS3()));
afterAll(() => s3.dispose());

const newFolder = () => mkdtemp(join(tmpdir(), "miscord-uploads-"));

describeStorage("folder", async () => {
  const root = await newFolder();
  return {
    open: () => openFolderStorage(root, { mayCreate: false }),
    unfinished: () => readdir(join(root, "unfinished")),
    cleanUp: () => rm(root, { recursive: true }),
  };
});

describeStorage("S3", async () => {
  const location = s3.location();
  const unfinishedFolder = await newFolder();
  return {
    open: () => openS3Storage({ location, keys: s3.keys, unfinishedFolder }),
    unfinished: () => readdir(unfinishedFolder),
    cleanUp: () => rm(unfinishedFolder, { recursive: true }),
  };
});

describe("S3 that fails", () => {
  const timeouts = { answerMs: 300 };
  const open = async () =>
    openS3Storage({ location: s3.location(), keys: s3.keys, unfinishedFolder: await newFolder(), timeouts });
  const key = "a-key-of-an-upload";

  test("while it is down everything is unavailable, and works again by itself", async () => {
    const storage = await open();
    await storage.receive(key, Readable.from([Buffer.from("kept later")]));
    await s3.kill();
    const calls = await Promise.allSettled([storage.keep(key), storage.read(key), storage.size(key)]);
    for (const call of calls) expect(call).toMatchObject({ status: "rejected", reason: { code: "unavailable" } });
    await s3.start();
    await storage.keep(key);
    expect((await buffer(await storage.read(key))).toString()).toBe("kept later");
  });

  test("the check fails while it is down, and works again by itself", async () => {
    const storage = await open();
    await storage.check();
    await s3.kill();
    await expect(storage.check()).rejects.toMatchObject({ code: "unavailable" });
    await s3.start();
    await storage.check();
  });

  test("while it does not answer, requests end as unavailable", async () => {
    const storage = await open();
    s3.pause();
    await expect(storage.size(key)).rejects.toMatchObject({ code: "unavailable" });
    s3.resume();
    await expect(storage.size(key)).resolves.toBeNull();
  });

  test("no error holds the keys or an answer of the store", async () => {
    const storage = await open();
    await s3.kill();
    const error = await storage.size(key).catch((reason: unknown) => reason);
    await s3.start();
    expect(JSON.stringify(error, Object.getOwnPropertyNames(error))).not.toContain(s3.keys.secretKey);
    expect(String((error as Error).cause)).toBe("Error: The S3 storage failed: ECONNREFUSED");
  });
});

describe("a storage that cannot be used stops the start with one sentence", () => {
  async function faultOf(storage: StorageLocation, keys = s3.keys): Promise<string> {
    const { accessKey: s3AccessKeyId, secretKey: s3SecretAccessKey } = keys;
    const config = { ...testConfig({ dataDir: await newFolder() }), storage, s3AccessKeyId, s3SecretAccessKey };
    const error = await openStorage(config).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ name: "StartupError" });
    return (error as Error).message;
  }

  test("wrong credentials", async () => {
    const message = await faultOf(s3.location(), { accessKey: "nobody", secretKey: "a wrong secret" });
    expect(message).toMatch(
      /^The storage s3:\/\/uploads\/test-\d+\/ at 127\.0\.0\.1:\d+ cannot be written to \(HTTP 403 /,
    );
    expect(message).not.toContain("a wrong secret");
  });

  test("a missing bucket", async () => {
    const location = s3.location();
    const elsewhere = { ...location, bucket: "nowhere", url: location.url.replace("/uploads", "/nowhere") };
    expect(await faultOf(elsewhere)).toContain("cannot be written to (HTTP 404 NoSuchBucket)");
  });

  test("a store that is down", async () => {
    const location = { ...s3.location(), url: "http://127.0.0.1:9/uploads" };
    expect(await faultOf(location)).toMatch(/cannot be written to \(.+\)/);
  });

  test("no credentials", async () => {
    const config = { ...testConfig({ dataDir: await newFolder() }), storage: s3.location() };
    await expect(openStorage(config)).rejects.toThrow("needs S3_ACCESS_KEY_ID and S3_SECRET_ACCESS_KEY");
  });

  test("a shared folder that does not exist is not created", async () => {
    const path = join(await newFolder(), "not mounted");
    expect(await faultOf({ kind: "folder", path })).toBe(
      `The folder of uploads ${path} does not exist. Is it mounted?`,
    );
  });

  test("a shared folder that is a file", async () => {
    const path = join(await newFolder(), "file");
    await writeFile(path, "");
    expect(await faultOf({ kind: "folder", path })).toMatch(/cannot be written to \((ENOTDIR|EACCES)\)/);
  });
});

test("the check of a bucket works with keys that may not list it, and fails when they may no longer write", async () => {
  const objects = new Map<string, Buffer>();
  let mayWrite = true;
  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    const name = request.url!;
    const body = await buffer(request);
    const found = objects.get(name);
    if (request.method === "PUT" && mayWrite) objects.set(name, body);
    else if (request.method === "DELETE") objects.delete(name);
    // A store hides from keys that may not list the bucket whether an object exists.
    else if (!found) return void response.writeHead(403).end();
    response.setHeader("etag", '"e"').end(request.method === "GET" ? found : "");
  };
  const store = createServer((request, response) => void answer(request, response));
  await once(store.listen(0, "127.0.0.1"), "listening");
  const { port } = store.address() as AddressInfo;
  const location = { ...s3.location(), url: `http://127.0.0.1:${port}/uploads` };
  try {
    const storage = await openS3Storage({ location, keys: s3.keys, unfinishedFolder: await newFolder() });
    await storage.check();
    expect([...objects.keys()]).toEqual([`/uploads/${location.prefix}health-check`]);
    await storage.check();
    mayWrite = false;
    objects.clear();
    await expect(storage.check()).rejects.toMatchObject({ code: "unavailable" });
  } finally {
    store.close();
    store.closeAllConnections();
  }
});

test("the check of a folder fails once the folder is gone", async () => {
  const root = await newFolder();
  const storage = await openFolderStorage(root, { mayCreate: false });
  await rm(root, { recursive: true });
  await expect(storage.check()).rejects.toMatchObject({ code: "ENOENT" });
});

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

describe("STORAGE", () => {
  const parse = parseStorageLocation;

  test("a folder is named by a file address", () => {
    expect(parse("file:///srv/uploads/")).toEqual({ kind: "folder", path: "/srv/uploads" });
    expect(parse(pathToFileURL("/srv/my files").href)).toEqual({ kind: "folder", path: "/srv/my files" });
  });

  test("a bucket is addressed by path, or by virtual host where asked for", () => {
    const bucket = "s3://files/a/b/?region=eu-1&endpoint=https://s3.example.org:9000/base/";
    const location = { kind: "s3", bucket: "files", prefix: "a/b/", region: "eu-1" };
    expect(parse(bucket)).toEqual({ ...location, url: "https://s3.example.org:9000/base/files" });
    expect(parse(`${bucket}&style=host`)).toEqual({ ...location, url: "https://files.s3.example.org:9000/base" });
  });

  test("without an endpoint a bucket is one of AWS in its region", () => {
    expect(parse("s3://files?region=eu-west-1")).toMatchObject({
      prefix: "",
      url: "https://files.s3.eu-west-1.amazonaws.com",
    });
    expect(parse("s3://files")).toBe("must have an endpoint, or a region of AWS");
  });

  test("wrong values are refused without being repeated", () => {
    const endpoint = "endpoint=https://s3.example.org";
    const wrong = [
      "uploads",
      "https://s3.example.org/files",
      `s3://id:secret@files?${endpoint}`,
      `s3://files/../other files?${endpoint}`,
      `s3://?${endpoint}`,
      `s3://files?${endpoint}&secret=secret`,
      "s3://files?endpoint=https://id:secret@s3.example.org",
      "s3://files?endpoint=ftp://s3.example.org",
      `s3://files?${endpoint}&style=other`,
      "file://host/folder",
    ];
    for (const text of wrong) {
      const fault = parse(text);
      expect(fault, text).toMatch(/^(must|may) /);
      expect(fault).not.toContain("secret@");
    }
  });
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

test(
  "while the bucket is down uploads are refused, a deletion succeeds, and its file is removed later",
  { timeout: 90_000 },
  async () => {
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
  },
);

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
  await vi.waitFor(async () => expect(await stored()).toBe(2));
  clock.leap(600_000);
  await ann.get("/api/auth/me");
  expect(await stored()).toBe(2);
  clock.leap(2 * 3_600_000);
  await vi.waitFor(
    async () => {
      clock.leap(600_000);
      expect(await stored()).toBe(1);
    },
    { timeout: 20_000 },
  );
  await server.cleanup();
});

async function storageKeyOf(server: TestServer, attachmentId: number): Promise<string> {
  const db = new DatabaseSync(join(server.config.dataDir, "miscord.db"), { readOnly: true });
  const row = db.prepare("select storage_key from attachments where id = ?").get(attachmentId);
  db.close();
  return String(row?.["storage_key"]);
}
