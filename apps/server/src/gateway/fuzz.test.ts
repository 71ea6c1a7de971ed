import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createChannel } from "../store/conformance/world.ts";
import { RealtimeWorld, type TestPerson } from "../testing/realtime-world.ts";
import type { TestSocket } from "../testing/test-socket.ts";
import { clientFrame } from "./testing/client-frame.ts";
import { hostileHandshake, illCompressed, illFramed, wellFramed } from "./testing/hostile-frames.ts";
import { Random } from "../testing/random.ts";
import { RawPeer } from "./testing/raw-peer.ts";

/** 20,000 in a normal run, a million in the long one. */
const frameCount = Number(process.env["FUZZ_FRAMES"] ?? 8_000);
const seed = Number(process.env["FUZZ_SEED"] ?? 1);
const framesPerPeer = 16;
const peersAtOnce = 16;
/** Each wave of attacks advances the clock by a second; tokens outlive all waves. */
const tokenMs = 2_000 * frameCount;
const endings = [1000, 1008, 4001, 4003, 4004, 4009, 4010, 4029];

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;

describe(`hostile peers (seed ${seed})`, () => {
  const random = new Random(seed);
  let world: RealtimeWorld;
  let attacker: TestPerson;
  let valid: TestSocket;
  let channelId: number;
  let paths: string[];
  let sentCount = 0;

  beforeAll(async () => {
    world = await RealtimeWorld.open();
    attacker = await world.person("attacker", tokenMs);
    const good = await world.person("good", tokenMs);
    ({ channelId } = await world.server(good));
    // A server with both users, so that commands with valid ids reach their handlers.
    const shared = await world.server(attacker, good);
    const voiceId = await createChannel(world.store, shared.serverId, "voice");
    const legacy = [`chat/${shared.channelId}`, "notifications", `voice/${voiceId}`].map((path) => `legacy/${path}`);
    paths = ["main", "main", "main", `voice/${voiceId}`, ...legacy].map((path) => `/ws/${path}`);
    valid = await world.connect(good);
    await valid.join(channelId);
  });
  afterAll(() => world.close());

  /** Sends a message from a well-behaved client and expects its ack and delivery. */
  async function sendOne(): Promise<void> {
    sentCount += 1;
    valid.send({ type: "chat_message", channel_id: channelId, content: `message ${sentCount}`, nonce: `${sentCount}` });
    await Promise.all([valid.count("message_ack", sentCount), valid.count("new_message", sentCount)]);
  }

  async function attack(kind: string, script: (peer: RawPeer) => void): Promise<void> {
    const peer = new RawPeer(world.url);
    script(peer);
    await peer.ended;
    const { status, frames } = peer.answer();
    const close = frames.findIndex(({ opcode }) => opcode === 8);
    const context = `${kind}: status ${status}, opcodes ${frames.map(({ opcode }) => opcode).join(" ")}`;
    // Frames are valid, none follows a close frame, and every accepted connection ends with a close frame.
    for (const { opcode, payload } of frames) if (opcode === 1) JSON.parse(payload.toString());
    expect(close === -1 || close === frames.length - 1, context).toBe(true);
    if (status !== 101) expect([0, 400, 404, 405, 426, 431], context).toContain(status);
    else expect(close, context).toBeGreaterThanOrEqual(0);
    if (close >= 0) expect(endings, context).toContain(codeOf(frames[close]!.payload));
  }

  function codeOf(payload: Buffer): number {
    return payload.length >= 2 ? payload.readUInt16BE(0) : 1000;
  }

  /** Sends valid frames with hostile content, then a frame that ends the connection. */
  function attackWithFrames(): Promise<void> {
    const isCompressed = random.below(4) === 0;
    const breaking = { ...illFramed, ...(isCompressed && illCompressed), goodbye };
    const last = random.pick(Object.keys(breaking)) as keyof typeof breaking;
    const kinds = Array.from({ length: framesPerPeer - 1 }, () => random.pick(Object.keys(wellFramed)));
    const frames = [...kinds.map((kind) => wellFramed[kind]!(random)), breaking[last](random)];
    const path = random.pick(paths);
    return attack([path, ...kinds, last].join(", "), (peer) => {
      peer.upgrade(
        `${path}?token=${random.below(20) === 0 ? `wrong${random.below(2 ** 30)}` : attacker.token}`,
        isCompressed ? "permessage-deflate" : "",
      );
      for (const frame of frames) peer.write(frame);
    });
  }

  function goodbye(_random: Random): Buffer {
    return clientFrame(random, Buffer.from([3, 232]), { opcode: 8 });
  }

  async function wave(): Promise<number> {
    const attacks = Array.from({ length: peersAtOnce }, () => {
      if (random.below(10) > 0) return attackWithFrames();
      const handshake = hostileHandshake(random);
      return attack(handshake.slice(0, 2_000), (peer) => {
        peer.write(handshake);
        peer.end();
      });
    });
    await Promise.all([...attacks, sendOne()]);
    // Refills the rate limits.
    world.clock.advance(1_000);
    return peersAtOnce * framesPerPeer;
  }

  function heapMegabytes(): number {
    collectGarbage();
    return process.memoryUsage().heapUsed / 2 ** 20;
  }

  test(`do not crash the server, grow its memory or disturb other clients with ${frameCount} frames`, async () => {
    let sent = 0;
    while (sent < Math.min(5_000, frameCount / 2)) sent += await wave();
    const early = heapMegabytes();
    while (sent < frameCount) sent += await wave();
    await expect.poll(() => world.realtime.gateway.connectionCount).toBe(1);
    expect(heapMegabytes() - early).toBeLessThan(30);
    expect(valid.all("new_message").map(({ seq }) => seq)).toEqual(Array.from({ length: sentCount }, (_, i) => i + 1));
    expect(valid.all("error")).toEqual([]);
    expect(world.security.totals.malformed).toBeGreaterThan(frameCount / 100);
  }, 3_600_000);
});
