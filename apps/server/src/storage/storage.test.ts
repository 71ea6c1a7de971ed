import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { eventually } from "../testing/eventually.ts";
import { startS3, type TestS3 } from "../testing/s3.ts";
import { testConfig } from "../testing/test-server.ts";
import { describeStorage } from "./conformance.ts";
import { openFolderStorage } from "./folder-storage.ts";
import { type StorageLocation } from "./location.ts";
import { openStorage } from "./open-storage.ts";
import type { S3Timeouts } from "./s3-requests.ts";
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
  const open = async (timeouts?: S3Timeouts) =>
    openS3Storage({
      location: s3.location(),
      keys: s3.keys,
      unfinishedFolder: await newFolder(),
      ...(timeouts && { timeouts }),
    });
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
    const storage = await open({ answerMs: 300 });
    s3.pause();
    await expect(storage.size(key)).rejects.toMatchObject({ code: "unavailable" });
    s3.resume();
    // On a busy machine it may take longer than that to answer.
    await eventually(() => expect(storage.size(key)).resolves.toBeNull());
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

describe("a store that answers otherwise than it is asked", () => {
  const content = Buffer.from("0123456789");
  /** Objects of one content; `send` answers what reads them. */
  async function openTo(send: (response: ServerResponse) => void) {
    let written = content;
    const answer = async (request: IncomingMessage, response: ServerResponse) => {
      const body = await buffer(request);
      if (request.method === "PUT") written = body;
      response.setHeader("etag", '"e"');
      if (request.method === "GET" && written === content) send(response);
      else response.end(request.method === "GET" ? written : "");
      if (request.method === "DELETE") written = content;
    };
    const store = createServer((request, response) => void answer(request, response));
    await once(store.listen(0, "127.0.0.1"), "listening");
    const { port } = store.address() as AddressInfo;
    const location = { ...s3.location(), url: `http://127.0.0.1:${port}/uploads` };
    const storage = await openS3Storage({ location, keys: s3.keys, unfinishedFolder: await newFolder() });
    const close = () => (store.close(), store.closeAllConnections());
    return { storage, [Symbol.dispose]: close };
  }
  const key = "a-key-of-an-upload";

  test("with the whole object in place of a range: no byte too many, and no wrong ones", async () => {
    using opened = await openTo((response) => void response.writeHead(200).end(content));
    const { storage } = opened;
    expect((await buffer(await storage.read(key, { start: 0, end: 3 }))).toString()).toBe("0123");
    await expect(storage.read(key, { start: 2, end: 5 })).rejects.toMatchObject({ code: "unavailable" });
  });

  test("with more than the range", async () => {
    using opened = await openTo((response) => void response.writeHead(206).end(content));
    const { storage } = opened;
    expect((await buffer(await storage.read(key, { start: 2, end: 5 }))).toString()).toBe("0123");
  });

  test("with much, of which nobody reads anything: the transfer ends with the reader", async () => {
    let isClosed = false;
    using opened = await openTo((response) => {
      response.on("close", () => (isClosed = true));
      response.writeHead(200, { "content-length": 1e9 }).write(Buffer.alloc(100_000));
    });
    const { storage } = opened;
    const reader = await storage.read(key);
    reader.destroy();
    await eventually(() => expect(isClosed).toBe(true));
  });
});

test("the check of a folder fails once the folder is gone", async () => {
  const root = await newFolder();
  const storage = await openFolderStorage(root, { mayCreate: false });
  await rm(root, { recursive: true });
  await expect(storage.check()).rejects.toMatchObject({ code: "ENOENT" });
});
