import { once } from "node:events";
import { connect, type AddressInfo, type Socket } from "node:net";
import { Readable } from "node:stream";
import Fastify, { type FastifyInstance } from "fastify";
import { afterEach, expect, test } from "vitest";
import { UnreadFiles } from "./unread-files.ts";

const fileBytes = 32 * 1024 * 1024;
const stillMs = 100;
let app: FastifyInstance;
const sockets: Socket[] = [];
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  await app.close();
});

async function start(most: number, settings = { stillMs }): Promise<void> {
  app = Fastify({ forceCloseConnections: true });
  new UnreadFiles({ most, ...settings }).watch(app);
  app.get("/file", async (_request, reply) => {
    const piece = Buffer.alloc(65_536);
    return reply.send(Readable.from(Array.from({ length: fileBytes / piece.length }, () => piece)));
  });
  app.get("/text", async () => "text");
  await app.listen({ port: 0, host: "127.0.0.1" });
}

interface Asked {
  readonly socket: Socket;
  bytes: number;
}

/** Reads nothing of the answer until it is resumed. */
async function ask(path = "/file"): Promise<Asked> {
  const socket = connect((app.server.address() as AddressInfo).port, "127.0.0.1");
  sockets.push(socket);
  const asked = { socket, bytes: 0 };
  socket.on("error", () => {});
  await once(socket, "connect");
  socket.on("data", (data: Buffer) => (asked.bytes += data.length));
  socket.pause();
  socket.write(`GET ${path} HTTP/1.1\r\nhost: x\r\n\r\n`);
  return asked;
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const open = () => new Promise<number>((resolve) => void app.server.getConnections((_, count) => resolve(count)));

/** Several that are not read, long enough ago. */
async function unread(count: number): Promise<Asked[]> {
  const all = await Promise.all(Array.from({ length: count }, () => ask()));
  await expect.poll(() => all.every(({ socket }) => socket.bytesRead > 0)).toBe(true);
  await pause(2 * stillMs);
  return all;
}

test("files that nobody reads have a bound, and give way to those who read theirs", async () => {
  await start(5);
  await unread(5);
  await unread(5);
  await expect.poll(open).toBe(5);
  const reader = await ask();
  reader.socket.resume();
  await expect.poll(() => reader.bytes, { timeout: 10_000 }).toBeGreaterThan(fileBytes);
  expect(reader.socket.destroyed).toBe(false);
});

test("a slow reader keeps theirs, however many others ask for files and read nothing", async () => {
  await start(5);
  const reader = await ask();
  const timer = setInterval(() => {
    reader.socket.resume();
    setImmediate(() => reader.socket.pause());
  }, 10);
  for (let round = 0; round < 4; round += 1) await unread(5);
  clearInterval(timer);
  reader.socket.resume();
  await expect.poll(() => reader.bytes, { timeout: 10_000 }).toBeGreaterThan(fileBytes);
});

test("as many as come at once are left alone for a moment, up to four times the bound", async () => {
  await start(5, { stillMs: 60_000 });
  await Promise.all(Array.from({ length: 15 }, () => ask()));
  await expect.poll(() => sockets.filter(({ bytesRead }) => bytesRead > 0).length).toBe(15);
  expect(await open()).toBe(15);
  await Promise.all(Array.from({ length: 15 }, () => ask()));
  await expect.poll(open).toBe(20);
});

test("what is no file is none of its business", async () => {
  await start(1);
  await unread(1);
  const texts = await Promise.all(Array.from({ length: 5 }, () => ask("/text")));
  for (const { socket } of texts) socket.resume();
  await expect.poll(() => texts.every(({ bytes }) => bytes > 0)).toBe(true);
  expect(await open()).toBe(6);
});
