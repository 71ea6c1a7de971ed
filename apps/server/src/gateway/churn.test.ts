import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createChannel } from "../store/conformance/world.ts";
import { RealtimeWorld, type TestPerson } from "../testing/realtime-world.ts";
import type { TestSocket } from "../testing/test-socket.ts";

/** 2,000 in a normal run, 100,000 in the long one. */
const connectCount = Number(process.env["CHURN_CONNECTS"] ?? 2_000);
const atOnce = 50;
const peopleCount = 10;
/** Token lifetime: each wave advances the clock. */
const dayMs = 86_400_000;
/** Connections before the first measurement: they allocate compiled code and prepared statements that stay. */
const warmUpCount = connectCount / 4;
/** Allowed growth of the heap. A leak of 1 KB per connection would be five times this in the long run. */
const flatMegabytes = 20;

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;

let world: RealtimeWorld;
let people: TestPerson[];
let channelId: number;
let voiceChannelId: number;

beforeAll(async () => {
  world = await RealtimeWorld.open();
  people = await Promise.all(Array.from({ length: peopleCount }, () => world.person("guest", dayMs)));
  const { serverId, channelId: textChannelId } = await world.server(...people);
  channelId = textChannelId;
  voiceChannelId = await createChannel(world.store, serverId, "voice");
});
afterAll(() => world.close());

/** Visits that differ in what the client does and how the connection closes. */
const visits: ((person: TestPerson) => Promise<TestSocket>)[] = [
  async (person) => {
    const socket = await world.connect(person);
    await socket.join(channelId);
    socket.ws.close();
    return socket;
  },
  async (person) => {
    const socket = await world.connect(person, { perMessageDeflate: true });
    socket.send({ type: "join_channel", channel_id: channelId });
    socket.send({ type: "typing", channel_id: channelId });
    socket.ws.terminate();
    return socket;
  },
  async ({ token }) => {
    const socket = world.dial(`/ws/main?token=${token}`);
    await new Promise((resolve) => socket.ws.once("open", resolve));
    socket.ws.terminate();
    return socket;
  },
  async ({ token }) => {
    const socket = world.dial(`/ws/voice/${voiceChannelId}?token=${token}`);
    await new Promise((resolve) => socket.ws.once("open", resolve));
    socket.ws.terminate();
    return socket;
  },
  async () => world.dial("/ws/main?token=wrong"),
];

async function wave(from: number): Promise<void> {
  const visit = async (_: unknown, index: number): Promise<unknown> => {
    const number = from + index;
    const socket = await visits[number % visits.length]!(people[number % people.length]!);
    return socket.closed;
  };
  await Promise.all(Array.from({ length: atOnce }, visit));
  await expect.poll(() => world.realtime.gateway.connectionCount).toBe(0);
  world.clock.advance(10_000);
}

function heapMegabytes(): number {
  collectGarbage();
  return process.memoryUsage().heapUsed / 2 ** 20;
}

test(`${connectCount} connections that close in any way leave no state and no memory behind`, async () => {
  let done = 0;
  for (; done < warmUpCount; done += atOnce) await wave(done);
  const early = heapMegabytes();
  for (; done < connectCount; done += atOnce) await wave(done);
  const { realtime, presence, sockets, clock, stats } = world;
  await expect.poll(() => sockets.size).toBe(0);
  expect(stats.connections).toBe(0);
  expect(realtime.directory.userCount).toBe(0);
  await expect.poll(() => realtime.delivery.topicCount).toBe(0);
  expect(presence.size).toBe(0);
  // The keepalive's interval is the only pending timer.
  expect(clock.pending).toBe(1);
  expect(heapMegabytes() - early).toBeLessThan(flatMegabytes);
}, 3_600_000);
