import { setImmediate } from "node:timers/promises";
import type { Bus } from "../../bus/contract.ts";
import type { Cluster } from "../../cluster/contract.ts";
import type { ManualClock } from "../../testing/manual-clock.ts";
import { NodeNetwork, type NetworkNode } from "../../testing/node-network.ts";
import type { Signal, VoiceChannel } from "../events.ts";
import { createMesh } from "../mesh.ts";
import { busTransport } from "../nodes/bus-transport.ts";
import type { VoiceHandle } from "../nodes/live-entry.ts";
import { meshRouting } from "../routing.ts";
import { VoiceHomes } from "../voice-homes.ts";
import { VoicePresence, type AnnounceToViewers } from "../voice-presence.ts";
import { RecordingPort } from "./recording-port.ts";

export type Announced = Parameters<AnnounceToViewers>[1];

export interface EnterOptions {
  channel?: VoiceChannel;
  callId?: string;
  isLegacy?: boolean;
  usesLegacySocket?: boolean;
  canEncrypt?: boolean;
}

export interface Caller {
  port: RecordingPort;
  handle: VoiceHandle;
}

export const lobby = { id: 1, serverId: 10, name: "Lobby", isRestricted: false };
export const cellar = { id: 2, serverId: 10, name: "Cellar", isRestricted: false };

/** Several nodes with voice rooms, a cluster and a bus between them, in one process and on one manual clock. */
export class HomesWorld {
  readonly #network = new NodeNetwork();
  readonly clock = this.#network.clock;
  /** What all nodes announced to members of servers. */
  readonly announced: Announced[] = [];

  async join(): Promise<HomesNode> {
    const network = await this.#network.join();
    return new HomesNode(this, network, this.#createHomes(network));
  }

  /** Lets time pass, and everything happen that is due by then. */
  async pass(ms = 0): Promise<void> {
    await quiet(this.clock);
    for (let passed = 0; passed < ms; passed += 50) {
      this.clock.advance(Math.min(50, ms - passed));
      await quiet(this.clock);
    }
  }

  types(): string[] {
    return this.announced.map(({ type }) => type);
  }

  close(): void {
    this.#network.close();
  }

  #createHomes({ cluster, bus }: { cluster: Cluster; bus: Bus }): VoiceHomes {
    const ice = { stunUrls: [], turnUrls: [], turnSecret: undefined, turnTtlMs: 1, voiceRelayOnly: false };
    return new VoiceHomes({
      clock: this.clock,
      cluster,
      transport: busTransport(bus),
      routing: meshRouting(createMesh({ ...ice, maxParticipants: 3 }, this.clock)),
      observer: new VoicePresence(this.clock, (_serverId, event) => void this.announced.push(event)),
      onFailure: (error) => {
        throw error;
      },
    });
  }
}

export class HomesNode {
  readonly homes: VoiceHomes;
  readonly cluster: Cluster;
  readonly network: NetworkNode;
  readonly #world: HomesWorld;

  constructor(world: HomesWorld, network: NetworkNode, homes: VoiceHomes) {
    this.#world = world;
    this.network = network;
    this.cluster = network.cluster;
    this.homes = homes;
  }

  isHomeOf({ id }: VoiceChannel): boolean {
    return this.cluster.owns(`voice:${id}`);
  }

  /** Enters a room, and waits for it without letting time pass. */
  async enter(userId: number, options: EnterOptions = {}): Promise<Caller> {
    const { port, entered } = this.dial(userId, options);
    const settled = entered.catch(() => {});
    await Promise.race([settled, this.#world.pass().then(() => this.#world.pass())]);
    return { port, handle: await entered };
  }

  /** Begins to enter a room. */
  dial(userId: number, options: EnterOptions = {}): { port: RecordingPort; entered: Promise<VoiceHandle> } {
    const { channel = lobby, callId = `call-${userId}`, isLegacy = false, usesLegacySocket = false } = options;
    const { canEncrypt = false } = options;
    const port = new RecordingPort({ usesLegacySocket });
    const user = { id: userId, username: `u${userId}`, display_name: "", avatar_url: null, avatar_color: "#000000" };
    const entered = this.homes.enter({ user, channel, callId, isLegacy, canForward: false, canEncrypt, port });
    // A refusal that the test does not wait for is none of the test's failures.
    entered.catch(() => {});
    return { port, entered };
  }
}

/** Runs everything that is due now, on any node: texts on the bus take a timer and a few turns of the event loop. */
async function quiet(clock: ManualClock): Promise<void> {
  for (let turn = 0; turn < 12; turn += 1) {
    await setImmediate();
    clock.advance(0);
  }
}

/** Kinds of the events that a caller received. */
export const kinds = ({ port }: Caller) => port.events.map(({ kind }) => kind);

/** The signals that a caller received, each with its sender. */
export const signals = ({ port }: Caller) =>
  port.of("signal").map((event) => [event.fromId, "sdp" in event.signal && event.signal.sdp]);

/** Ids of the users whom a caller found in the room. */
export const present = ({ port }: Caller) =>
  port
    .of("entered")
    .at(-1)!
    .participants.map(({ user }) => user.id);

/** Each user's voice channel, as a node shows it. */
export const channelsOf = (node: HomesNode) =>
  Object.fromEntries(node.homes.statesOf(10).map(({ user, channel_id }) => [user.id, channel_id]));

/** "ok", or the code of the error. */
export const outcome = (promise: Promise<unknown>) =>
  promise.then(
    () => "ok",
    (error: { code: string }) => error.code,
  );

export const signal = (sdp: string): Signal => ({ kind: "offer", sdp, extra: {} });
export const left = (userId: number) => ({ kind: "left", userId });
