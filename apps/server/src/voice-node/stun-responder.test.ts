import { createSocket, type Socket } from "node:dgram";
import { once } from "node:events";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openStunResponder } from "./stun-responder.ts";

let responder: Socket;
let client: Socket;

beforeEach(async () => {
  responder = await openStunResponder({ port: 0, host: "127.0.0.1" });
  client = createSocket("udp4").bind(0, "127.0.0.1");
  await once(client, "listening");
});
afterEach(() => {
  responder.close();
  client.close();
});

const id = Buffer.from("0123456789ab");
const cookie = Buffer.from([0x21, 0x12, 0xa4, 0x42]);
const request = (type = 1, mark = cookie) => Buffer.concat([Buffer.from([0, type, 0, 0]), mark, id]);

async function ask(...packets: Buffer[]): Promise<Buffer> {
  const answered = once(client, "message") as Promise<[Buffer]>;
  for (const packet of packets) client.send(packet, responder.address().port, "127.0.0.1");
  return (await answered)[0];
}

test("a request is answered with the address that it came from", async () => {
  const answer = await ask(request());
  expect(answer.subarray(0, 8)).toEqual(Buffer.concat([Buffer.from([1, 1, 0, 12]), cookie]));
  expect(answer.subarray(8, 20)).toEqual(id);
  expect([...answer.subarray(20, 26)]).toEqual([0, 0x20, 0, 8, 0, 1]);
  expect(answer.readUInt16BE(26) ^ 0x2112).toBe(client.address().port);
  expect([...answer.subarray(28)].map((byte, at) => byte ^ cookie[at]!)).toEqual([127, 0, 0, 1]);
});

test("what is no request gets no answer", async () => {
  const others = [Buffer.alloc(0), Buffer.alloc(19, 1), request(2), request(1, Buffer.alloc(4))];
  const answer = await ask(...others, request());
  expect(answer.subarray(8, 20)).toEqual(id);
  const more: Buffer[] = [];
  client.on("message", (packet) => more.push(packet));
  await ask(request());
  expect(more).toHaveLength(1);
});
