import { setImmediate } from "node:timers/promises";
import { MemoryHub as BusHub } from "../../bus/memory-hub.ts";
import { NetworkBus } from "../../bus/network-bus.ts";
import type { Cluster } from "../../cluster/contract.ts";
import { joinHub, MemoryHub as ClusterHub } from "../../cluster/memory-hub.ts";
import { createFaultyChannel } from "../../cluster/testing/faulty-channel.ts";
import { ManualClock } from "../../testing/manual-clock.ts";
import type { VoiceChannel } from "../events.ts";
import { createMesh } from "../mesh.ts";
import { busTransport } from "../nodes/bus-transport.ts";
import type { VoiceHandle } from "../nodes/live-entry.ts";
import { VoiceHomes } from "../voice-homes.ts";
import { VoicePresence, type AnnounceToServer } from "../voice-presence.ts";
import { RecordingPort } from "./recording-port.ts";

export type Announced = Parameters<AnnounceToServer>[1];

export interface EnterOptions {
  channel?: VoiceChannel;
  callId?: string;
  isLegacy?: boolean;
  usesLegacySocket?: boolean;
}

export interface Caller {
  port: RecordingPort;
  handle: VoiceHandle;
}

export const lobby = { id: 1, serverId: 10, name: "Lobby" };
export const cellar = { id: 2, serverId: 10, name: "Cellar" };

/** Several nodes with voice rooms, a cluster and a bus between them, in one process and on one manual clock. */
export class HomesWorld {
  readonly clock = new ManualClock();
  readonly busHub = new BusHub(this.clock);
  readonly #clusterHub = new ClusterHub(this.clock);
  /** What all nodes announced to members of servers. */
  readonly announced: Announced[] = [];

  async join(): Promise<HomesNode> {
    const channel = createFaultyChannel();
    this.#clusterHub.connect(channel.far);
    const cluster = await joinHub(channel.near, { clock: this.clock });
    const link = this.busHub.connect(cluster.nodeId);
    const bus = await NetworkBus.open(link, { nodeId: cluster.nodeId, clock: this.clock });
    const node = new HomesNode(this, cluster, {
      homes: this.#createHomes(cluster, bus),
      pause() {
        channel.pause();
        link.interrupt();
      },
      resume() {
        channel.resume();
        link.restore();
      },
      kill() {
        channel.kill();
        link.interrupt();
      },
      interrupt: () => link.interrupt(),
      restore: () => link.restore(),
    });
    return node;
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
    this.#clusterHub.close();
  }

  #createHomes(cluster: Cluster, bus: NetworkBus): VoiceHomes {
    const ice = { stunUrls: [], turnUrls: [], turnSecret: undefined, turnTtlMs: 1, voiceRelayOnly: false };
    return new VoiceHomes({
      clock: this.clock,
      cluster,
      transport: busTransport(bus),
      routing: createMesh({ ...ice, maxParticipants: 3 }, this.clock),
      observer: new VoicePresence(this.clock, (_serverId, event) => void this.announced.push(event)),
      onFailure: (error) => {
        throw error;
      },
    });
  }
}

interface NodeParts {
  homes: VoiceHomes;
  /** Cuts the node off until `resume`. */
  pause(): void;
  resume(): void;
  /** Cuts the node off for good. */
  kill(): void;
  /** Loses what the node sends and receives over the bus until `restore`; its lease goes on. */
  interrupt(): void;
  restore(): void;
}

export class HomesNode {
  readonly homes: VoiceHomes;
  readonly cluster: Cluster;
  readonly pause: () => void;
  readonly resume: () => void;
  readonly kill: () => void;
  readonly interrupt: () => void;
  readonly restore: () => void;
  readonly #world: HomesWorld;

  constructor(world: HomesWorld, cluster: Cluster, parts: NodeParts) {
    this.#world = world;
    this.cluster = cluster;
    this.homes = parts.homes;
    this.pause = () => parts.pause();
    this.resume = () => parts.resume();
    this.kill = () => parts.kill();
    this.interrupt = () => parts.interrupt();
    this.restore = () => parts.restore();
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
    const port = new RecordingPort({ usesLegacySocket });
    const user = { id: userId, username: `u${userId}`, display_name: "", avatar_url: null, avatar_color: "#000000" };
    const entered = this.homes.enter({ user, channel, callId, isLegacy, port });
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
