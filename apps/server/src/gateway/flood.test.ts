import { deflateRawSync } from "node:zlib";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { Worker } from "node:worker_threads";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { RealtimeWorld, type TestPerson } from "../testing/realtime-world.ts";
import type { TestSocket } from "../testing/test-socket.ts";
import type { FloodOptions, FloodResult } from "./testing/flood.ts";

/** 1 s for each kind of frame in a normal run, 30 s in the long one. */
const durationMs = 1_000 * Number(process.env["FLOOD_SECONDS"] ?? 1);
const sockets = 5;
/** Below the message rate of the world. */
const messageEveryMs = 20;
const dayMs = 86_400_000;

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;

function megabytes(): number {
  collectGarbage();
  const { heapUsed, external } = process.memoryUsage();
  return (heapUsed + external) / 2 ** 20;
}

const inflating = deflateRawSync(Buffer.from(JSON.stringify({ type: "pong", padding: "x".repeat(60_000) })));

const kinds: [string, FloodOptions["frame"]][] = [
  ["pings", { text: "x".repeat(125), fields: { opcode: 9 }, extensions: "" }],
  ["empty pings", { text: "", fields: { opcode: 9 }, extensions: "" }],
  ["pongs", { text: "", fields: { opcode: 10 }, extensions: "" }],
  ["messages", { text: '{"type":"pong"}', fields: {}, extensions: "" }],
  [
    "compressed messages of 60 KB",
    { text: inflating.toString("latin1"), fields: { rsv: 4 }, extensions: "permessage-deflate" },
  ],
];

describe(`${sockets} sockets of one account that send without pause`, () => {
  let world: RealtimeWorld;
  let attacker: TestPerson;
  let neighbour: TestSocket;
  let channelId: number;
  let ticking: NodeJS.Timeout;
  let sent = 0;

  beforeEach(async () => {
    world = await RealtimeWorld.open({
      rates: { connections: { perSecond: 1, burst: 60 }, messages: { perSecond: 60, burst: 60 } },
    });
    ticking = setInterval(() => world.clock.advance(50), 50);
    attacker = await world.person("attacker", dayMs);
    const good = await world.person("good", dayMs);
    ({ channelId } = await world.server(good));
    neighbour = await world.connect(good);
    await neighbour.join(channelId);
    sent = 0;
  });
  afterEach(async () => {
    clearInterval(ticking);
    await world.close();
  });

  /** Sends a message and returns the milliseconds until its author has received it back. */
  async function measureOne(): Promise<number> {
    sent += 1;
    const startedAt = performance.now();
    neighbour.send({ type: "chat_message", channel_id: channelId, content: `${sent}`, nonce: `${sent}` });
    await neighbour.count("new_message", sent);
    return performance.now() - startedAt;
  }

  async function flood(frame: FloodOptions["frame"]): Promise<{ result: FloodResult; slowestMs: number }> {
    const options: FloodOptions = {
      port: Number(new URL(world.url).port),
      target: `/ws/main?token=${attacker.token}`,
      sockets,
      durationMs,
      frame,
    };
    const worker = new Worker(new URL("testing/flooder.ts", import.meta.url), { workerData: options });
    const finished = new Promise<FloodResult>((resolve) => worker.once("message", resolve));
    let slowestMs = 0;
    let result: FloodResult | null = null;
    do {
      slowestMs = Math.max(slowestMs, await measureOne());
      const pause = new Promise<null>((resolve) => setTimeout(() => resolve(null), messageEveryMs));
      result = await Promise.race([finished, pause]);
    } while (!result);
    await worker.terminate();
    return { result, slowestMs };
  }

  test.each(kinds)(
    "%s are closed with 4029 while another user's messages go on",
    async (_kind, frame) => {
      for (let i = 0; i < 20; i += 1) await measureOne();
      const before = megabytes();
      const { result, slowestMs } = await flood(frame);
      expect(result.bytes).toBeGreaterThan(0);
      // A flooder whose write fails first may lose the close frame.
      expect(result.codes).toContain(4029);
      // Three times a second: the machine and its disk also do other things.
      expect(slowestMs).toBeLessThan(3_000);
      expect(world.security.totals.rate_limited).toBeGreaterThanOrEqual(sockets);
      expect(world.security.recordsSince(0, 10).map(({ counts }) => counts.rate_limited)[0]).toBeGreaterThan(0);
      expect(neighbour.all("new_message").map(({ data }) => data.content)).toEqual(
        Array.from({ length: sent }, (_, i) => `${i + 1}`),
      );
      // Buffers of the closed sockets are free some turns after them.
      await expect.poll(() => megabytes() - before).toBeLessThan(30);
    },
    durationMs + 60_000,
  );
});
