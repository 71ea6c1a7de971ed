import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { connect, type AddressInfo, type Socket } from "node:net";
import { afterEach, beforeEach, expect, test } from "vitest";
import { onFinished } from "./on-finished.ts";

let server: Server;
let client: Socket;
let requests: [IncomingMessage, ServerResponse][];
let finished: string[];

beforeEach(async () => {
  requests = [];
  finished = [];
  server = createServer((request, response) => {
    requests.push([request, response]);
    request.resume();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  client = connect((server.address() as AddressInfo).port, "127.0.0.1");
  await once(client, "connect");
});
afterEach(async () => {
  client.destroy();
  await new Promise((resolve) => server.close(resolve));
});

/** Sends requests at once; resolves when all have arrived. */
async function ask(...paths: string[]): Promise<void> {
  client.write(paths.map((path) => `GET ${path} HTTP/1.1\r\nhost: x\r\n\r\n`).join(""));
  await expect.poll(() => requests.length).toBe(paths.length);
}

function watch([request, response]: [IncomingMessage, ServerResponse]): void {
  onFinished(request, response, () => finished.push(request.url ?? ""));
}

test("each request is told of once its answer has left", async () => {
  await ask("/a", "/b");
  requests.forEach(watch);
  requests[0]![1].end("a");
  await expect.poll(() => finished).toEqual(["/a"]);
  requests[1]![1].end("b");
  await expect.poll(() => finished).toEqual(["/a", "/b"]);
});

test("when the connection is lost, also those are told of whose answers wait for another one", async () => {
  await ask("/a", "/b", "/c");
  requests.forEach(watch);
  requests[1]![1].end("b");
  client.destroy();
  await expect.poll(() => finished.toSorted()).toEqual(["/a", "/b", "/c"]);
});

test("a request whose connection was lost before is told of at once, and so is one that has been answered", async () => {
  await ask("/a", "/b");
  requests[0]![1].end("a");
  await once(requests[0]![1], "close");
  watch(requests[0]!);
  expect(finished).toEqual(["/a"]);
  client.destroy();
  const { socket } = requests[1]![0];
  await new Promise((resolve) => socket.once("close", resolve));
  watch(requests[1]!);
  expect(finished).toEqual(["/a", "/b"]);
});

test("a request that has arrived as a whole is told of when its answer has left", async () => {
  await ask("/a");
  await expect.poll(() => requests[0]![0].closed).toBe(true);
  watch(requests[0]!);
  expect(finished).toEqual([]);
  requests[0]![1].end("a");
  await expect.poll(() => finished).toEqual(["/a"]);
});

test("however many ask of a request, one listener waits, and all are told once", async () => {
  await ask("/a");
  const [request, response] = requests[0]!;
  const before = response.listenerCount("close");
  for (let time = 0; time < 20; time += 1) watch([request, response]);
  expect(response.listenerCount("close")).toBe(before + 1);
  response.end("a");
  await expect.poll(() => finished.length).toBe(20);
  watch([request, response]);
  expect(finished).toHaveLength(21);
});
