import { createServer, type Server } from "node:http";
import { connect, type AddressInfo, type Socket } from "node:net";
import { afterEach, expect, test } from "vitest";
import { boundConnections } from "./bound-connections.ts";

let server: Server;
let clients: Socket[] = [];
afterEach(async () => {
  for (const client of clients) client.destroy();
  clients = [];
  await new Promise((resolve) => server.close(resolve));
});

async function open(trustedProxies: string[]): Promise<void> {
  server = createServer();
  boundConnections(server, { maxConnectionsPerAddress: 2, trustedProxies });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
}

/** Whether the server has kept the connection open. */
async function isKept(): Promise<boolean> {
  const client = connect((server.address() as AddressInfo).port, "127.0.0.1");
  clients.push(client);
  client.on("error", () => {});
  const closed = new Promise<boolean>((resolve) => client.once("close", () => resolve(false)));
  await new Promise((resolve) => server.once("connection", resolve));
  return Promise.race([closed, new Promise<boolean>((resolve) => setTimeout(() => resolve(true), 200))]);
}

async function openCount(): Promise<number> {
  return new Promise((resolve, reject) =>
    server.getConnections((error, count) => (error ? reject(error) : resolve(count))),
  );
}

test("an address has two TCP connections for each WebSocket that it may have, until one closes", async () => {
  await open([]);
  for (let i = 0; i < 4; i += 1) expect(await isKept()).toBe(true);
  expect(await isKept()).toBe(false);
  clients[0]!.destroy();
  await expect.poll(openCount).toBe(3);
  expect(await isKept()).toBe(true);
  expect(await isKept()).toBe(false);
});

test("the TCP connections of a trusted proxy are not bounded", async () => {
  await open(["127.0.0.0/8"]);
  for (let i = 0; i < 6; i += 1) expect(await isKept()).toBe(true);
});

test("a request head may take 30 s", async () => {
  await open([]);
  expect(server.headersTimeout).toBe(30_000);
});
