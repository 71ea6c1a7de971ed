import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createChannel } from "../../store/conformance/world.ts";
import { RealtimeWorld, type TestPerson } from "../../testing/realtime-world.ts";
import type { TestSocket } from "../../testing/test-socket.ts";

const roomCount = 40;
const perRoom = 15;
/** Each participant changes speaking five times a second for five seconds; rooms batch changes every 50 ms. */
const rounds = 25;
const roundMs = 200;
const batchMs = 50;

interface Caller {
  person: TestPerson;
  socket: TestSocket;
}

let world: RealtimeWorld;
const rooms: Caller[][] = [];

beforeAll(async () => {
  world = await RealtimeWorld.open({ voice: { voiceRoomLimit: perRoom, voiceMeshLimit: perRoom } });
  const people: TestPerson[] = [];
  for (let index = 0; index < roomCount * perRoom; index += 1) people.push(await world.person());
  const { serverId } = await world.server(...people);
  for (let room = 0; room < roomCount; room += 1) {
    const channelId = await createChannel(world.store, serverId, "voice");
    rooms.push(await fill(channelId, people.slice(room * perRoom, (room + 1) * perRoom)));
  }
}, 300_000);
afterAll(() => world.close());

async function fill(channelId: number, people: readonly TestPerson[]): Promise<Caller[]> {
  const callers: Caller[] = [];
  for (const person of people) {
    const socket = world.dial(`/ws/voice/${channelId}?token=${person.token}&session=${randomUUID()}`);
    await socket.next("participants");
    callers.push({ person, socket });
  }
  return callers;
}

const everybody = () => rooms.flat();
const arrived = () => Promise.all(everybody().map(({ socket }) => socket.roundTrip()));

describe("600 people in 40 rooms", () => {
  test("get a lower bitrate as the instance fills, at 200 and at 500 connections", async () => {
    await arrived();
    expect(world.realtime.voice.connections.size).toBe(roomCount * perRoom);
    const [first] = rooms[0]!;
    expect(first!.socket.all("quality_changed").map(({ bitrate }) => bitrate)).toEqual([48_000, 32_000]);
    const welcomes = everybody().map(({ socket }) => socket.all("participants")[0]!.channel_settings.bitrate);
    expect(welcomes).toEqual(welcomes.map((_, index) => (index < 200 ? 64_000 : index < 500 ? 48_000 : 32_000)));
  });

  test("lose no signals while everyone speaks, and get speaking changes in batches", async () => {
    const before = new Map(everybody().map(({ socket }) => [socket, socket.frames.length]));
    for (let round = 0; round < rounds; round += 1) {
      for (const callers of rooms) callers.forEach((caller, seat) => act(caller, callers, seat, round));
      await arrived();
      for (let passed = 0; passed < roundMs; passed += batchMs) world.clock.advance(batchMs);
    }
    await arrived();
    for (const callers of rooms) callers.forEach((caller, seat) => expectAllOffers(caller, callers, seat));
    for (const { socket } of everybody()) {
      const speaking = socket.frames.slice(before.get(socket)).filter(({ type }) => type === "batch_speaking");
      expect(speaking).toHaveLength(rounds);
    }
    expect(world.realtime.voice.connections.size).toBe(roomCount * perRoom);
  }, 300_000);

  test("get a higher bitrate again when connections close", async () => {
    const [stays] = rooms[0]!;
    const leaving = everybody().filter((caller) => caller !== stays);
    await Promise.all(leaving.map(({ socket }) => socket.close()));
    await expect.poll(() => world.realtime.voice.connections.size).toBe(1);
    await stays!.socket.roundTrip();
    expect(stays!.socket.all("quality_changed").map(({ bitrate }) => bitrate)).toEqual([
      48_000, 32_000, 48_000, 64_000,
    ]);
  });
});

/** Changes speaking, and sends an offer to the next participant of the room. */
function act({ socket }: Caller, callers: readonly Caller[], seat: number, round: number): void {
  socket.send({ type: "speaking", is_speaking: round % 2 === 0 });
  socket.send({ type: "offer", target_id: neighbour(callers, seat, 1).person.id, sdp: `round ${round}` });
}

function expectAllOffers({ socket }: Caller, callers: readonly Caller[], seat: number): void {
  const from = neighbour(callers, seat, -1).person.id;
  const offers = Array.from({ length: rounds }, (_, round) => ({
    type: "offer",
    from_id: from,
    sdp: `round ${round}`,
  }));
  expect(socket.all("offer")).toEqual(offers);
}

function neighbour(callers: readonly Caller[], seat: number, step: number): Caller {
  return callers[(seat + step + callers.length) % callers.length]!;
}
