import { setTimeout } from "node:timers/promises";
import { afterEach, beforeEach, expect, test } from "vitest";
import { systemClock } from "../../clock.ts";
import type { MediaStatus } from "../media.ts";
import type { MediaSeat } from "../routing.ts";
import { createForwarding, type Forwarding } from "./forwarding.ts";
import { BridgedParticipant, oldLevelId, oldOpus } from "./testing/bridged-participant.ts";
import { payloadOf, RtpParticipant } from "./testing/rtp-participant.ts";

const soon = { timeout: 60_000, interval: 20 };
const free: MediaStatus = { isHeard: true, hears: true, isSharing: false, isCameraOn: false, isScreenHeard: true };
const byNumber = (one: number, other: number) => one - other;

let forwarding: Forwarding;
let open: { close(): void }[];
let failures: string[];

beforeEach(() => {
  [open, failures] = [[], []];
  const settings = {
    forwardsVoice: true,
    voicePort: 0,
    voiceAddresses: ["127.0.0.1"],
    publicUrl: undefined,
    turnUrls: [],
  };
  forwarding = createForwarding({ clock: systemClock, settings, onFailure: (error) => failures.push(String(error)) });
});
afterEach(() => {
  for (const one of open) one.close();
  forwarding.close();
});

/** A participant with the current client. */
class Current {
  readonly seat: MediaSeat;
  readonly packets: Buffer[] = [];
  tracks: Record<string, { userId: number; kind: string }> = {};
  isMixedWanted = false;
  isScreenWanted = false;
  rtp: RtpParticipant | null = null;
  readonly #userId: number;

  constructor(userId: number) {
    this.#userId = userId;
    this.seat = forwarding.connect({
      channelId: 1,
      userId,
      status: free,
      isBridged: false,
      onLost() {},
      deliver: (event) => {
        if (event.kind === "tracks") Object.assign(this, event);
        else if (event.signal.kind === "offer") this.#answer(event.signal.sdp, event.signal.extra["connection_id"]);
      },
    });
  }

  get isReady(): boolean {
    return this.rtp?.isConnected === true;
  }

  retry(): void {
    this.seat.ask({ kind: "renew", connectionId: null });
  }

  get heard(): number[] {
    return [...new Set(this.packets.map((packet) => payloadOf(packet)[0]!))].toSorted(byNumber);
  }

  say(): void {
    if (this.rtp?.isConnected) this.rtp.speak(Buffer.alloc(60, this.#userId));
  }

  #answer(offer: string, connectionId: unknown): void {
    this.rtp?.close();
    this.rtp = new RtpParticipant({
      name: `user ${this.#userId}`,
      offer,
      answer: (sdp) => this.seat.signal({ kind: "answer", sdp, extra: { target_connection_id: connectionId } }, 0),
      onPacket: (mid, packet) => mid.startsWith("a") && this.packets.push(packet),
    });
    open.push(this.rtp);
  }
}

/** A participant with a client of version 1, which has the id 9. */
class Bridged {
  readonly seat: MediaSeat;
  readonly connections = new Map<number, BridgedParticipant>();
  readonly packets = new Map<number, Buffer[]>();
  /** What the unit has said, by as whom. */
  readonly said: { fromId: number; kind: string; sdp: string }[] = [];
  losses = 0;

  constructor(userId = 9) {
    this.seat = forwarding.connect({
      channelId: 1,
      userId,
      status: free,
      isBridged: true,
      onLost: () => (this.losses += 1),
      deliver: (event) => {
        if (event.kind !== "signal" || event.signal.kind === "candidate") return;
        const { fromId, signal } = event;
        this.said.push({ fromId, kind: signal.kind, sdp: signal.sdp });
        if (signal.kind === "answer") this.connections.get(fromId)?.answered(signal.sdp);
      },
    });
  }

  call(userId: number): BridgedParticipant {
    this.packets.set(userId, []);
    const connection = new BridgedParticipant({
      name: `to ${userId}`,
      offer: (sdp) => this.offer(userId, sdp),
      onPacket: (packet) => this.packets.get(userId)!.push(packet),
    });
    this.connections.set(userId, connection);
    open.push(connection);
    return connection;
  }

  offer(userId: number, sdp: string): void {
    this.seat.signal({ kind: "offer", sdp, extra: {} }, userId);
  }

  get isReady(): boolean {
    return [...this.connections.values()].every(({ isConnected }) => isConnected);
  }

  retry(): void {
    for (const [userId, { isConnected }] of this.connections) if (!isConnected) this.call(userId);
  }

  /** As a browser does: on all connections at the same time. */
  say(): void {
    for (const connection of this.connections.values()) connection.speak(Buffer.alloc(60, 9));
  }

  heardFrom(userId: number): number[] {
    return [...new Set(this.packets.get(userId)!.map((packet) => payloadOf(packet)[0]!))];
  }

  saidAs(userId: number, kind: string): string[] {
    return this.said.filter((one) => one.fromId === userId && one.kind === kind).map(({ sdp }) => sdp);
  }
}

/** On a busy machine a connection may not come about, and is begun anew, as clients do. */
async function connected(people: readonly { readonly isReady: boolean; retry(): void }[]): Promise<void> {
  const missing = () => people.filter(({ isReady }) => !isReady);
  const retrying = setInterval(() => missing().forEach((one) => one.retry()), 8_000);
  await expect.poll(() => missing().length, soon).toBe(0);
  clearInterval(retrying);
}

async function gather() {
  const [ann, bob] = [new Current(1), new Current(2)];
  await connected([ann, bob]);
  const old = new Bridged();
  for (const userId of [1, 2]) old.call(userId);
  await connected([old]);
  return { ann, bob, old };
}

async function speak(speakers: readonly { say(): void }[], packets = 10): Promise<void> {
  for (let at = 0; at < packets; at += 1) {
    for (const speaker of speakers) speaker.say();
    await setTimeout(20);
  }
}

test("a client of version 1 hears everybody over a connection to each, and is heard, while the others stay forwarded", async () => {
  const { ann, bob, old } = await gather();
  await speak([ann, bob, old], 20);
  await expect
    .poll(() => [old.heardFrom(1), old.heardFrom(2), ann.heard, bob.heard], soon)
    .toEqual([[1], [2], [2, 9], [1, 9]]);
  expect(
    Object.values(ann.tracks)
      .map(({ userId }) => userId)
      .toSorted(byNumber),
  ).toEqual([2, 9]);
  // Each end has its own numbers for the codec and the level.
  const [toOld, toNew] = [old.packets.get(1)![0]!, ann.packets.find((packet) => payloadOf(packet)[0] === 9)!];
  expect([toOld[1], toOld[16]! >> 4, toNew[1], toNew[16]! >> 4]).toEqual([oldOpus, oldLevelId, 111, 1]);
  // It is taken once, however many connections bring it.
  const sequences = ann.packets.filter((packet) => payloadOf(packet)[0] === 9).map((packet) => packet.readUInt16BE(2));
  expect(sequences).toEqual(sequences.map((_, at) => (sequences[0]! + at) & 0xffff));
});

test("who may not be heard or hear is silent or hears nothing, whatever the client does, and what it is spared counts as no loss", async () => {
  const { ann, bob, old } = await gather();
  const both = [ann, bob, old];
  await speak(both);
  await expect.poll(() => ann.heard, soon).toEqual([2, 9]);
  /** The process hears of a change some time after it. */
  const heard = async () => {
    for (const one of [ann, bob]) one.packets.length = 0;
    const before = old.packets.get(1)!.length;
    await speak(both);
    await setTimeout(100);
    return [ann.heard, bob.heard, old.packets.get(1)!.length > before];
  };
  old.seat.update({ ...free, isHeard: false, hears: false });
  await expect.poll(heard, soon).toEqual([[2], [1], false]);
  old.seat.update(free);
  await expect.poll(heard, soon).toEqual([[2, 9], [1, 9], true]);
  const sequences = old.packets.get(1)!.map((packet) => packet.readUInt16BE(2));
  expect(sequences).toEqual(sequences.map((_, at) => (sequences[0]! + at) & 0xffff));
});

test("it sends its voice on two connections at most, and is asked for it on another when those are gone", async () => {
  const { ann, bob, old } = await gather();
  const cid = new Current(3);
  old.call(3);
  await connected([cid, old]);
  expect([1, 2, 3].map((userId) => /^a=(sendrecv|sendonly)\r$/m.exec(old.saidAs(userId, "answer")[0]!)![1])).toEqual([
    "sendrecv",
    "sendrecv",
    "sendonly",
  ]);
  for (const userId of [1, 2]) {
    old.connections.get(userId)!.close();
    old.connections.delete(userId);
    old.seat.parted(userId);
  }
  await expect.poll(() => old.saidAs(3, "offer"), soon).toHaveLength(1);
  expect(old.saidAs(3, "offer")[0]).toMatch(/^a=sendrecv\r$/m);
  for (const one of [ann, bob]) one.packets.length = 0;
  const heard = () => speak([old]).then(() => ann.heard);
  await expect.poll(heard, soon).toEqual([9]);
});

test("a screen that is shared is offered to it, its sender is asked for one sound with it, and another offer takes it back", async () => {
  const { ann, old } = await gather();
  expect(old.saidAs(1, "answer")[0]).not.toContain("m=video");
  ann.seat.update({ ...free, isSharing: true });
  await expect.poll(() => ann.isMixedWanted, soon).toBe(true);
  await expect.poll(() => old.saidAs(1, "offer").length, soon).toBe(1);
  const [, screen] = old.saidAs(1, "offer")[0]!.split(/^(?=m=video)/m);
  expect(screen).toMatch(/^a=sendonly\r$/m);
  expect(screen).toMatch(/^a=rtpmap:96 VP8\/90000\r$/m);
  expect(old.saidAs(2, "offer")).toEqual([]);
  expect(ann.isScreenWanted).toBe(false);
  const agreed = `${old.connections.get(1)!.sdp}${screen!.replace("a=sendonly", "a=recvonly")}`;
  old.seat.signal({ kind: "answer", sdp: agreed, extra: {} }, 1);
  await expect.poll(() => ann.isScreenWanted, soon).toBe(true);
  ann.seat.update(free);
  await expect.poll(() => old.saidAs(1, "offer").length, soon).toBe(2);
  expect(old.saidAs(1, "offer")[1]!.split(/^(?=m=video)/m)[1]).toMatch(/^a=inactive\r$/m);
  expect(ann.isMixedWanted).toBe(false);
});

test("its own screen is taken over one connection", async () => {
  const { old } = await gather();
  old.seat.update({ ...free, isSharing: true });
  const video = ["m=video 9 UDP/TLS/RTP/SAVPF 120", "a=mid:1", "a=sendrecv", "a=rtpmap:120 VP8/90000", ""].join("\r\n");
  for (const userId of [1, 2]) old.offer(userId, old.connections.get(userId)!.sdp + video);
  await expect.poll(() => [1, 2].map((userId) => old.saidAs(userId, "answer").length), soon).toEqual([2, 2]);
  const directions = [1, 2].map((userId) => {
    const [, section] = old.saidAs(userId, "answer")[1]!.split(/^(?=m=video)/m);
    return /^a=(recvonly|inactive)\r$/m.exec(section!)![1];
  });
  expect(directions).toEqual(["recvonly", "inactive"]);
  old.seat.parted(1);
  await expect.poll(() => old.saidAs(2, "offer").at(-1), soon).toMatch(/m=video[^]*a=recvonly/);
});

test("whatever it sends, the process goes on and the others hear each other", async () => {
  const { ann, bob, old } = await gather();
  const pid = forwarding.pid;
  const { sdp } = old.connections.get(1)!;
  const spoilt = [
    "",
    "v=0",
    "m=audio",
    "\0".repeat(1_000),
    "m=audio 9 UDP/TLS/RTP/SAVPF 109\r\n".repeat(2_000),
    sdp.replace(/a=ice-ufrag:.*/, "a=ice-ufrag:"),
    sdp.replace(/a=fingerprint:.*/, "a=fingerprint:sha-256 00"),
    sdp.replaceAll("109", "999"),
    sdp.replace("a=mid:0", "a=mid:0\r\na=candidate:1 1 UDP 1 192.0.2.1 9 typ host"),
    sdp.slice(0, sdp.length / 2),
    sdp + sdp,
  ];
  for (const text of spoilt) {
    for (const kind of ["offer", "answer"] as const) {
      for (const userId of [1, 7]) old.seat.signal({ kind, sdp: text, extra: {} }, userId);
    }
  }
  const candidate = { kind: "candidate", candidate: "candidate:1", sdpMid: "0", sdpMLineIndex: 0, extra: {} } as const;
  for (const userId of [1, 2, 3, 0, -1]) old.seat.signal(candidate, userId);
  // A flood of new beginnings, each with other credentials.
  const answers = () => old.saidAs(2, "answer").length;
  const before = answers();
  for (let at = 0; at < 200; at += 1) {
    old.offer(2, sdp.replace(/a=ice-ufrag:.*/, `a=ice-ufrag:f${1_000 + at}`));
  }
  for (const userId of [1, 2, 99]) old.seat.parted(userId);
  old.seat.leave();
  old.seat.leave();
  await setTimeout(300);
  // One was there already.
  expect(answers() - before).toBeLessThanOrEqual(2);
  for (const one of [ann, bob]) one.packets.length = 0;
  await speak([ann, bob]);
  await expect.poll(() => [ann.heard, bob.heard], soon).toEqual([[2], [1]]);
  expect([forwarding.pid, failures]).toEqual([pid, []]);
});

test("when the process is replaced it is told, and begins its connections anew", async () => {
  const { ann, old } = await gather();
  process.kill(forwarding.pid!, "SIGKILL");
  await expect.poll(() => old.losses, soon).toBe(1);
  old.packets.clear();
  for (const userId of [1, 2]) old.call(userId);
  await connected([ann, old]);
  ann.packets.length = 0;
  await speak([ann, old], 40);
  await expect.poll(() => [ann.heard, old.heardFrom(1)], soon).toEqual([[9], [1]]);
});
