import { createSocket, type Socket } from "node:dgram";
import { once } from "node:events";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { FromUnit } from "../../messages.ts";
import { oldOffer } from "../../testing/old-offer.ts";
import { stunRequest } from "../../testing/stun-request.ts";
import { findUdpPort } from "../find-udp-port.ts";
import { ForwardingUnit } from "../forwarding-unit.ts";
import { credentialsOf } from "../reached.ts";

const status = { isHeard: true, hears: true, isSharing: false, isCameraOn: false, isScreenHeard: true };
const soon = { timeout: 60_000, interval: 20 };
/** A client without a connection is noticed by then. */
const patienceMs = 7_500;

let unit: ForwardingUnit | null;
let said: FromUnit[];
let relays: Socket[];
/** Milliseconds that have passed without anybody having waited. */
let skippedMs: number;
let offers: number;

beforeEach(async () => {
  [unit, said, skippedMs, offers] = [null, [], 0, 0];
  const now = performance.now.bind(performance);
  vi.spyOn(performance, "now").mockImplementation(() => now() + skippedMs);
  relays = [];
});
afterEach(() => {
  vi.restoreAllMocks();
  unit?.close();
  for (const relay of relays) relay.close();
});

/** A client of version 1 in a call with the user 1. */
async function enter(turnedPort: number | null): Promise<number> {
  const port = await findUdpPort(0);
  unit = await ForwardingUnit.open({ port, addresses: ["127.0.0.1"], turnedPort }, (message) => said.push(message));
  unit.receive({ kind: "bridge", peer: "old", room: 1, userId: 9, status });
  return port;
}

/** Makes the offer of another connection. Resolves with the answer. */
async function connect(): Promise<string> {
  said = [];
  offers += 1;
  const sdp = oldOffer.replace("a=ice-ufrag:abcd", `a=ice-ufrag:ab${offers}d`);
  unit!.receive({ kind: "signal", peer: "old", userId: 1, type: "offer", sdp });
  await expect.poll(() => said.filter(({ kind }) => kind === "signal"), soon).toHaveLength(1);
  return (said[0] as Extract<FromUnit, { kind: "signal" }>).sdp;
}

const portsOf = (sdp: string) =>
  [...sdp.matchAll(/^a=candidate:\S+ 1 UDP \d+ \S+ (\d+) typ host\r$/gm)].map(([, port]) => Number(port));
const unreached = () => said.filter(({ kind }) => kind === "unreached");

/** The answer to a request that comes from a TURN server, as Chromium makes it when it reaches that over TCP; null for none. */
async function askThroughRelay(sdp: string, port: number, withinMs = soon.timeout): Promise<number | null> {
  const relay = createSocket("udp4");
  relays.push(relay);
  await once(relay.bind(0, "127.0.0.1"), "listening");
  const packet = stunRequest({ ...credentialsOf(sdp), role: "controlling", from: `ab${offers}d` });
  const answer = once(relay, "message").then(([bytes]) => (bytes as Buffer).readUInt16BE(0));
  relay.send(packet, port, "127.0.0.1");
  return Promise.race([answer, new Promise<null>((resolve) => setTimeout(resolve, withinMs, null))]);
}

test("a client without a connection is reported once in a while, and told the other port with each attempt", async () => {
  const port = await enter(0);
  const first = await connect();
  expect([portsOf(first), unreached()]).toEqual([[port], []]);
  skippedMs += patienceMs;
  await expect.poll(unreached, soon).toEqual([{ kind: "unreached", peer: "old" }]);
  const second = await connect();
  const [turnedPort, ...others] = portsOf(second);
  expect([turnedPort === port, others]).toEqual([false, []]);
  // The unit signs for it, and the engine answers with a success.
  expect(await askThroughRelay(second, turnedPort!)).toBe(0x0101);
  // What the client was told before is over.
  expect(await askThroughRelay(first, turnedPort!, 1_000)).toBeNull();
  skippedMs += patienceMs;
  await expect.poll(unreached, soon).toHaveLength(1);
  expect(portsOf(await connect())).toEqual([port]);
});

test("without a TURN server over TCP it is told the same port again", async () => {
  const port = await enter(null);
  await connect();
  skippedMs += patienceMs;
  await expect.poll(unreached, soon).toHaveLength(1);
  expect(portsOf(await connect())).toEqual([port]);
});

test("whoever has nobody to connect to is not reported", async () => {
  await enter(null);
  await connect();
  unit!.receive({ kind: "parted", peer: "old", userId: 1 });
  skippedMs += 10 * patienceMs;
  await new Promise((resolve) => setTimeout(resolve, 1_100));
  expect(unreached()).toEqual([]);
});
