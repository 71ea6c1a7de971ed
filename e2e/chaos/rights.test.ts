import type { Channel, ServerState } from "@miscord/protocol";
import { bitsOf } from "@miscord/rights";
import { afterEach, describe, expect, test } from "vitest";
import { layouts, type TestInstance } from "../../apps/server/src/testing/layouts.ts";
import { expectConverged } from "@miscord/client/testing";
import { RightsWorld } from "./rights-world.ts";
import { Person, waysIn, waysOfVersion1, type Secret } from "./ways-in.ts";

const seeds = Number(process.env["RIGHTS_SEEDS"] ?? 1);
const steps = 8;
const view = bitsOf("viewChannel");

let instance: TestInstance | null = null;
let people: Person[] = [];
let count = 0;
afterEach(async () => {
  for (const person of people) person.close();
  people = [];
  await instance?.cleanup();
  instance = null;
});

async function arrange(open: () => Promise<TestInstance>, seed: number): Promise<RightsWorld> {
  instance = await open();
  const { urls } = instance;
  for (let index = 0; index < 3; index += 1) {
    // The owner has a second factor, so that the server may require one, and so has one of the two members.
    const hasFactor = index < 2;
    people.push(await Person.arrive(urls[index % urls.length]!, `person${(count += 1)}`, { hasFactor }));
  }
  const [owner, ...members] = people;
  const { id, channels, everyone_role_id } = await owner!.http.createServer("Home");
  const forum = await owner!.http.post<Channel>(`/api/servers/${id}/channels`, { name: "help", type: "forum" });
  // Hidden from the members, who see the channels in it.
  const overrides = [{ type: "role", target_id: everyone_role_id, allow: 0, deny: view }];
  const rooms = { name: "secretrooms", type: "category", overrides };
  const { id: category_id } = await owner!.http.post<Channel>(`/api/servers/${id}/channels`, rooms);
  for (const channel of channels) await owner!.http.patch(`/api/channels/${channel.id}`, { category_id });
  const server = await owner!.http.get<ServerState>(`/api/servers/${id}`);
  const code = await owner!.http.invite(server.id);
  for (const member of members) await member.http.join(code);
  const general = server.channels[0]!.id;
  for (const person of people) {
    await expect.poll(() => person.sdk.store.getState().channels[general], { timeout: 20_000 }).toBeDefined();
    await person.sdk.openChannel(general);
    await person.sdk.loadMembers(server.id);
    await person.sdk.openForum(forum.id, { order: "activity", tags: [] });
  }
  const world = new RightsWorld(owner!, members, server, seed);
  await world.startThread([forum]);
  await world.startThread(server.channels);
  return world;
}

/** Resolves once the SDK shows just the channels that the member may see: within a second on an idle machine. */
async function settle(world: RightsWorld): Promise<ServerState> {
  const state = await world.state();
  for (const person of world.members) {
    const all = await world.visibleTo(person, state);
    const shown = () => Object.keys(person.sdk.store.getState().channels).map(Number);
    // Those whom a thread was started without may not follow it.
    const ofThreads = new Set(world.threads.keys());
    const visible = [...all].filter((id) => !ofThreads.has(id)).toSorted((a, b) => a - b);
    const channels = () => shown().filter((id) => !ofThreads.has(id));
    await expect.poll(() => channels().toSorted((a, b) => a - b), { timeout: 20_000, interval: 20 }).toEqual(visible);
    await expect.poll(() => shown().filter((id) => !all.has(id)), { timeout: 20_000, interval: 20 }).toEqual([]);
    await person.main.roundTrip();
  }
  return state;
}

function tooLong(): Promise<never> {
  return new Promise((_, reject) => setTimeout(() => reject(new Error("no refusal")), 20_000).unref());
}

/** Tries the ways in to at most so many hidden channels of each person; every one is looked for in what was received. */
const triedPerPerson = 2;

async function checkSecrets(world: RightsWorld, state: ServerState): Promise<void> {
  const marks = new Map(world.members.map((person) => [person, person.received()]));
  await world.noise(state.channels);
  await Promise.all(
    world.members.map(async (person) => {
      const visible = await world.visibleTo(person, state);
      const ids = [...state.channels.map(({ id }) => id), ...world.threadsIn(state.channels).map(([id]) => id)];
      const hidden = ids.filter((id) => !visible.has(id)).map((id) => world.secret(id));
      for (const secret of hidden.slice(-triedPerPerson)) await tryAll(waysIn, world, person, secret);
      await person.main.roundTrip();
      for (const secret of hidden) expect(person.heardSince(marks.get(person)!, secret)).toEqual([]);
    }),
  );
}

async function tryAll(ways: typeof waysIn, world: RightsWorld, person: Person, secret: Secret): Promise<void> {
  for (const [name, way] of Object.entries(ways)) {
    // A socket that is let in does not answer at all.
    await Promise.race([way(person, secret, world.serverId), tooLong()]).catch((error: unknown) => {
      throw new Error(`${name} shows a channel that is hidden`, { cause: error });
    });
  }
}

async function checkOwner(world: RightsWorld, state: ServerState): Promise<void> {
  const shown = Object.keys(world.owner.sdk.store.getState().channels).map(Number);
  const expected = [...state.channels.map(({ id }) => id), ...world.threadsIn(state.channels).map(([id]) => id)];
  expect(shown.toSorted((a, b) => a - b)).toEqual(expected.toSorted((a, b) => a - b));
}

/** With the sockets of version 1, for one person and one channel. */
async function checkVersion1(world: RightsWorld): Promise<void> {
  const state = await world.state();
  for (const person of world.members) {
    const visible = await world.visibleTo(person, state);
    const hidden = state.channels.find(({ id }) => !visible.has(id));
    if (hidden) return tryAll(waysOfVersion1, world, person, world.secret(hidden.id));
  }
}

/** Returns the number of steps that were checked. */
async function play(world: RightsWorld): Promise<number> {
  for (let step = 0; step < steps; step += 1) {
    const made: string[] = [];
    for (let count = 1 + (step % 3); count > 0; count -= 1) made.push(await world.change());
    try {
      const state = await settle(world);
      await checkSecrets(world, state);
      await checkOwner(world, await settle(world));
      for (const person of people) await expectConverged(person.sdk);
    } catch (error) {
      throw new Error(`step ${step}, after ${made.join(", ")}`, { cause: error });
    }
  }
  await checkVersion1(world);
  return steps;
}

const longTimeout = { timeout: 180_000 };

describe("random changes of rights leave no client with anything of a channel that it may not see", longTimeout, () => {
  test.each(Array.from({ length: seeds }, (_, index) => index + 1))("in one process (seed %i)", async (seed) => {
    expect(await play(await arrange(layouts["one process"]!, seed))).toBe(steps);
  });
  test.each(Array.from({ length: Math.ceil(seeds / 2) }, (_, index) => index + 1001))(
    "on two nodes (seed %i)",
    async (seed) => {
      expect(await play(await arrange(layouts["two nodes"]!, seed))).toBe(steps);
    },
  );
});

describe("a right that is taken", longTimeout, () => {
  test("ends a call that somebody is in, and nothing of it is left in the channel", async () => {
    const world = await arrange(layouts["one process"]!, 1);
    const state = await world.state();
    const voice = state.channels.find(({ type }) => type === "voice")!;
    const [member] = world.members;
    const call = member!.dial(`/ws/voice/${voice.id}`);
    await call.next("participants");
    const path = `/api/channels/${voice.id}/overrides/${state.everyone_role_id}`;
    await world.owner.http.put(path, { type: "role", allow: 0, deny: bitsOf("connect") });
    expect((await call.closed).code).toBe(4003);
    expect((await member!.dial(`/ws/voice/${voice.id}`).closed).code).toBe(4003);
    await expect.poll(() => world.owner.sdk.store.getState().voice[voice.id]).toEqual([]);
    // The channel is still there to be seen.
    expect(member!.sdk.store.getState().channels[voice.id]).toBeDefined();
  });

  test("closes the chat of version 1 that is open", async () => {
    const world = await arrange(layouts["one process"]!, 1);
    const state = await world.state();
    const text = state.channels.find(({ type }) => type === "text")!;
    const [member] = world.members;
    const chat = member!.dial(`/ws/legacy/chat/${text.id}`);
    await new Promise((resolve) => chat.ws.once("open", resolve));
    chat.send({ type: "heartbeat" });
    await chat.next("heartbeat_ack");
    const path = `/api/channels/${text.id}/overrides/${state.everyone_role_id}`;
    await world.owner.http.put(path, { type: "role", allow: 0, deny: view });
    expect((await chat.closed).code).toBe(1008);
  });
});
