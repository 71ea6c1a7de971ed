import { hostname } from "node:os";
import type { MonitorNode } from "@miscord/protocol";
import type { Clock, Timer } from "../clock.ts";
import type { Cluster, SharedMap } from "../cluster/contract.ts";
import { dependencyMetrics, type DependencySources } from "./dependency-metrics.ts";
import type { RegionFigures } from "./voice-metrics.ts";
import type { MetricsSources } from "./metrics.ts";

export interface NodeRegistryOptions {
  readonly clock: Clock;
  readonly name: string;
  readonly cluster: Cluster;
  readonly sources: Pick<MetricsSources, "version" | "stats" | "system"> &
    Partial<Pick<MetricsSources, "voiceQuality">> &
    DependencySources & { sessions: { readonly userCount: number } };
}

type AtNode = NonNullable<MonitorNode["voice_regions"]>;
/** Older nodes leave the regions out. */
type SharedNode = Omit<MonitorNode, "voice_regions"> & { readonly voice_regions: AtNode };

const everyMs = 5_000;
const key = "node";

/** All nodes of the instance: each writes a report of itself into a shared map every few seconds. */
export class NodeRegistry {
  readonly #options: NodeRegistryOptions;
  readonly #reports: SharedMap<SharedNode>;
  readonly #since: string;
  readonly #timer: Timer;
  #messages: { count: number; at: number };
  #messagesPerSecond = 0;

  constructor(options: NodeRegistryOptions) {
    const { clock, cluster, sources } = options;
    this.#options = options;
    this.#reports = cluster.map("nodes");
    this.#since = new Date(clock.now()).toISOString();
    this.#messages = { count: sources.stats.messagesReceived, at: clock.monotonic() };
    this.#share();
    this.#timer = clock.setInterval(() => {
      this.#measure();
      this.#share();
    }, everyMs);
  }

  get nodeId(): string {
    return this.#options.cluster.nodeId;
  }

  /** In the order of their start. */
  nodes(): MonitorNode[] {
    this.#share();
    return [...this.#reports.get(key).values()].toSorted((a, b) => (a.since < b.since ? -1 : 1));
  }

  stop(): void {
    this.#timer.cancel();
  }

  #measure(): void {
    const { clock, sources } = this.#options;
    const { count, at } = this.#messages;
    this.#messages = { count: sources.stats.messagesReceived, at: clock.monotonic() };
    this.#messagesPerSecond = (this.#messages.count - count) / Math.max(1, (this.#messages.at - at) / 1_000);
  }

  #share(): void {
    const { cluster, sources, name } = this.#options;
    const { stats, system, version, sessions } = sources;
    this.#reports.set(key, {
      id: cluster.nodeId,
      name,
      host: hostname(),
      pid: process.pid,
      version,
      since: this.#since,
      connections: stats.connections,
      people: sessions.userCount,
      messages_per_second: this.#messagesPerSecond,
      cpu_percent: system.cpuPercent,
      event_loop_lag_p99: system.eventLoopLagP99,
      voice_regions: sources.voiceQuality?.().forwarding.regions.map(toWire) ?? [],
      ...dependencyMetrics(sources),
    });
  }
}

function toWire({ name, isOwn, isUp, calls, participants, link }: RegionFigures): AtNode[number] {
  const time = (ms: number) => new Date(ms).toISOString();
  return {
    name,
    is_own: isOwn,
    is_up: isUp,
    calls,
    participants,
    link: link && {
      version: link.version,
      since: time(link.since),
      seen_at: time(link.seenAt),
      round_trip: link.roundTripMs === null ? null : link.roundTripMs / 1_000,
      connections: link.connections,
    },
  };
}
