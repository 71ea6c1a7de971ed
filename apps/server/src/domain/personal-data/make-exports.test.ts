import { readdir } from "node:fs/promises";
import { join } from "node:path";
import type { Readable } from "node:stream";
import type { ExportList } from "@miscord/protocol";
import { afterEach, expect, test } from "vitest";
import type { AttachmentStorage } from "../attachments/storage.ts";
import { TestClient } from "../../testing/test-client.ts";
import { startTestServer, type TestServer } from "../../testing/test-server.ts";

let server: TestServer;
afterEach(() => server.cleanup());

test("an export ends, and leaves nothing and no file open, when others fill the disk while it is written", async () => {
  let isExporting = false;
  let isFull = false;
  const read: Readable[] = [];
  const filling = (storage: AttachmentStorage): AttachmentStorage => ({
    ...storage,
    freeBytes: async () => (isFull ? 0 : Number.MAX_SAFE_INTEGER),
    read: async (key, range) => {
      const file = await storage.read(key, range);
      read.push(file);
      return file;
    },
    receive: (key, source) => {
      isFull = isExporting;
      return storage.receive(key, source).finally(() => (isFull = false));
    },
  });
  server = await startTestServer({}, { storage: filling });
  const ann = await TestClient.register(server.url, "ann");
  expect((await ann.upload(Buffer.alloc(9_000_000), "large.bin")).status).toBe(201);
  isExporting = true;
  await ann.post("/api/me/exports");
  const status = async () => (await ann.get<ExportList>("/api/me/exports")).exports[0]!.status;
  await expect.poll(status, { timeout: 30_000, interval: 200 }).toBe("failed");
  const entries = await readdir(join(server.config.dataDir, "uploads"), { recursive: true, withFileTypes: true });
  expect(entries.filter((entry) => entry.isFile())).toHaveLength(1);
  await expect.poll(() => read.map(({ destroyed }) => destroyed)).toEqual([true, true, true]);
});
