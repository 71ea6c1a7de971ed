import { request as httpRequest } from "node:http";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { WebhookWithToken } from "@miscord/protocol";
import { longestTurnOf } from "../testing/longest-turn.ts";
import { TestClient } from "../testing/test-client.ts";
import { startTestServer, type TestServer } from "../testing/test-server.ts";

let server: TestServer;
let ann: TestClient;
beforeEach(async () => {
  server = await startTestServer();
  ann = await TestClient.register(server.url, "ann");
});
afterEach(() => server.cleanup());

const file = '--x\r\ncontent-disposition: form-data; name="file"; filename="a"\r\n\r\nall of it';

function post(path: string, body: Buffer, token?: string | null): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const type = { "content-type": "multipart/form-data; boundary=x", "content-length": body.length };
    const headers = { ...type, ...(token && { authorization: `Bearer ${token}` }) };
    const sent = httpRequest(server.url + path, { method: "POST", headers }, (answer) => {
      const chunks: Buffer[] = [];
      answer.on("data", (chunk: Buffer) => chunks.push(chunk));
      answer.on("end", () => resolve({ status: answer.statusCode!, text: Buffer.concat(chunks).toString() }));
    });
    sent.on("error", reject).end(body);
  });
}

/** Milliseconds of the processor, and those of the longest turn. */
async function spentBy(work: () => Promise<unknown>): Promise<{ all: number; longest: number }> {
  const before = process.threadCpuUsage();
  const longest = await longestTurnOf(work());
  const { user, system } = process.threadCpuUsage(before);
  return { all: (user + system) / 1_000, longest };
}

test("a form of hundreds of thousands of parts is read up to the few that may be", async () => {
  const rest = "\r\n--x".repeat(400_000);
  await post("/api/attachments", Buffer.from(`${file}\r\n--x--\r\n`), ann.token);
  const spent = await spentBy(() => post("/api/attachments", Buffer.from(`${file}${rest}--\r\n`), ann.token));
  // It was a second, in turns of a tenth.
  expect(spent.all).toBeLessThan(500);
  expect(spent.longest).toBeLessThan(40);
});

test("the same before the file, and to a webhook, is refused", async () => {
  const { channels } = await ann.createServer();
  const hook = await ann.post<WebhookWithToken>(`/api/channels/${channels[0]!.id}/webhooks`, { name: "Builds" });
  const rest = "\r\n--x".repeat(50_000);
  const before = Buffer.from(`--x${rest}\r\n${file}\r\n--x--\r\n`);
  expect((await post("/api/attachments", before, ann.token)).status).toBe(400);
  const after = Buffer.from(`${file}${rest}--\r\n`);
  expect((await post(`/api/webhooks/${hook.id}/${hook.token}`, after)).status).toBe(400);
});

test("a file comes whole, however its bytes fall into pieces", async () => {
  const content = Buffer.alloc(300_000).map((_, at) => (at * 7919) % 251);
  const body = Buffer.concat([Buffer.from(file), content, Buffer.from("\r\n--x--\r\n")]);
  const { status, text } = await post("/api/attachments", body, ann.token);
  expect(status).toBe(201);
  const { id } = JSON.parse(text) as { id: number };
  const headers = { authorization: `Bearer ${ann.token}` };
  const kept = await (await fetch(`${server.url}/api/attachments/${id}`, { headers })).arrayBuffer();
  expect(Buffer.from(kept).equals(Buffer.concat([Buffer.from("all of it"), content]))).toBe(true);
});
