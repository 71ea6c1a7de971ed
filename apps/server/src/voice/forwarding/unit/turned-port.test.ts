import { createSocket, Socket } from "node:dgram";
import { once } from "node:events";
import { crc32 } from "node:zlib";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { stunRequest } from "../testing/stun-request.ts";
import { hasTiebreaker, isSignedWith, readBindingRequest } from "./stun.ts";
import { TurnedPort } from "./turned-port.ts";

const password = "the password of the offer";

let unit: Socket;
let relay: Socket;
let turned: TurnedPort;
/** On which the port receives. */
let turnedSocket: Socket;
/** Of connections that are there. */
let ufrags: string[];
let arrived: Buffer[];

async function openSocket(): Promise<Socket> {
  const socket = createSocket("udp4");
  await once(socket.bind(0, "127.0.0.1"), "listening");
  return socket;
}

beforeEach(async () => {
  [unit, relay] = [await openSocket(), await openSocket()];
  arrived = [];
  unit.on("message", (packet) => arrived.push(packet));
  ufrags = ["unit"];
  const passwordOf = (ufrag: string) => (ufrags.includes(ufrag) ? password : undefined);
  const bind = vi.spyOn(Socket.prototype, "bind");
  turned = await TurnedPort.open({ port: 0, unitPort: unit.address().port, passwordOf });
  turnedSocket = bind.mock.contexts[0] as Socket;
  bind.mockRestore();
});
afterEach(() => {
  turned.close();
  unit.close();
  relay.close();
});

const request = ({ tiebreaker = 0n, ufrag = "unit", signedWith = password } = {}): Buffer =>
  stunRequest({ ufrag, password: signedWith, tiebreaker });

function send(packet: Buffer, from: Socket = relay): void {
  from.send(packet, turned.port, "127.0.0.1");
}

test("a request without a tiebreaker gets one and a right signature, and what follows goes both ways", async () => {
  send(request());
  const [packet, from] = (await once(unit, "message")) as [Buffer, { port: number }];
  const read = readBindingRequest(packet)!;
  expect([hasTiebreaker(packet, read), isSignedWith(password, packet, read)]).toEqual([true, true]);
  expect(packet.subarray(0, read.integrityAt - 4).length).toBe(request().indexOf(Buffer.from([0, 8, 0, 20])));
  const checksum = (crc32(packet.subarray(0, read.fingerprintAt - 4)) ^ 0x5354554e) >>> 0;
  expect(packet.readUInt32BE(read.fingerprintAt)).toBe(checksum);

  unit.send("answer", from.port, "127.0.0.1");
  expect(String((await once(relay, "message"))[0])).toBe("answer");
  send(Buffer.from("media"));
  expect(String((await once(unit, "message"))[0])).toBe("media");
});

test("nothing else opens a way: other participants, other passwords, other packets", async () => {
  const stranger = await openSocket();
  send(request({ tiebreaker: 5n }), stranger);
  send(request({ signedWith: "another" }), stranger);
  send(request({ ufrag: "nobody" }), stranger);
  send(request().subarray(0, 40), stranger);
  for (const size of [0, 1, 19, 20, 24]) send(Buffer.alloc(size, 1), stranger);
  send(Buffer.from("media"), stranger);
  stranger.close();
  send(request());
  await once(unit, "message");
  expect(arrived).toHaveLength(1);
});

test("one participant has at most eight ways", async () => {
  const relays = await Promise.all(Array.from({ length: 9 }, openSocket));
  for (const one of relays) {
    send(request(), one);
    if (one !== relays.at(-1)) await once(unit, "message");
  }
  send(Buffer.from("over the first"), relays[0]);
  expect(String((await once(unit, "message"))[0])).toBe("over the first");
  expect(arrived).toHaveLength(9);
  for (const one of relays) one.close();
});

test("a participant who claims the port 0 has no way, since nothing can be sent there", async () => {
  unit.on("message", (_, { port }) => unit.send("answer", port, "127.0.0.1"));
  turnedSocket.emit("message", request(), { address: "127.0.0.1", family: "IPv4", port: 0, size: request().length });
  send(request());
  expect(String((await once(relay, "message"))[0])).toBe("answer");
  expect(arrived).toHaveLength(1);
});

test("only the unit reaches a participant over a way", async () => {
  send(request());
  const [, from] = (await once(unit, "message")) as [Buffer, { port: number }];
  const stranger = await openSocket();
  stranger.send("not from the unit", from.port, "127.0.0.1", () => unit.send("answer", from.port, "127.0.0.1"));
  expect(String((await once(relay, "message"))[0])).toBe("answer");
  stranger.close();
});

test("the ways of connections that are gone make room", async () => {
  const relays = await Promise.all(Array.from({ length: 201 }, openSocket));
  for (const [index, one] of relays.entries()) {
    const ufrag = `u${Math.floor(index / 8)}`;
    ufrags = index < 200 ? [...ufrags, ufrag] : [ufrag];
    send(request({ ufrag }), one);
    await once(unit, "message");
  }
  expect(arrived).toHaveLength(201);
  for (const one of relays) one.close();
});
