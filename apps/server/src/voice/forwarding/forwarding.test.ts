import { setTimeout } from "node:timers/promises";
import { createSocket } from "node:dgram";
import { afterEach, expect, test } from "vitest";
import { systemClock } from "../../clock.ts";
import type { MediaSeat } from "../routing.ts";
import { createForwarding, type Forwarding } from "./forwarding.ts";
import { payloadOf, RtpParticipant } from "./testing/rtp-participant.ts";

const byNumber = (one: number, other: number) => one - other;
const soon = { timeout: 60_000, interval: 20 };
/** Asked for by who has got no connection in this time. */
const renewal = { kind: "renew", connectionId: null } as const;
const retryMs = 8_000;
/** Added to the ids in the packets of small encodings. */
const smallMark = 100;
const heardBy = { isHeard: true, hears: true, isSharing: false, isCameraOn: false, isScreenHeard: true };

let forwarding: Forwarding;
let members: Member[] = [];
let failures: string[] = [];

function open(voicePort = 0): void {
  const addresses = { voiceAddresses: ["127.0.0.1"], publicUrl: undefined, turnUrls: [] };
  const settings = { forwardsVoice: true, voicePort, ...addresses };
  failures = [];
  forwarding = createForwarding({ clock: systemClock, settings, onFailure: (error) => failures.push(String(error)) });
}

afterEach(() => {
  for (const member of members) member.rtp?.close();
  members = [];
  forwarding.close();
});

/** A participant of the room with the id 1, who says the own id. */
class Member {
  readonly userId: number;
  readonly seat: MediaSeat;
  readonly #hasSmall: boolean;
  /** Who was heard, by the ids in the packets, and the sequence numbers by section. */
  readonly heard = new Set<number>();
  readonly sequences = new Map<string, number[]>();
  /** Whose pictures have arrived. */
  readonly seen = new Set<number>();
  /** The latest of them, and whether it was in the small encoding. */
  shown = { userId: 0, isSmall: false };
  tracks: Record<string, { userId: number; kind: string }> = {};
  isCameraWanted = false;
  isSmallCameraWanted = false;
  offers = 0;
  rtp: RtpParticipant | null = null;

  constructor(userId: number, { status = heardBy, hasSmall = false, answers = true } = {}) {
    this.userId = userId;
    this.#hasSmall = hasSmall;
    this.seat = forwarding.connect({
      channelId: 1,
      userId,
      status,
      isBridged: false,
      onLost() {},
      deliver: (event) => {
        if (event.kind === "tracks") {
          this.tracks = event.tracks;
          this.isCameraWanted = event.isCameraWanted;
          this.isSmallCameraWanted = event.isSmallCameraWanted;
        } else if (event.signal.kind === "offer" && answers) {
          this.#answer(event.signal.sdp, event.signal.extra["connection_id"]);
        }
      },
    });
    members.push(this);
  }

  get isReady(): boolean {
    return this.rtp?.isConnected === true;
  }

  say(level?: number): void {
    if (this.isReady) this.rtp?.speak(Buffer.alloc(60, this.userId), level);
  }

  /** Shows one picture, in each encoding that is wanted. */
  show(): void {
    if (!this.isReady) return;
    if (this.isCameraWanted || !this.#hasSmall) this.rtp?.show(Buffer.alloc(60, this.userId));
    if (this.isSmallCameraWanted) this.rtp?.show(Buffer.alloc(60, smallMark + this.userId), "small");
  }

  /** Watches these cameras, some of them in small tiles. */
  watch(cameraIds: number[], smallCameraIds: number[] = []): void {
    this.seat.ask({ kind: "watch", userIds: [], cameraIds, smallUserIds: [], smallCameraIds });
  }

  #answer(offer: string, connectionId: unknown): void {
    this.offers += 1;
    this.rtp?.close();
    this.rtp = new RtpParticipant({
      name: `user ${this.userId}`,
      offer,
      hasSmall: this.#hasSmall,
      answer: (sdp) => this.seat.signal({ kind: "answer", sdp, extra: { target_connection_id: connectionId } }, 0),
      onPacket: (mid, packet) => {
        const said = payloadOf(packet)[0]!;
        if (mid.startsWith("c")) this.shown = { userId: said % smallMark, isSmall: said > smallMark };
        (mid.startsWith("c") ? this.seen : this.heard).add(said % smallMark);
        this.sequences.set(mid, [...(this.sequences.get(mid) ?? []), packet.readUInt16BE(2)]);
      },
    });
  }
}

async function gather(count: number, options?: { hasSmall: boolean }): Promise<Member[]> {
  const people = Array.from({ length: count }, (_, at) => new Member(at + 1, options));
  const missing = () => people.filter(({ isReady }) => !isReady);
  // As clients do: on a busy machine a handshake may begin before the other end has the answer, and time out.
  const retrying = setInterval(() => missing().forEach(({ seat }) => seat.ask(renewal)), retryMs);
  await expect.poll(() => missing().length, soon).toBe(0);
  clearInterval(retrying);
  return people;
}

/** Those who speak do so at the same time, for this many packets. */
async function speak(speakers: readonly Member[], packets = 10, level?: number): Promise<void> {
  for (let at = 0; at < packets; at += 1) {
    for (const speaker of speakers) speaker.say(level);
    await setTimeout(20);
  }
}

test("everybody hears everybody else, and is told which section carries whom", async () => {
  open();
  const people = await gather(3);
  await speak(people);
  for (const { userId, heard, tracks } of people) {
    const others = [1, 2, 3].filter((id) => id !== userId);
    await expect.poll(() => [...heard].toSorted(byNumber), soon).toEqual(others);
    expect(
      Object.values(tracks)
        .map((track) => track.userId)
        .toSorted(byNumber),
    ).toEqual(others);
  }
});

test("who may not be heard is silent, who hears nothing is sent nothing, and nothing counts as lost afterwards", async () => {
  open();
  const [ann, bob] = (await gather(2)) as [Member, Member];
  await speak([ann], 5);
  await expect.poll(() => bob.heard.has(1), soon).toBe(true);
  /** The process hears of a change some time after it. */
  const isHeard = async () => {
    bob.heard.clear();
    await speak([ann], 5);
    await setTimeout(50);
    return bob.heard.has(1);
  };
  ann.seat.update({ ...heardBy, isHeard: false });
  await expect.poll(isHeard, soon).toBe(false);
  expect(await isHeard()).toBe(false);
  ann.seat.update(heardBy);
  bob.seat.update({ ...heardBy, hears: false });
  await expect.poll(isHeard, soon).toBe(false);
  expect(await isHeard()).toBe(false);
  bob.seat.update(heardBy);
  await expect.poll(isHeard, soon).toBe(true);
  const [first, ...sequences] = bob.sequences.get("a0")!;
  expect(sequences).toEqual(sequences.map((_, at) => (first! + at + 1) & 0xffff));
});

test("who sends more than any browser does is not passed on beyond that", async () => {
  open();
  const [ann, bob] = (await gather(2)) as [Member, Member];
  const startedAt = performance.now();
  for (let at = 0; at < 3_000; at += 1) {
    ann.say();
    if (at % 100 === 0) await setTimeout(1);
  }
  await setTimeout(300);
  // 40,000 bytes a second, in packets of 80 bytes, and those of one second more.
  const seconds = 1 + (performance.now() - startedAt) / 1_000;
  expect(bob.sequences.get("a0")!.length).toBeLessThanOrEqual(500 * seconds);
});

test("of more than eight who speak, the ninth is heard once another is silent", async () => {
  open();
  const people = await gather(10);
  const [first, ninth, listener] = [people[0]!, people[8]!, people[9]!];
  await speak(people.slice(0, 8));
  await expect.poll(() => listener.heard.size, soon).toBe(8);
  await speak(people.slice(1, 8), 40);
  await speak([...people.slice(1, 8), ninth]);
  await expect.poll(() => listener.heard.has(9), soon).toBe(true);
  listener.heard.clear();
  await speak([first, ...people.slice(1, 8), ninth]);
  expect(listener.heard.has(1)).toBe(false);
});

test("a camera is sent to those who watch it and nobody else, and only while the server says that it is on", async () => {
  open();
  const [ann, bob, cid] = (await gather(3)) as [Member, Member, Member];
  const showAll = async () => {
    for (const { seen } of [ann, bob, cid]) seen.clear();
    for (let at = 0; at < 10; at += 1) {
      for (const member of [ann, bob, cid]) member.show();
      await setTimeout(10);
    }
    await setTimeout(100);
    return [ann, bob, cid].map(({ seen }) => [...seen].toSorted(byNumber));
  };
  bob.watch([1, 3]);
  cid.watch([1, 2]);
  expect(await showAll()).toEqual([[], [], []]);
  ann.seat.update({ ...heardBy, isCameraOn: true });
  cid.seat.update({ ...heardBy, isCameraOn: true });
  await expect.poll(() => [ann, bob, cid].map((one) => one.isCameraWanted), soon).toEqual([true, false, true]);
  await expect.poll(showAll, soon).toEqual([[], [1, 3], [1]]);
  expect(Object.values(bob.tracks)).toEqual([
    { userId: 1, kind: "camera" },
    { userId: 3, kind: "camera" },
  ]);
  cid.watch([]);
  ann.seat.update({ ...heardBy, isCameraOn: false });
  await expect.poll(() => ann.isCameraWanted, soon).toBe(false);
  await expect.poll(showAll, soon).toEqual([[], [3], []]);
});

/** Shows what is wanted until the condition holds. */
async function showUntil(who: Member, isSo: () => boolean): Promise<void> {
  await expect
    .poll(() => {
      who.show();
      return isSo();
    }, soon)
    .toBe(true);
}

test("a small tile gets the small encoding, which is sent only while somebody is given it, and the others keep the full one", async () => {
  open();
  const [ann, bob, cid] = (await gather(3, { hasSmall: true })) as [Member, Member, Member];
  ann.seat.update({ ...heardBy, isCameraOn: true });
  bob.watch([1]);
  cid.watch([1]);
  await showUntil(ann, () => bob.shown.userId === 1 && cid.shown.userId === 1);
  expect([ann.isCameraWanted, ann.isSmallCameraWanted]).toEqual([true, false]);
  cid.watch([1], [1]);
  await showUntil(ann, () => cid.shown.isSmall);
  expect([ann.isCameraWanted, ann.isSmallCameraWanted, bob.shown.isSmall]).toEqual([true, true, false]);
  bob.watch([1], [1]);
  await showUntil(ann, () => bob.shown.isSmall && !ann.isCameraWanted);
  cid.watch([1]);
  await showUntil(ann, () => !cid.shown.isSmall && ann.isCameraWanted);
  bob.watch([1]);
  await showUntil(ann, () => !bob.shown.isSmall && !ann.isSmallCameraWanted);
  for (const { sequences } of [bob, cid]) {
    const [first, ...others] = sequences.get("c0")!;
    expect(others).toEqual(others.map((_, at) => (first! + at + 1) & 0xffff));
  }
});

test("a small tile has the small encoding again after the connection of whoever is seen in it was replaced", async () => {
  open();
  const [ann, bob] = (await gather(2, { hasSmall: true })) as [Member, Member];
  ann.seat.update({ ...heardBy, isCameraOn: true });
  bob.watch([1], [1]);
  await showUntil(ann, () => bob.shown.isSmall);
  const before = ann.offers;
  ann.seat.ask(renewal);
  await expect.poll(() => ann.offers === before + 1 && ann.isReady, soon).toBe(true);
  bob.shown = { userId: 0, isSmall: false };
  await showUntil(ann, () => bob.shown.isSmall && !ann.isCameraWanted);
});

test("a viewer whose connection does not come about costs a sender no full pictures", async () => {
  open();
  const [ann, bob] = (await gather(2)) as [Member, Member];
  ann.seat.update({ ...heardBy, isCameraOn: true });
  new Member(3, { answers: false }).watch([1]);
  bob.watch([1]);
  await showUntil(ann, () => bob.shown.userId === 1);
  await setTimeout(1_200);
  const before = ann.rtp!.keyFramesAsked();
  for (let at = 0; at < 25; at += 1) {
    ann.show();
    await setTimeout(100);
  }
  expect(ann.rtp!.keyFramesAsked()).toBe(before);
});

test("whoever has a client without a small encoding is seen in the full one, also in small tiles", async () => {
  open();
  const [ann, bob] = (await gather(2)) as [Member, Member];
  ann.seat.update({ ...heardBy, isCameraOn: true });
  bob.watch([1], [1]);
  await showUntil(ann, () => bob.shown.userId === 1);
  expect([bob.shown.isSmall, ann.isCameraWanted, ann.isSmallCameraWanted]).toEqual([false, true, false]);
});

test("ten viewers who come at once cost a sender two full pictures at most", async () => {
  open();
  const [ann, first, ...others] = (await gather(12)) as [Member, Member, ...Member[]];
  ann.seat.update({ ...heardBy, isCameraOn: true });
  first.watch([1]);
  await showUntil(ann, () => first.shown.userId === 1);
  await setTimeout(1_200);
  const before = ann.rtp!.keyFramesAsked();
  for (const other of others) other.watch([1]);
  await showUntil(ann, () => others.every(({ shown }) => shown.userId === 1));
  await setTimeout(1_200);
  expect(ann.rtp!.keyFramesAsked() - before).toBeGreaterThan(0);
  expect(ann.rtp!.keyFramesAsked() - before).toBeLessThanOrEqual(2);
});

test("a process that is killed is replaced, and everybody is offered a new connection", async () => {
  open();
  const people = await gather(2);
  const before = people.map(({ offers }) => offers);
  process.kill(forwarding.pid!, "SIGKILL");
  await expect.poll(() => people.map(({ offers }) => offers), soon).toEqual(before.map((offers) => offers + 1));
  await expect.poll(() => people.every(({ isReady }) => isReady), soon).toBe(true);
  for (const { heard } of people) heard.clear();
  await speak(people);
  await expect.poll(() => people.map(({ heard }) => [...heard]), soon).toEqual([[2], [1]]);
  expect(forwarding.isAvailable).toBe(true);
});

test("rooms are told when the port is taken, so that they do without", async () => {
  const holder = createSocket("udp4");
  await new Promise<void>((resolve) => holder.bind(0, resolve));
  open(holder.address().port);
  const changed = new Promise<void>((resolve) => forwarding.onChange(resolve));
  expect(new Member(1).isReady).toBe(false);
  await changed;
  expect([forwarding.isAvailable, forwarding.problem]).toEqual([false, expect.stringContaining("EADDRINUSE")]);
  await new Promise<void>((resolve) => holder.close(() => resolve()));
});
