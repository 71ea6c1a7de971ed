import type { Channel, Member, Message, Role, ServerState } from "@miscord/protocol";
import { bitsOf, channelPermissions, difference, permissionBits } from "@miscord/rights";
import { afterEach, describe, expect, test } from "vitest";
import { layouts, type TestInstance } from "../../apps/server/src/testing/layouts.ts";
import { expectConverged } from "@miscord/client/testing";
import { Dice } from "./dice.ts";
import { makeNoise, Person, waysIn, waysOfVersion1, type Secret } from "./ways-in.ts";

const seeds = Number(process.env["RIGHTS_SEEDS"] ?? 1);
const steps = 8;
const view = bitsOf("viewChannel");

/** A server whose rights change at random, with members on every way in; its owner makes the changes. */
class World {
  readonly owner: Person;
  readonly members: readonly Person[];
  readonly serverId: number;
  /** By channel: every word that may be known to its viewers only. */
  readonly words = new Map<number, Set<string>>();
  readonly latest = new Map<number, Message>();
  readonly #dice: Dice;
  #count = 0;

  constructor(owner: Person, members: readonly Person[], server: ServerState, seed: number) {
    this.owner = owner;
    this.members = members;
    this.serverId = server.id;
    this.#dice = new Dice(seed);
    for (const channel of server.channels) this.words.set(channel.id, new Set());
  }

  word(channelId: number): string {
    const word = `secret${(this.#count += 1)}x`;
    this.words.set(channelId, (this.words.get(channelId) ?? new Set()).add(word));
    return word;
  }

  state(): Promise<ServerState> {
    return this.owner.http.get(`/api/servers/${this.serverId}`);
  }

  /** One change of a right, by the owner. */
  async change(): Promise<string> {
    const { channels, roles, everyone_role_id: everyone } = await this.state();
    const { http } = this.owner;
    const channel = this.#dice.pick(channels);
    const person = this.#dice.pick(this.members);
    const role = this.#dice.pick(roles);
    const categories = channels.filter(({ type }) => type === "category");
    const category = categories.length > 0 ? this.#dice.pick(categories).id : null;
    const own = roles.filter(({ id }) => id !== everyone);
    const sides = this.#dice.pick([
      { allow: view, deny: 0 },
      { allow: 0, deny: view },
      { allow: 0, deny: view },
      { allow: 0, deny: 0 },
    ]);
    const changes: Record<string, () => Promise<unknown>> = {
      "a new role": () =>
        http.post(`/api/servers/${this.serverId}/roles`, {
          name: "role",
          permissions: this.#dice.pick([0, view, permissionBits.administrator]),
        }),
      "an override of a role": () =>
        http.put(`/api/channels/${channel.id}/overrides/${role.id}`, { type: "role", ...sides }),
      "an override of everyone": () =>
        http.put(`/api/channels/${channel.id}/overrides/${everyone}`, { type: "role", ...sides }),
      "an override of a member": () =>
        http.put(`/api/channels/${channel.id}/overrides/${person.id}`, { type: "member", ...sides }),
      "the permissions of a role": () =>
        http.patch(`/api/roles/${role.id}`, {
          permissions: difference(role.permissions, this.#dice.pick([view, permissionBits.sendMessages])),
        }),
      "a role given": async () => {
        if (own.length > 0) await http.put(this.#held(person, this.#dice.pick(own)));
      },
      "a role taken": async () => {
        if (own.length > 0) await http.delete(this.#held(person, this.#dice.pick(own)));
      },
      "a role deleted": async () => {
        if (own.length > 2) await http.delete(`/api/roles/${this.#dice.pick(own).id}`);
      },
      "a private channel": async () => {
        const overrides = [{ type: "role", target_id: everyone, allow: 0, deny: view }];
        const name = `secret${(this.#count += 1)}x`;
        const type = this.#dice.pick(["text", "voice"]);
        const made = await http.post<Channel>(`/api/servers/${this.serverId}/channels`, { name, type, overrides });
        this.words.set(made.id, new Set([name]));
      },
      "a category": async () => {
        const name = `secret${(this.#count += 1)}x`;
        const overrides = this.#dice.pick([[], [{ type: "role", target_id: everyone, allow: 0, deny: view }]]);
        const body = { name, type: "category", overrides };
        const made = await http.post<Channel>(`/api/servers/${this.serverId}/channels`, body);
        this.words.set(made.id, new Set([name]));
      },
      "a channel in a category": async () => {
        const name = `secret${(this.#count += 1)}x`;
        const body = { name, type: this.#dice.pick(["text", "voice"]), category_id: category };
        const made = await http.post<Channel>(`/api/servers/${this.serverId}/channels`, body);
        this.words.set(made.id, new Set([name]));
      },
      "a channel moved": async () => {
        const position = this.#dice.pick(channels).position;
        const place = channel.type === "category" ? {} : { category_id: this.#dice.pick([category, null]) };
        await http.patch(`/api/channels/${channel.id}`, { position, ...place });
      },
      "an override of a category": async () => {
        const target = this.#dice.pick([role.id, everyone]);
        const path = `/api/channels/${category ?? channel.id}/overrides/${target}`;
        await http.put(path, { type: "role", ...sides });
      },
      "a channel renamed": () => http.patch(`/api/channels/${channel.id}`, { name: this.word(channel.id) }),
      "a channel deleted": async () => {
        if (channels.length > 3) await http.delete(`/api/channels/${channel.id}`);
      },
      "another order": () =>
        http.put(`/api/servers/${this.serverId}/channels/order`, {
          channel_ids: channels.map(({ id }) => id).toReversed(),
        }),
    };
    const name = this.#dice.pick(Object.keys(changes));
    await changes[name]!();
    return name;
  }

  #held(person: Person, role: Role): string {
    return `/api/servers/${this.serverId}/members/${person.id}/roles/${role.id}`;
  }

  /** The channels that the member may see, by the policy and what the owner reads. */
  async visibleTo(person: Person, state: ServerState): Promise<Set<number>> {
    const { members } = await this.owner.http.get<{ members: Member[] }>(`/api/servers/${this.serverId}/members`);
    const roleIds = members.find(({ id }) => id === person.id)!.role_ids;
    const rights = {
      userId: person.id,
      ownerId: this.owner.id,
      everyone: state.roles.find(({ id }) => id === state.everyone_role_id)!,
      roles: state.roles.filter(({ id }) => roleIds.includes(id)),
    };
    const visible = state.channels.filter(({ overrides }) => channelPermissions(rights, overrides) !== 0);
    return new Set(visible.map(({ id }) => id));
  }

  secret(channelId: number): Secret {
    const message = this.latest.get(channelId);
    const words = new Set([...(this.words.get(channelId) ?? []), ...(message ? [message.content.split(" ")[0]!] : [])]);
    return {
      channelId,
      words,
      messageId: message?.id ?? null,
      fileUrl: message?.attachments[0]?.file_url ?? null,
    };
  }

  /** The owner writes in every channel, enters and leaves every call, and touches what is in a category. */
  async noise(channels: readonly Channel[]): Promise<void> {
    for (const { id, type, name, category_id } of channels) {
      if (category_id !== null) await this.owner.http.patch(`/api/channels/${id}`, { name });
      if (type === "text") this.latest.set(id, await makeNoise(this.owner, id, this.word(id)));
      else if (type === "voice") await this.#call(id);
    }
  }

  async #call(channelId: number): Promise<void> {
    const socket = this.owner.dial(`/ws/voice/${channelId}`);
    await socket.next("participants");
    await socket.close();
  }
}

let instance: TestInstance | null = null;
let people: Person[] = [];
let count = 0;
afterEach(async () => {
  for (const person of people) person.close();
  people = [];
  await instance?.cleanup();
  instance = null;
});

async function arrange(open: () => Promise<TestInstance>, seed: number): Promise<World> {
  instance = await open();
  const { urls } = instance;
  for (let index = 0; index < 3; index += 1) {
    people.push(await Person.arrive(urls[index % urls.length]!, `person${(count += 1)}`));
  }
  const [owner, ...members] = people;
  const { id, channels, everyone_role_id } = await owner!.http.createServer("Home");
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
  }
  return new World(owner!, members, server, seed);
}

/** Resolves once the SDK shows just the channels that the member may see: within a second on an idle machine. */
async function settle(world: World): Promise<ServerState> {
  const state = await world.state();
  for (const person of world.members) {
    const visible = [...(await world.visibleTo(person, state))].toSorted((a, b) => a - b);
    const shown = () => Object.keys(person.sdk.store.getState().channels).map(Number);
    await expect.poll(() => shown().toSorted((a, b) => a - b), { timeout: 20_000, interval: 20 }).toEqual(visible);
    await person.main.roundTrip();
  }
  return state;
}

function tooLong(): Promise<never> {
  return new Promise((_, reject) => setTimeout(() => reject(new Error("no refusal")), 20_000).unref());
}

/** Tries the ways in to at most so many hidden channels of each person; every one is looked for in what was received. */
const triedPerPerson = 2;

async function checkSecrets(world: World, state: ServerState): Promise<void> {
  const marks = new Map(world.members.map((person) => [person, person.received()]));
  await world.noise(state.channels);
  await Promise.all(
    world.members.map(async (person) => {
      const visible = await world.visibleTo(person, state);
      const hidden = state.channels.filter(({ id }) => !visible.has(id)).map(({ id }) => world.secret(id));
      for (const secret of hidden.slice(-triedPerPerson)) await tryAll(waysIn, world, person, secret);
      await person.main.roundTrip();
      for (const secret of hidden) expect(person.heardSince(marks.get(person)!, secret)).toEqual([]);
    }),
  );
}

async function tryAll(ways: typeof waysIn, world: World, person: Person, secret: Secret): Promise<void> {
  for (const [name, way] of Object.entries(ways)) {
    // A socket that is let in does not answer at all.
    await Promise.race([way(person, secret, world.serverId), tooLong()]).catch((error: unknown) => {
      throw new Error(`${name} shows a channel that is hidden`, { cause: error });
    });
  }
}

async function checkOwner(world: World, state: ServerState): Promise<void> {
  const shown = Object.keys(world.owner.sdk.store.getState().channels).map(Number);
  expect(shown.toSorted((a, b) => a - b)).toEqual(state.channels.map(({ id }) => id).toSorted((a, b) => a - b));
}

/** With the sockets of version 1, for one person and one channel. */
async function checkVersion1(world: World): Promise<void> {
  const state = await world.state();
  for (const person of world.members) {
    const visible = await world.visibleTo(person, state);
    const hidden = state.channels.find(({ id }) => !visible.has(id));
    if (hidden) return tryAll(waysOfVersion1, world, person, world.secret(hidden.id));
  }
}

/** Returns the number of steps that were checked. */
async function play(world: World): Promise<number> {
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
