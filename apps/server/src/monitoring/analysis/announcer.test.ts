import { once } from "node:events";
import { createServer, type IncomingHttpHeaders, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, expect, test } from "vitest";
import { webhookSink } from "./announcer.ts";

let server: Server;
afterEach(() => void server.close());

/** Where alerts arrive, with the headers and paths of those that did. */
async function listen() {
  const arrived: { path: string | undefined; headers: IncomingHttpHeaders }[] = [];
  server = createServer((request, response) => {
    arrived.push({ path: request.url, headers: request.headers });
    request.resume();
    response.end();
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  return { arrived, port: (server.address() as AddressInfo).port };
}

const digest = { event: "digest", at: "2026-11-30T00:00:00.000Z", incidents: [] } as const;

test("a webhook's user and password are sent as such, and what cannot be read as they are", async () => {
  const { arrived, port } = await listen();
  await webhookSink(`http://alerts:p%40ss%25@127.0.0.1:${port}/hook?a=b`).send(digest, "");
  await webhookSink(`http://alerts:100%@127.0.0.1:${port}/hook`).send(digest, "");
  await webhookSink(`http://127.0.0.1:${port}/plain`).send(digest, "");
  const [first, second, third] = arrived;
  expect(first!.path).toBe("/hook?a=b");
  const basic = (user: string) => `Basic ${Buffer.from(user).toString("base64")}`;
  expect(arrived.map(({ headers }) => headers.authorization)).toEqual([
    basic("alerts:p@ss%"),
    basic("alerts:100%"),
    undefined,
  ]);
  expect([second!.path, third!.path]).toEqual(["/hook", "/plain"]);
});

test("an alert that fails names neither the user nor the password, which its error is logged with", async () => {
  const { port } = await listen();
  server.close();
  const failure = await webhookSink(`http://watcher:hidden-word@127.0.0.1:${port}/hook`)
    .send(digest, "")
    .catch((error: Error) => error);
  expect(failure).toBeInstanceOf(Error);
  expect(`${(failure as Error).stack} ${String((failure as Error).cause)}`).not.toMatch(/watcher|hidden-word/);
});
