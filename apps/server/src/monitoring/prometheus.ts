import type { ServerMetrics } from "@miscord/protocol";
import { Counter, Gauge, Histogram, Registry } from "prom-client";
import { dependencyMetrics } from "./dependency-metrics.ts";
import type { Figures } from "./figures.ts";
import { readMetrics, type MetricsSources } from "./metrics.ts";
import { registerRegions } from "./region-metrics.ts";

/** All other figures of the JSON are counters. */
const gauges = new Set([
  "total_connections",
  "active_channels",
  "peak_connections",
  "events_per_batch",
  "bitrate",
  "suspicious_clients",
  "uptime",
  "cpu_percent",
  "memory_bytes",
  "event_loop_lag_p99",
]);
/** Quantiles in the JSON, replaced by a histogram here. */
const inHistogram = /latency/;

/** The metrics for Prometheus: `miscord_<section>_<name>`, counters with `_total`. */
export class PrometheusMetrics {
  readonly #registry = new Registry();
  readonly #sources: MetricsSources;
  readonly #latency: Histogram;
  readonly #updates: ((metrics: ServerMetrics) => void)[] = [];
  readonly #voiceNodes: () => readonly string[];

  /** `voiceNodes`: the regions that are to be there. */
  constructor(sources: MetricsSources, voiceNodes: () => readonly string[] = () => []) {
    this.#sources = sources;
    this.#voiceNodes = voiceNodes;
    this.#latency = new Histogram({
      name: "miscord_message_latency_seconds",
      help: "From the arrival of a message to the hand-over of its last local delivery",
      buckets: [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5],
      registers: [this.#registry],
    });
    for (const [section, figures] of Object.entries(readMetrics(sources)))
      this.#register(section as keyof ServerMetrics, figures ?? {});
    this.#registerStates();
    this.#registerExtras();
    this.#registerDependencies();
  }

  get contentType(): string {
    return this.#registry.contentType;
  }

  observeLatency(latencyMs: number): void {
    this.#latency.observe(latencyMs / 1_000);
  }

  text(): Promise<string> {
    this.#update();
    return this.#registry.metrics();
  }

  /** The same as data, to be put together with those of other processes. */
  figures(): Promise<Figures["prometheus"]> {
    this.#update();
    return this.#registry.getMetricsAsJSON();
  }

  #update(): void {
    const metrics = readMetrics(this.#sources);
    for (const update of this.#updates) update(metrics);
  }

  #register(section: keyof ServerMetrics, figures: object): void {
    for (const [figure, value] of Object.entries(figures)) {
      if (typeof value !== "number" || inHistogram.test(figure)) continue;
      const name = `miscord_${section}_${figure}`;
      const help = `${section} ${figure}`.replaceAll("_", " ");
      const registers = [this.#registry];
      const read = (metrics: ServerMetrics) => (metrics[section] as Record<string, number>)[figure] ?? 0;
      if (gauges.has(figure)) {
        const gauge = new Gauge({ name, help, registers });
        this.#updates.push((metrics) => gauge.set(read(metrics)));
      } else {
        const counter = new Counter({ name: `${name}_total`, help, registers });
        this.#updates.push((metrics) => {
          counter.reset();
          counter.inc(read(metrics));
        });
      }
    }
  }

  /** Figures that the JSON, whose shape is fixed, does not have. Null, for nothing measured, becomes NaN. */
  #registerExtras(): void {
    const { stats, http, security, system, voiceQuality, maxConnections } = this.#sources;
    const seconds = (ms: number | null) => (ms === null ? null : ms / 1_000);
    const toNumber = (flag: boolean | null) => (flag === null ? null : Number(flag));
    const extras: [name: string, help: string, read: () => number | null][] = [
      ["search_lag_positions", "changes that the search index does not have yet", () => this.#sources.search.lag],
      [
        "search_remaining_messages",
        "ids below which a rebuild of the search index has not come yet; 0: it is complete",
        () => this.#sources.search.remaining,
      ],
      ["nodes", "living nodes of the instance, as this one knows", () => this.#sources.node.count()],
      ["websocket_connections", "open WebSockets of every kind", () => stats.connections],
      ["websocket_connections_limit", "MAX_WEBSOCKET_CONNECTIONS", () => maxConnections],
      ["system_memory_percent", "resident memory, as a share of what the process may use", () => system.memoryPercent],
      ["main_websocket_reconnections_total", "client sessions that resumed a channel", () => stats.reconnections],
      ["legacy_websocket_total_connections", "open connections of protocol version 1", () => stats.legacyConnections],
      [
        "failures_total",
        "commands and requests that failed with an internal error",
        () => stats.failures + http.failures,
      ],
      ["http_requests_total", "API requests", () => http.requests],
      [
        "security_token_reuse_total",
        "refresh tokens that were used again after more than a minute",
        () => security.totals.token_reuse,
      ],
      ["voice_websocket_participants", "participants in voice channels", () => voiceQuality().participants],
      ["voice_websocket_quality_reports_total", "quality reports of voice clients", () => voiceQuality().reports],
      ["voice_websocket_rtt_seconds", "mean of the latest quality reports", () => seconds(voiceQuality().rttMs)],
      ["voice_websocket_jitter_seconds", "mean of the latest quality reports", () => seconds(voiceQuality().jitterMs)],
      ["voice_websocket_loss_ratio", "mean of the latest quality reports", () => voiceQuality().loss],
      ["voice_forwarding_up", "1 when calls can be forwarded", () => toNumber(voiceQuality().forwarding.isAvailable)],
      ["voice_forwarding_connections", "connections to participants", () => voiceQuality().forwarding.connections],
      ["voice_forwarding_packets_total", "packets sent to participants", () => voiceQuality().forwarding.packets],
      ["voice_websocket_received_bitrate", "mean of the latest quality reports", () => voiceQuality().bitrate],
    ];
    for (const [name, help, read] of extras) this.#registerExtra(`miscord_${name}`, help, read);
    this.#registerRegions();
  }

  #registerRegions(): void {
    const { voiceQuality } = this.#sources;
    this.#updates.push(registerRegions(this.#registry, () => voiceQuality().forwarding.regions, this.#voiceNodes));
  }

  #registerExtra(name: string, help: string, read: () => number | null): void {
    const registers = [this.#registry];
    if (name.endsWith("_total")) {
      const counter = new Counter({ name, help, registers });
      this.#updates.push(() => {
        counter.reset();
        counter.inc(read() ?? 0);
      });
    } else {
      const gauge = new Gauge({ name, help, registers });
      this.#updates.push(() => gauge.set(read() ?? Number.NaN));
    }
  }

  /** A bus, a pool and a replication exist only in some layouts; what does not exist has no figures. */
  #registerDependencies(): void {
    const { bus, store } = this.#sources;
    const read = () => dependencyMetrics(this.#sources);
    const seconds = "seconds, measured every few seconds";
    if (!bus.isLocal)
      this.#registerExtra("miscord_bus_latency_seconds", `round trip in ${seconds}`, () => read().bus?.latency ?? null);
    this.#registerExtra(
      "miscord_database_latency_seconds",
      `a small query in ${seconds}`,
      () => read().database.latency,
    );
    if (!store.stats().pool) return;
    this.#registerExtra(
      "miscord_database_standbys",
      "standbys that follow the primary",
      () => read().database.replication?.standbys ?? null,
    );
    const pool = new Gauge({
      name: "miscord_database_pool",
      help: "connections in use and idle, and what waits for one",
      labelNames: ["state"],
      registers: [this.#registry],
    });
    this.#updates.push(({ database }) => {
      for (const [state, number] of Object.entries(database.pool ?? {})) pool.set({ state }, number);
    });
  }

  #registerStates(): void {
    const registers = [this.#registry];
    const open = new Gauge({
      name: "miscord_circuit_breaker_open",
      help: "1 unless the circuit breaker is closed",
      registers,
    });
    const info = new Gauge({
      name: "miscord_info",
      help: "The version that runs, and the name of the node",
      labelNames: ["version", "node"],
      registers,
    });
    this.#updates.push(({ main_websocket, system }) => {
      open.set(main_websocket.circuit_breaker === "closed" ? 0 : 1);
      info.set({ version: system.version, node: this.#sources.node.name }, 1);
    });
  }
}
