import { createSocket, type Socket } from "node:dgram";
import { lookup } from "node:dns/promises";
import { once } from "node:events";
import { afterEach, beforeEach, expect, test } from "vitest";
import { publicAddresses } from "./address-rules.ts";
import { resolveName } from "./resolve-name.ts";

/** Records by the type of the question; a question of another type gets no answer at all. */
const records = new Map<number, Buffer>();
const [a, aaaa] = [1, 28];

let socket: Socket;

beforeEach(async () => {
  records.clear();
  socket = createSocket("udp4", (question, { port }) => {
    const type = question.readUInt16BE(question.indexOf(0, 12) + 1);
    const data = records.get(type);
    if (data) socket.send(answerTo(question, type, data), port);
  });
  socket.bind(0, "127.0.0.1");
  await once(socket, "listening");
});
afterEach(() => void socket.close());

const servers = () => [`127.0.0.1:${socket.address().port}`];

/** One record, or none for empty data. */
function answerTo(question: Buffer, type: number, data: Buffer): Buffer {
  const asked = question.subarray(12, question.indexOf(0, 12) + 5);
  const count = data.length === 0 ? 0 : 1;
  const head = Buffer.from([question[0]!, question[1]!, 0x81, 0x80, 0, 1, 0, count, 0, 0, 0, 0]);
  const record = Buffer.from([0xc0, 12, 0, type, 0, 1, 0, 0, 0, 60, 0, data.length]);
  return Buffer.concat([head, asked, ...(count === 0 ? [] : [record, data])]);
}

test("a name has the addresses of both families", async () => {
  records.set(a, Buffer.from([192, 0, 2, 1]));
  records.set(aaaa, Buffer.from("20010db8000000000000000000000001", "hex"));
  expect(await resolveName("site.example", servers())).toEqual([
    { address: "192.0.2.1", family: 4 },
    { address: "2001:db8::1", family: 6 },
  ]);
  records.set(aaaa, Buffer.alloc(0));
  expect(await resolveName("four.example", servers())).toEqual([{ address: "192.0.2.1", family: 4 }]);
});

test("names whose servers never answer are given up, and hold up no other name", async () => {
  const start = performance.now();
  const silent = Array.from({ length: 20 }, (_, number) => resolveName(`${number}.example`, servers()));
  const given = Promise.allSettled(silent);
  const first = await Promise.race([lookup("localhost").then(() => "localhost"), given.then(() => "the silent ones")]);
  expect(first).toBe("localhost");
  expect((await given).every(({ status }) => status === "rejected")).toBe(true);
  // Three times what a name is given.
  expect(performance.now() - start).toBeLessThan(9_000);
});

test("public addresses are found in this way", () => {
  expect(publicAddresses).toMatchObject({ resolve: resolveName });
});
