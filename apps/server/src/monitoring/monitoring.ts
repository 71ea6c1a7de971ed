import type { Logger } from "pino";
import type { Bus } from "../bus/contract.ts";
import type { Clock } from "../clock.ts";
import type { GatewayStats } from "../gateway/stats.ts";
import type { Store } from "../store/contract.ts";
import type { CircuitBreaker } from "./circuit-breaker.ts";
import { HealthCheck, type Health } from "./health.ts";
import { LatencyWindow } from "./latency-window.ts";
import { readMetrics, type Metrics, type MetricsSources, type VoiceMetrics } from "./metrics.ts";
import { startPerformanceLog } from "./performance-log.ts";
import { PrometheusMetrics } from "./prometheus.ts";
import type { SecurityEvents } from "./security-events.ts";
import { SystemSampler } from "./system-sampler.ts";

export interface MonitoringOptions {
  readonly version: string;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly store: Pick<Store, "ping">;
  readonly bus: Pick<Bus, "ping">;
  readonly breaker: CircuitBreaker;
  readonly security: SecurityEvents;
  readonly stats: GatewayStats;
  /** Sessions of `/ws/main` and channels that somebody has open. */
  readonly sessions: { readonly count: number; readonly peak: number };
  readonly channels: { readonly channelCount: number };
  readonly latency: LatencyWindow;
  readonly voice?: () => VoiceMetrics;
}

/** Failures are noticed without traffic too: the breaker counts these. */
const heartbeatMs = 5_000;
const noVoice: VoiceMetrics = {
  total_connections: 0,
  active_channels: 0,
  webrtc_offers: 0,
  webrtc_answers: 0,
  ice_candidates: 0,
  bitrate: 64_000,
};

/** What the node tells of itself: health, metrics, and a line in the log every ten seconds. */
export class Monitoring {
  readonly #sources: MetricsSources;
  readonly #health: HealthCheck;
  readonly #prometheus: PrometheusMetrics;
  readonly #stop: () => void;

  constructor(options: MonitoringOptions) {
    const { clock, logger, store, bus, breaker, latency } = options;
    const system = new SystemSampler(clock);
    this.#sources = { ...options, system, voice: options.voice ?? (() => noVoice) };
    const dependencies = { store: () => store.ping(), bus: () => bus.ping() };
    this.#health = new HealthCheck({ clock, dependencies, breaker });
    this.#prometheus = new PrometheusMetrics(this.#sources);
    const line = startPerformanceLog(this.#sources, logger, clock);
    const heartbeat = clock.setInterval(() => void this.#health.check(), heartbeatMs);
    latency.onObserved((latencyMs) => this.#prometheus.observeLatency(latencyMs));
    this.#stop = () => {
      for (const timer of [line, heartbeat]) timer.cancel();
      system.stop();
      breaker.stop();
    };
  }

  health(): Promise<Health> {
    return this.#health.check();
  }

  metrics(): Metrics {
    return readMetrics(this.#sources);
  }

  async prometheus(): Promise<{ contentType: string; text: string }> {
    return { contentType: this.#prometheus.contentType, text: await this.#prometheus.text() };
  }

  stop(): void {
    this.#stop();
  }
}
