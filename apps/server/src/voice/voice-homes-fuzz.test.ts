import { closeCodes } from "@miscord/protocol";
import { describe, expect, test } from "vitest";
import { Random } from "../testing/random.ts";
import type { VoiceChannel } from "./events.ts";
import { cellar, HomesWorld, lobby, type Announced, type HomesNode } from "./testing/homes-world.ts";
import { SimulatedClient } from "./testing/simulated-client.ts";

/** 8 in a normal run, 200 in the long one. */
const seedCount = Number(process.env["VOICE_SEEDS"] ?? 4);
const firstSeed = Number(process.env["VOICE_SEED"] ?? 1);
const stepCount = 60;
const channels: VoiceChannel[] = [lobby, cellar];
/** Longer than a lease, the time in which a call can be resumed, and the pings that notice a loss. */
const settleMs = 30_000;

/** Clients that join, move, lose their connections and change their state, on nodes that are cut off and killed. */
class Simulation {
  readonly world = new HomesWorld();
  readonly clients = [1, 2, 3, 4, 5].map((id) => new SimulatedClient(id));
  readonly nodes: HomesNode[] = [];
  readonly #random: Random;
  readonly #hasFaults: boolean;
  readonly #cutOff = new Set<HomesNode>();
  readonly #interrupted = new Set<HomesNode>();

  constructor(seed: number, hasFaults: boolean) {
    this.#random = new Random(seed);
    this.#hasFaults = hasFaults;
  }

  async run(): Promise<void> {
    for (let count = 0; count < 3; count += 1) this.nodes.push(await this.world.join());
    for (let step = 0; step < stepCount; step += 1) {
      const client = this.#random.pick(this.clients);
      if (this.#hasFaults && this.#random.next() < 0.25) await this.#fail();
      else this.#act(client);
      await this.#pass(this.#random.pick([0, 0, 50, 300, 2_000, 6_000]));
    }
    for (const node of this.#cutOff) node.network.resume();
    for (const node of this.#interrupted) node.network.restore();
    await this.#pass(settleMs);
  }

  #act(client: SimulatedClient): void {
    const dice = this.#random.below(10);
    if (dice < 4) client.join(this.#random.pick(channels));
    else if (dice < 5) client.hangUp();
    else if (dice < 7) client.drop();
    else if (dice < 9) client.change(this.#random);
    else this.#kick(client);
  }

  /** Every node gets the control message about a member who was removed. */
  #kick({ userId }: SimulatedClient): void {
    if (this.#cutOff.size > 0 || this.#interrupted.size > 0) return;
    for (const { homes } of this.nodes)
      homes.remove(userId, closeCodes.forbidden, "no longer a member", { serverId: 10 });
  }

  async #fail(): Promise<void> {
    const node = this.#random.pick(this.nodes);
    const dice = this.#random.below(4);
    if (dice === 0) return this.#kill(node);
    if (dice === 1)
      this.#toggle(node, this.#interrupted, {
        begin: () => node.network.interrupt(),
        end: () => node.network.restore(),
      });
    else this.#toggle(node, this.#cutOff, { begin: () => node.network.pause(), end: () => node.network.resume() });
  }

  #toggle(node: HomesNode, failing: Set<HomesNode>, { begin, end }: { begin: () => void; end: () => void }): void {
    if (failing.delete(node)) return end();
    if (this.#cutOff.has(node) || this.#interrupted.has(node)) return;
    failing.add(node);
    begin();
  }

  async #kill(node: HomesNode): Promise<void> {
    node.network.kill();
    this.#cutOff.delete(node);
    this.#interrupted.delete(node);
    for (const client of this.clients) if (client.node === node) client.drop(true);
    this.nodes.splice(this.nodes.indexOf(node), 1, await this.world.join());
  }

  async #pass(ms: number): Promise<void> {
    for (let passed = 0; passed <= ms; passed += 100) {
      await this.world.pass(Math.min(100, ms));
      for (const client of this.clients) if (client.react()) client.connect(this.#random.pick(this.nodes));
    }
  }
}

/** What the nodes and the clients show of who is in which call, and the homes of the calls. */
function shown({ clients, nodes }: Simulation) {
  return {
    statesByNode: nodes.map(({ homes }) =>
      sorted(
        homes.statesOf(10).map((one) => [one.user.id, one.channel_id, one.is_muted, one.is_sharing, one.is_camera_on]),
      ),
    ),
    homesByChannel: channels.map(({ id }) => nodes.filter(({ homes }) => homes.rooms.rooms.has(id)).length),
    unclaimed: nodes.flatMap(({ homes }) => [...homes.rooms.rooms.values()].filter(({ isHome }) => !isHome)),
    claimsByChannel: channels.map((channel) => nodes.filter((node) => node.isHomeOf(channel)).length),
    byClient: inCall(clients).map((client) => client.shown),
    disconnected: inCall(clients).filter(({ isConnected }) => !isConnected).length,
  };
}

/** `shown` when everyone is in step. */
function truth({ clients, nodes }: Simulation): ReturnType<typeof shown> {
  const states = inCall(clients).map(({ userId, channel, ...one }) => [
    userId,
    channel!.id,
    one.isMuted,
    one.isSharing,
    one.isCameraOn,
  ]);
  const homesByChannel = channels.map((channel) => (clients.some((one) => one.channel === channel) ? 1 : 0));
  return {
    statesByNode: nodes.map(() => sorted(states)),
    homesByChannel,
    unclaimed: [],
    claimsByChannel: homesByChannel,
    byClient: inCall(clients).map((client) => {
      const others = clients.filter((other) => other !== client && other.channel === client.channel);
      const entries = others.map(({ userId, callId, isMuted, isSharing, isCameraOn }) => [
        userId,
        { callId, isMuted, isSharing, isCameraOn },
      ]);
      return Object.fromEntries(entries) as SimulatedClient["shown"];
    }),
    disconnected: 0,
  };
}

const inCall = (clients: readonly SimulatedClient[]) => clients.filter(({ channel }) => channel !== null);
const sorted = (states: readonly unknown[][]) => states.toSorted(([a], [b]) => Number(a) - Number(b));

/** What members who saw the events from the start show: users and their channels. */
function shownToMembers(announced: readonly Announced[]): Record<string, number> {
  const shown = new Map<number, number>();
  for (const event of announced) {
    if (event.type === "voice_channel_join") shown.set(event.user.id, event.channel_id);
    if (event.type === "voice_channel_leave" && shown.get(event.user_id) === event.channel_id) {
      shown.delete(event.user_id);
    }
  }
  return Object.fromEntries(shown);
}

const seeds = Array.from({ length: seedCount }, (_, index) => firstSeed + index);

describe("after clients joined, moved and lost their connections at random, everyone shows the same calls", () => {
  test.each(seeds)("while nodes were cut off and killed (seed %i)", async (seed) => {
    const simulation = new Simulation(seed, true);
    await simulation.run();
    expect(shown(simulation)).toEqual(truth(simulation));
    simulation.world.close();
  });

  test.each(seeds)("without faults, members of the server as well (seed %i)", async (seed) => {
    const simulation = new Simulation(seed, false);
    await simulation.run();
    expect(shown(simulation)).toEqual(truth(simulation));
    const channelsByUser = simulation.clients.flatMap(({ userId, channel }) => (channel ? [[userId, channel.id]] : []));
    expect(shownToMembers(simulation.world.announced)).toEqual(Object.fromEntries(channelsByUser));
    simulation.world.close();
  });
});
