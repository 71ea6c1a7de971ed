import { Counter, Gauge, Histogram, Registry } from "prom-client";
import { readMetrics, type Metrics, type MetricsSources } from "./metrics.ts";

/** Everything else of the JSON only rises. */
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
/** As JSON they are quantiles; here the histogram has them all. */
const inHistogram = /latency/;

/** The same figures for Prometheus: `miscord_<section>_<name>`, counters with `_total`. */
export class PrometheusMetrics {
  readonly #registry = new Registry();
  readonly #sources: MetricsSources;
  readonly #latency: Histogram;
  readonly #updates: ((metrics: Metrics) => void)[] = [];

  constructor(sources: MetricsSources) {
    this.#sources = sources;
    this.#latency = new Histogram({
      name: "miscord_message_latency_seconds",
      help: "From the arrival of a message to the hand-over of its last local delivery",
      buckets: [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5],
      registers: [this.#registry],
    });
    for (const [section, figures] of Object.entries(readMetrics(sources)))
      this.#register(section as keyof Metrics, figures);
    this.#registerStates();
  }

  get contentType(): string {
    return this.#registry.contentType;
  }

  observeLatency(latencyMs: number): void {
    this.#latency.observe(latencyMs / 1_000);
  }

  text(): Promise<string> {
    const metrics = readMetrics(this.#sources);
    for (const update of this.#updates) update(metrics);
    return this.#registry.metrics();
  }

  #register(section: keyof Metrics, figures: object): void {
    for (const [figure, value] of Object.entries(figures)) {
      if (typeof value !== "number" || inHistogram.test(figure)) continue;
      const name = `miscord_${section}_${figure}`;
      const help = `${section} ${figure}`.replaceAll("_", " ");
      const registers = [this.#registry];
      const read = (metrics: Metrics) => (metrics[section] as Record<string, number>)[figure] ?? 0;
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

  #registerStates(): void {
    const registers = [this.#registry];
    const open = new Gauge({
      name: "miscord_circuit_breaker_open",
      help: "1 unless the circuit breaker is closed",
      registers,
    });
    const info = new Gauge({ name: "miscord_info", help: "The version that runs", labelNames: ["version"], registers });
    this.#updates.push(({ main_websocket, system }) => {
      open.set(main_websocket.circuit_breaker === "closed" ? 0 : 1);
      info.set({ version: system.version }, 1);
    });
  }
}
