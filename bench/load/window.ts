import type { Pids } from "../contestant.ts";
import { readProcs, type ProcReading } from "../proc.ts";
import type { Fleet } from "./fleet.ts";
import type { LedgerReport } from "./ledger.ts";
import type { SelfReport, SelfWatch } from "./self-watch.ts";

export interface WindowReport extends LedgerReport {
  durationMs: number;
  /** Messages delivered within the window over all connections, whenever they were due. */
  deliveries: number;
  /** Events received on sampled connections within the window, by type. */
  arrivals: Record<string, number>;
  wireBytes: number;
  frames: number;
  serverCpuMs: number;
  dependencyCpuMs: number;
  serverRssBytes: number;
  refusals: Record<string, number>;
  /** Connections that received less than half the bytes of the median connection of their channel. */
  starved: number;
  generator: SelfReport;
}

interface Edge {
  proc: ProcReading;
  dependencies: ProcReading;
  wireBytes: number;
  frames: number;
  deliveries: number;
  arrivals: Map<string, number>;
  /** Bytes received by each connection. */
  received: readonly number[];
}

/** Measures the generator and the server's process between two instants. */
export class Window {
  #fleet: Fleet;
  #watch: SelfWatch;
  #pids: Pids;
  #opened: Edge;
  #closed: Edge | null = null;
  #generator: SelfReport | null = null;

  constructor(fleet: Fleet, watch: SelfWatch, pids: Pids) {
    this.#fleet = fleet;
    this.#watch = watch;
    this.#pids = pids;
    fleet.ledger.openWindow();
    fleet.refusals.clear();
    watch.begin();
    this.#opened = this.#edge();
  }

  close(): void {
    this.#closed = this.#edge();
    this.#generator = this.#watch.end();
    this.#fleet.ledger.closeWindow();
  }

  report(): WindowReport {
    const from = this.#opened;
    const to = this.#closed ?? this.#edge();
    return {
      ...this.#fleet.ledger.report(),
      durationMs: to.proc.at - from.proc.at,
      deliveries: Math.round(to.deliveries - from.deliveries),
      arrivals: difference(from.arrivals, to.arrivals),
      wireBytes: to.wireBytes - from.wireBytes,
      frames: to.frames - from.frames,
      serverCpuMs: to.proc.cpuMs - from.proc.cpuMs,
      dependencyCpuMs: to.dependencies.cpuMs - from.dependencies.cpuMs,
      serverRssBytes: to.proc.rssBytes,
      refusals: Object.fromEntries(this.#fleet.refusals),
      starved: starved(this.#fleet, from.received),
      generator: this.#generator ?? this.#watch.end(),
    };
  }

  #edge(): Edge {
    const { wire, deliveries, arrivals, connections } = this.#fleet;
    return {
      proc: readProcs(this.#pids.servers),
      dependencies: readProcs(this.#pids.dependencies),
      wireBytes: wire.bytes,
      frames: wire.frames,
      deliveries,
      arrivals: new Map(arrivals),
      received: connections.map((connection) => connection.bytes),
    };
  }
}

function difference(from: Map<string, number>, to: Map<string, number>): Record<string, number> {
  return Object.fromEntries([...to].map(([type, count]) => [type, count - (from.get(type) ?? 0)]));
}

/**
 * Completeness is checked on sampled connections. The others can only compare bytes, and a message at the edge of the
 * window may reach some connections inside it and others outside.
 */
const starvedShare = 0.5;

function starved(fleet: Fleet, before: readonly number[]): number {
  let count = 0;
  for (const [channel, listeners] of fleet.listenersIn) {
    if (!fleet.ledger.busyChannels.has(channel)) continue;
    const received = listeners.map(({ bytes, index }) => bytes - (before[index] ?? 0));
    const median = received.toSorted((a, b) => a - b)[Math.floor(received.length / 2)] ?? 0;
    count += received.filter((bytes) => bytes < median * starvedShare).length;
  }
  return count;
}
