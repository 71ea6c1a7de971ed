import { once } from "node:events";
import { request as httpRequest, type ClientRequest, type IncomingMessage } from "node:http";
import { afterAll, beforeAll, expect, test } from "vitest";
import { TestClient } from "../testing/test-client.ts";
import { startTestServer, type TestServer } from "../testing/test-server.ts";

const path = "/api/auth/me/picture";
const picture = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
  "base64",
);
let server: TestServer;
let slow: TestClient[];
let ann: TestClient;
const open: ClientRequest[] = [];
const answers: number[] = [];

beforeAll(async () => {
  server = await startTestServer({ maxRequestsPerAddress: 200 });
  slow = await Promise.all(Array.from({ length: 11 }, (_, index) => TestClient.register(server.url, `slow${index}`)));
  ann = await TestClient.register(server.url, "ann");
});
afterAll(async () => {
  for (const request of open) request.destroy();
  await server.cleanup();
});

/** Announces a large picture and sends its beginning. */
async function begin({ token }: TestClient): Promise<void> {
  const headers = {
    authorization: `Bearer ${token}`,
    "content-type": "image/png",
    "content-length": "8000000",
  };
  const request = httpRequest(server.url + path, { method: "PUT", headers });
  request.on("error", () => {});
  request.on("response", (answer: IncomingMessage) => {
    answers.push(answer.statusCode ?? 0);
    answer.resume();
  });
  open.push(request);
  request.write(picture);
  await once(request, "socket");
}

async function upload({ token }: TestClient): Promise<number> {
  const headers = { authorization: `Bearer ${token}`, "content-type": "image/png" };
  return (await fetch(server.url + path, { method: "PUT", headers, body: new Uint8Array(picture) })).status;
}

test("few who send their pictures slowly take all places, and give way to whoever has none", async () => {
  for (const client of slow) for (let count = 0; count < 3; count += 1) await begin(client);
  // The last of them had no place left.
  await expect.poll(() => answers).toEqual([429]);
  expect(await upload(ann)).toBe(200);
  await expect.poll(() => answers).toEqual([429, 408]);
  // There is room for one now, and no more than that was taken from them.
  await begin(slow[0]!);
  await begin(slow[1]!);
  await expect.poll(() => answers.toSorted((one, other) => one - other)).toEqual([408, 429, 429]);
  expect(await upload(ann)).toBe(200);
});
