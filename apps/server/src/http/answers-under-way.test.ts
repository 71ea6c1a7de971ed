import { once } from "node:events";
import { createServer, get, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, expect, test } from "vitest";
import { AnswersUnderWay } from "./answers-under-way.ts";

let server: Server;
let exchanges: { request: IncomingMessage; response: ServerResponse }[];
let answers: AnswersUnderWay;

beforeEach(async () => {
  exchanges = [];
  answers = new AnswersUnderWay();
  server = createServer((request, response) => void exchanges.push({ request, response }));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
});
afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

async function exchange() {
  const before = exchanges.length;
  get({ port: (server.address() as AddressInfo).port, host: "127.0.0.1" }, (answer) => answer.resume()).on(
    "error",
    () => {},
  );
  await expect.poll(() => exchanges.length).toBe(before + 1);
  return exchanges[before]!;
}

const large = "x".repeat(5 * 1024 * 1024);
const refused = expect.objectContaining({ code: "rate_limited" });

test("so much is on its way to one user, who gets more once it has left, and others are none the worse", async () => {
  const three = [await exchange(), await exchange(), await exchange()];
  for (const one of three) answers.add(1, large, one);
  expect(() => answers.add(1, large, exchanges[0]!)).toThrow(refused);
  answers.add(1, "short", exchanges[0]!);
  answers.add(2, large, await exchange());
  three[0]!.response.end(large);
  await once(three[0]!.response, "close");
  answers.add(1, large, await exchange());
  expect(() => answers.add(1, large, exchanges[0]!)).toThrow(refused);
  // A connection that is lost holds nothing.
  three[1]!.request.socket.destroy();
  await once(three[1]!.request.socket, "close");
  answers.add(1, large, await exchange());
});

test("who is sent nothing else gets any answer, also when others hold very much", async () => {
  const whole = "x".repeat(64 * 1024 * 1024);
  for (let userId = 1; userId <= 5; userId += 1) answers.add(userId, whole, await exchange());
  expect(() => answers.add(1, large, exchanges[0]!)).toThrow(refused);
  answers.add(6, large, await exchange());
  expect(() => answers.add(6, large, exchanges[0]!)).toThrow(refused);
});

test("answers that have been leaving for long give way when there is too much of all users", async () => {
  const patienceMs = 2_000;
  answers = new AnswersUnderWay(patienceMs);
  const whole = "x".repeat(64 * 1024 * 1024);
  const held = [];
  for (let userId = 1; userId <= 5; userId += 1) {
    held.push(await exchange());
    answers.add(userId, whole, held.at(-1)!);
  }
  // All are new.
  expect(held.filter(({ request }) => request.socket.destroyed)).toHaveLength(0);
  await new Promise((resolve) => setTimeout(resolve, patienceMs + 100));
  for (const userId of [6, 7]) answers.add(userId, large, await exchange());
  expect(held.map(({ request }) => request.socket.destroyed)).toEqual([true, true, false, false, false]);
  await once(held[1]!.request.socket, "close");
  // There is room again: nobody else has to go.
  answers.add(8, large, await exchange());
  expect(held.map(({ request }) => request.socket.destroyed)).toEqual([true, true, false, false, false]);
});
