import type { Minute } from "../series.ts";
import { Community, type Fault } from "./community.ts";

interface FleetNode {
  readonly id: string;
  readonly community: Community;
  /** Null for those that were there from the beginning. */
  readonly startedAt: number | null;
}

/** Clients stay where they are: a node that starts anew fills within this time. */
const fillsWithinS = 4 * 3_600;

/** What the first node always has more than the others, as one on a larger machine may. */
const largerBy = 500e6;

/** Nodes that share the people of a community; each has moods and noise of its own, and the first is larger. */
export class Fleet {
  readonly #seed: number;
  #nodes: readonly FleetNode[];
  #started = 0;

  constructor(seed: number, nodes: number) {
    this.#seed = seed;
    this.#nodes = Array.from({ length: nodes }, () => this.#node(null));
  }

  /** In the order of their start. */
  get ids(): readonly string[] {
    return this.#nodes.map(({ id }) => id);
  }

  /** The oldest node ends, and another one begins with nobody. */
  replaceOldest(at: number): void {
    this.#nodes = [...this.#nodes.slice(1), this.#node(at)];
  }

  leave(): void {
    this.#nodes = this.#nodes.slice(1);
  }

  join(at: number): void {
    this.#nodes = [...this.#nodes, this.#node(at)];
  }

  /** The minutes that end at `at`, by the nodes' ids; that of one node may be changed. */
  minutes(at: number, fault?: { readonly id: string; readonly change: Fault; readonly since: number }) {
    return new Map(
      this.#nodes.map(({ id, community, startedAt }): [string, Minute] => {
        const filled = startedAt === null ? 1 : Math.min(1, (at - startedAt) / fillsWithinS);
        const usual = scaled(community.minute(at), filled);
        const minute = id === "node-1" ? { ...usual, memory_bytes: usual.memory_bytes + largerBy } : usual;
        return [id, fault?.id === id ? { ...minute, ...fault.change(minute, fault.since) } : minute];
      }),
    );
  }

  #node(startedAt: number | null): FleetNode {
    this.#started += 1;
    return { id: `node-${this.#started}`, community: new Community(this.#seed * 100 + this.#started), startedAt };
  }
}

const withPeople = [
  "sockets",
  "main_connections",
  "people",
  "voice_connections",
  "voice_participants",
  "messages_received",
  "messages_sent",
  "bytes_received",
  "bytes_sent",
  "events_batched",
  "batches_sent",
  "requests",
] as const satisfies readonly (keyof Minute)[];

function scaled(minute: Minute, share: number): Minute {
  const less = Object.fromEntries(withPeople.map((name) => [name, Math.round(minute[name] * share)]));
  const memory = 110e6 + (minute.memory_bytes - 110e6) * (0.2 + 0.8 * share);
  return { ...minute, ...less, memory_bytes: memory, cpu_percent: minute.cpu_percent * (0.3 + 0.7 * share) };
}
