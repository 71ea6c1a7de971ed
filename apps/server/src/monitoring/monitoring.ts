import type {
  IncidentVerdict,
  MonitorBands,
  MonitorHistory,
  MonitorHistoryQuery,
  MonitorIncidents,
  MonitorOverview,
  MonitorRange,
  ServerMetrics,
} from "@miscord/protocol";
import { dirname } from "node:path";
import type { Logger } from "pino";
import type { Bus } from "../bus/contract.ts";
import type { Cluster } from "../cluster/contract.ts";
import type { Clock } from "../clock.ts";
import type { Store } from "../store/contract.ts";
import type { CircuitBreaker } from "../resilience/circuit-breaker.ts";
import { Analysis, type AnalysisOptions } from "./analysis/analysis.ts";
import type { Figures } from "./figures.ts";
import { HealthCheck, reused, type Health } from "./health.ts";
import { foldNodes } from "./history/fold-nodes.ts";
import { Journal } from "./history/journal.ts";
import { Recorder } from "./history/recorder.ts";
import { ReadSizes } from "./analysis/read-sizes.ts";
import { readMetrics, type MetricsSources } from "./metrics.ts";
import type { LatencyWindow } from "./latency-window.ts";
import { KnownVoiceNodes } from "./known-voice-nodes.ts";
import { NodeRegistry } from "./node-registry.ts";
import { startPerformanceLog } from "./performance-log.ts";
import { PrometheusMetrics } from "./prometheus.ts";
import { regionsOf } from "./regions-of.ts";
import type { SecurityEvents } from "./security-events.ts";
import { SystemSampler } from "./system-sampler.ts";

export interface MonitoringOptions extends Omit<MetricsSources, "system" | "node" | "sessions"> {
  readonly sessions: MetricsSources["sessions"] & { readonly userCount: number };
  readonly cluster: Cluster;
  /** Name of this node for its operator. */
  readonly nodeName: string;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly store: Pick<Store, "ping" | "stats" | "db">;
  readonly bus: Pick<Bus, "ping" | "isLocal" | "stats">;
  readonly storage: { check(): Promise<void> };
  readonly breaker: CircuitBreaker;
  readonly security: SecurityEvents;
  readonly latency: LatencyWindow;
  /** Path of the file that keeps the history over restarts. */
  readonly historyFile: string;
  /** Digest of each setting that is not secret, by its name. */
  readonly settingDigests: AnalysisOptions["settings"];
  readonly weekly: AnalysisOptions["weekly"];
  readonly announce: AnalysisOptions["announce"];
}

const bandTimes: Readonly<Record<MonitorRange, { seconds: number; step: number }>> = {
  "15m": { seconds: 900, step: 60 },
  "1h": { seconds: 3_600, step: 120 },
  "24h": { seconds: 86_400, step: 900 },
};

/** Accounts and channels that a node reports of a minute. */
const heaviest = 3;
/** Interval of health checks, so that the circuit breaker counts failures also without traffic. */
const heartbeatMs = 5_000;

/** Monitoring of the node: health, metrics, the history of the last day, and a line in the log every ten seconds. */
export class Monitoring {
  readonly #options: MonitoringOptions;
  readonly #sources: MetricsSources;
  readonly #health: HealthCheck;
  readonly #prometheus: PrometheusMetrics;
  readonly #recorder: Recorder;
  readonly #nodes: NodeRegistry;
  readonly #voiceNodes: KnownVoiceNodes;
  readonly #analysis: Analysis;
  readonly #startedAt: number;
  readonly #stop: () => void;

  static async open(options: MonitoringOptions): Promise<Monitoring> {
    const { clock, logger, historyFile } = options;
    const system = new SystemSampler(clock);
    const { nodes } = options.cluster;
    const sources = { ...options, system, node: { name: options.nodeName, count: () => nodes.size } };
    const journal = new Journal(historyFile, (error) => logger.error({ err: error }, "the history cannot be kept"));
    const recorder = await Recorder.open({ ...options, sources, journal });
    return new Monitoring(options, { sources, system, recorder });
  }

  private constructor(
    options: MonitoringOptions,
    { sources, system, recorder }: { sources: MetricsSources; system: SystemSampler; recorder: Recorder },
  ) {
    const { clock, logger, store, bus, storage, breaker, latency } = options;
    this.#options = options;
    this.#sources = sources;
    this.#recorder = recorder;
    this.#startedAt = clock.now();
    this.#nodes = new NodeRegistry({
      ...options,
      name: options.nodeName,
      sources: { ...sources, sessions: options.sessions },
    });
    const dependencies = {
      database: () => store.ping(),
      bus: () => bus.ping(),
      storage: reused(clock, () => storage.check()),
    };
    const sizes = new ReadSizes({
      folder: dirname(options.historyFile),
      store,
      clock,
      onFailure: (error) => logger.warn({ err: error }, "the size of the database cannot be read"),
    });
    this.#analysis = new Analysis({
      ...options,
      nodes: () => this.#nodes.nodes(),
      figures: async () => ({
        loads: {
          account: options.stats.accounts.take(heaviest),
          channel: options.stats.delivery.channels.take(heaviest),
        },
        ...(await sizes.read()),
      }),
      settings: options.settingDigests,
      onMinutes: (minutes) => recorder.addInstanceMinute(foldNodes(minutes), minutes.length),
    });
    recorder.onMinute((minute) => this.#analysis.minute(minute));
    this.#health = new HealthCheck({ clock, dependencies, breaker });
    this.#voiceNodes = new KnownVoiceNodes(store.db, clock);
    this.#prometheus = new PrometheusMetrics(sources, () => this.#voiceNodes.names);
    const line = startPerformanceLog(sources, logger, clock);
    const heartbeat = clock.setInterval(() => void this.#health.check(), heartbeatMs);
    latency.onObserved((latencyMs) => this.#prometheus.observeLatency(latencyMs));
    this.#stop = () => {
      for (const timer of [line, heartbeat]) timer.cancel();
      this.#nodes.stop();
      system.stop();
      breaker.stop();
    };
  }

  health(): Promise<Health> {
    return this.#health.check();
  }

  /** Its name is for the operator, its id for everybody. */
  get node(): { readonly id: string; readonly name: string } {
    return { id: this.#nodes.nodeId, name: this.#options.nodeName };
  }

  metrics(): ServerMetrics {
    return readMetrics(this.#sources);
  }

  async prometheus(): Promise<{ contentType: string; text: string }> {
    return { contentType: this.#prometheus.contentType, text: await this.#prometheus.text() };
  }

  async figures(): Promise<Figures> {
    return { metrics: this.metrics(), prometheus: await this.#prometheus.figures() };
  }

  async overview(): Promise<MonitorOverview> {
    const { clock, maxConnections } = this.#options;
    const nodes = this.#nodes.nodes();
    return {
      ...(await this.health()),
      at: new Date(clock.now()).toISOString(),
      node: this.#nodes.nodeId,
      nodes,
      regions: regionsOf(nodes, await this.#voiceNodes.read()),
      started_at: new Date(this.#startedAt).toISOString(),
      connection_limit: maxConnections,
      metrics: this.metrics(),
      alerts: this.#recorder.alerts.all.toReversed(),
      breaker_changes: this.#recorder.breakerChanges.toReversed(),
      security: this.#recorder.securityRecords(),
    };
  }

  /** In order of time; only samples that ended after `after`, in seconds since the epoch. */
  history({ range, of, after }: MonitorHistoryQuery): MonitorHistory {
    const { history } = this.#recorder;
    const now = this.#options.clock.now() / 1_000;
    const samples = of === "node" ? history.samples(range, now, after) : history.instanceSamples(range, now, after);
    return { node: this.#nodes.nodeId, samples };
  }

  incidents(): MonitorIncidents {
    return this.#analysis.incidents();
  }

  /** What is usual at the times of a range's samples. */
  bands({ range, of }: Pick<MonitorHistoryQuery, "range" | "of">): Promise<MonitorBands> {
    const now = this.#options.clock.now() / 1_000;
    const { seconds, step } = bandTimes[range];
    const times = Array.from({ length: seconds / step + 1 }, (_, index) => now - seconds + index * step);
    return this.#analysis.bands(times, of);
  }

  /** False when there is no incident with this id. */
  judgeIncident(id: string, verdict: IncidentVerdict): boolean {
    return this.#analysis.judge(id, verdict);
  }

  async stop(): Promise<void> {
    this.#stop();
    await this.#recorder.stop();
    await this.#analysis.stop();
  }
}
