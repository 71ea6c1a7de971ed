import { once } from "node:events";
import { Agent, type IncomingMessage, request as httpRequest } from "node:http";
import { connect, type Socket } from "node:net";
import { afterEach, expect, test } from "vitest";
import type { Config } from "../config.ts";
import { TestClient } from "../testing/test-client.ts";
import { startTestServer, type TestServer } from "../testing/test-server.ts";

let server: TestServer;
const sockets: Socket[] = [];
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  await server.cleanup();
});

const start = async (changes: Partial<Config>) => void (server = await startTestServer(changes));

const restartWith = (changes: Partial<Config>) =>
  server.stop().then(() => start({ ...changes, dataDir: server.config.dataDir }));

/** The token of somebody who came before the server had these settings: on a busy machine that may take longer. */
async function startWithAnn(changes: Partial<Config>): Promise<string> {
  await start({});
  const { token } = await TestClient.register(server.url, "ann");
  await restartWith(changes);
  return token!;
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

async function open(): Promise<Socket> {
  const socket = connect(server.port, "127.0.0.1");
  sockets.push(socket);
  socket.on("error", () => {});
  await once(socket, "connect");
  return socket;
}

interface SlowRequest {
  path?: string;
  token?: string;
  length?: number;
  type?: string;
}

/** Sends a head and waits for nothing: its body is the caller's to send. */
async function begin({
  path = "/api/auth/login",
  token,
  length = 50_000,
  type = "application/json",
}: SlowRequest = {}) {
  const socket = await open();
  const head = ["POST", path, "HTTP/1.1"].join(" ");
  const authorization = token === undefined ? "" : `authorization: Bearer ${token}\r\n`;
  socket.write(
    `${head}\r\nhost: localhost\r\ncontent-type: ${type}\r\ncontent-length: ${length}\r\n${authorization}\r\n`,
  );
  return socket;
}

const isClosed = (socket: Socket) => socket.destroyed || socket.readableEnded;

/** Sends a byte of each now and then, until all are closed. */
async function trickle(open: readonly Socket[]): Promise<void> {
  const end = Date.now() + 60_000;
  for (const socket of open) socket.resume();
  while (Date.now() < end && !open.every(isClosed)) {
    for (const socket of open) if (!isClosed(socket)) socket.write("x");
    await pause(50);
  }
}

test("200 anonymous requests whose bodies trickle in are closed after the limit", async () => {
  await start({ bodyTimeoutMs: 500 });
  const paths = ["/api/auth/login", "/api/attachments", "/api/servers", "/nowhere"];
  const slow = await Promise.all(Array.from({ length: 200 }, (_, index) => begin({ path: paths[index % 4]! })));
  await trickle(slow);
  expect(slow.filter((socket) => !isClosed(socket))).toHaveLength(0);
});

test("a request whose body does not come is answered, so that no load balancer takes the node for one that fails", async () => {
  await start({ bodyTimeoutMs: 500 });
  for (const path of ["/api/auth/login", "/nowhere"]) {
    const socket = await begin({ path });
    let answer = "";
    socket.on("data", (data: Buffer) => (answer += data.toString("latin1")));
    await once(socket, "close");
    expect(answer, path).toMatch(/^HTTP\/1\.1 (408|404) /);
  }
});

test("a request whose head never ends is closed after the limit", async () => {
  await start({ bodyTimeoutMs: 500 });
  const socket = await open();
  socket.write("GET / HTTP/1.1\r\n");
  await trickle([socket]);
  expect(isClosed(socket)).toBe(true);
});

test("an authenticated request other than an upload is closed after the limit", async () => {
  const token = await startWithAnn({ bodyTimeoutMs: 500 });
  const socket = await begin({ path: "/api/servers", token });
  await trickle([socket]);
  expect(isClosed(socket)).toBe(true);
});

const formHead = Buffer.from(
  '--x\r\ncontent-disposition: form-data; name="file"; filename="a.bin"\r\ncontent-type: application/octet-stream\r\n\r\n',
);
const formEnd = Buffer.from("\r\n--x--\r\n");
const form = { path: "/api/attachments", type: "multipart/form-data; boundary=x" };

test("an upload that moves slowly goes on beyond the limit", async () => {
  const token = await startWithAnn({ bodyTimeoutMs: 2_000 });
  const pieces = 30;
  const length = formHead.length + pieces * 20_000 + formEnd.length;
  const socket = await begin({ ...form, token, length });
  let answer = "";
  socket.on("data", (data: Buffer) => (answer += data.toString("latin1")));
  socket.write(formHead);
  const startedAt = Date.now();
  for (let piece = 0; piece < pieces; piece += 1) {
    socket.write(Buffer.alloc(20_000, piece));
    await pause(100);
  }
  expect(Date.now() - startedAt).toBeGreaterThan(2_500);
  socket.write(formEnd);
  while (!answer.includes("}") && !isClosed(socket)) await pause(20);
  expect(answer).toMatch(/^HTTP\/1\.1 201/);
  expect(answer).toContain('"size":600000');
});

test("an upload that brings almost nothing is closed", async () => {
  const token = await startWithAnn({ bodyTimeoutMs: 500 });
  const socket = await begin({ ...form, token });
  socket.write(formHead);
  await trickle([socket]);
  expect(isClosed(socket)).toBe(true);
});

test("a client that does not read its answer is closed after four times the limit", async () => {
  await start({});
  const ann = await TestClient.register(server.url, "ann");
  const { id } = (await ann.upload(Buffer.alloc(24_000_000), "large.bin")).body;
  // The upload itself may take longer.
  await restartWith({ bodyTimeoutMs: 250 });
  const socket = await open();
  socket.pause();
  socket.write(`GET /api/attachments/${id} HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer ${ann.token}\r\n\r\n`);
  await pause(3_000);
  socket.resume();
  let bytes = 0;
  socket.on("data", (data: Buffer) => (bytes += data.length));
  await expect.poll(() => isClosed(socket)).toBe(true);
  expect(bytes).toBeLessThan(24_000_000);
});

test("an address has a bound of requests that run at the same time, and gets its place back", async () => {
  await start({ maxRequestsPerAddress: 5 });
  const instance = () => new TestClient(server.url).request("GET", "/api/instance");
  const running = await Promise.all(Array.from({ length: 5 }, () => begin()));
  await expect.poll(async () => (await instance()).status).toBe(429);
  // Answered, but its body is still on its way.
  running[0]!.destroy();
  await expect.poll(async () => (await instance()).status).toBe(200);
  expect((await instance()).status).toBe(200);
});

test("requests that are refused before their body has arrived give their place back, on one connection", async () => {
  await start({ maxRequestsPerAddress: 3 });
  const warnings: Error[] = [];
  const onWarning = (warning: Error) => void warnings.push(warning);
  process.on("warning", onWarning);
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const post = async () => {
    const headers = { "content-type": "application/json", "content-length": 200_000 };
    const request = httpRequest(`${server.url}/api/servers`, { agent, method: "POST", headers });
    request.write(Buffer.alloc(50_000, 32));
    const [answer] = (await once(request, "response")) as [IncomingMessage];
    request.end(Buffer.alloc(150_000, 32));
    answer.resume();
    await once(answer, "end");
    return answer.statusCode;
  };
  for (let time = 0; time < 15; time += 1) expect(await post()).toBe(401);
  process.off("warning", onWarning);
  agent.destroy();
  expect(warnings).toEqual([]);
});

test("an address has a bound of connections, also of those that ask nothing", async () => {
  await start({ maxRequestsPerAddress: 5, maxConnectionsPerAddress: 5 });
  const idle = await Promise.all(Array.from({ length: 12 }, open));
  for (const socket of idle) socket.resume();
  await expect.poll(() => idle.filter(isClosed).length).toBe(2);
});
