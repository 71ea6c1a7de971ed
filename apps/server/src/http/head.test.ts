import { Readable } from "node:stream";
import Fastify from "fastify";
import { afterEach, expect, test } from "vitest";
import type { AttachmentStorage } from "../domain/attachments/storage.ts";
import { TestClient } from "../testing/test-client.ts";
import { startTestServer, type TestServer } from "../testing/test-server.ts";
import { leaveBodiesOfHeadUnread } from "./head.ts";

let server: TestServer | null = null;
afterEach(() => server?.cleanup());

test("an answer to HEAD reads nothing of what would be its body", async () => {
  const app = Fastify();
  leaveBodiesOfHeadUnread(app);
  let read = 0;
  const file = new Readable({
    read() {
      read += 1;
      this.push(read > 100 ? null : Buffer.alloc(65_536));
    },
  });
  app.get("/file", async (_request, reply) => reply.header("content-length", 6_553_600).send(file));
  const answer = await app.inject({ method: "HEAD", url: "/file" });
  expect([answer.statusCode, answer.headers["content-length"], answer.rawPayload.length]).toEqual([200, "6553600", 0]);
  expect(file.destroyed).toBe(true);
  expect(read).toBe(0);
  await app.close();
});

test("HEAD of a picture opens no file", async () => {
  let reads = 0;
  const counted = (storage: AttachmentStorage): AttachmentStorage => ({
    ...storage,
    read(key, range) {
      reads += 1;
      return storage.read(key, range);
    },
  });
  server = await startTestServer({}, { storage: counted });
  const ann = await TestClient.register(server.url, "ann");
  const picture = Buffer.from(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
    "base64",
  );
  const put = await fetch(`${server.url}/api/auth/me/picture`, {
    method: "PUT",
    headers: { authorization: `Bearer ${ann.token}`, "content-type": "image/png" },
    body: picture,
  });
  const { avatar_url: url } = (await put.json()) as { avatar_url: string };
  const path = new URL(url, server.url).pathname;
  const whole = await fetch(server.url + path);
  const size = (await whole.arrayBuffer()).byteLength;
  reads = 0;
  const head = await fetch(server.url + path, { method: "HEAD" });
  expect([head.status, Number(head.headers.get("content-length"))]).toEqual([200, size]);
  expect(reads).toBe(0);
});
