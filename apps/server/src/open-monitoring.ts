import { join } from "node:path";
import type { Logger } from "pino";
import { alertSinks } from "./alert-sinks.ts";
import type { Clock } from "./clock.ts";
import type { Config } from "./config.ts";
import type { Realtime } from "./create-realtime.ts";
import type { DomainContext } from "./domain/context.ts";
import type { GatewayStats } from "./gateway/stats.ts";
import { createAnnouncer } from "./monitoring/analysis/announcer.ts";
import type { LatencyWindow } from "./monitoring/latency-window.ts";
import type { HttpStats } from "./monitoring/metrics.ts";
import { Monitoring } from "./monitoring/monitoring.ts";
import type { SearchLag } from "./monitoring/search-lag.ts";
import type { SecurityEvents } from "./monitoring/security-events.ts";
import { voiceMetrics, voiceQuality } from "./monitoring/voice-metrics.ts";
import { nodeNameOf } from "./node-id.ts";
import type { CircuitBreaker } from "./resilience/circuit-breaker.ts";
import { settingDigests } from "./setting-digests.ts";
import { version } from "./version.ts";
import type { Voice } from "./voice/create-voice.ts";

export interface MonitoredParts {
  readonly context: DomainContext;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly security: SecurityEvents;
  readonly voice: Voice;
  readonly breaker: CircuitBreaker;
  readonly http: HttpStats;
  readonly realtime: Realtime;
  readonly stats: GatewayStats;
  readonly latency: LatencyWindow;
  readonly search: SearchLag;
}

/** Starts to measure and to analyse a node's parts. */
export function openMonitoring(
  config: Config,
  parts: MonitoredParts,
  workerNumber: number | undefined,
): Promise<Monitoring> {
  const { context, realtime, voice } = parts;
  const voiceSources = {
    rooms: voice.rooms,
    stats: realtime.voiceStats,
    connections: realtime.voice.connections,
    forwarding: voice.forwarding,
    regions: voice.regions,
    ownRegion: voice.ownRegion,
  };
  return Monitoring.open({
    ...parts,
    version,
    store: context.store,
    bus: context.bus,
    storage: context.storage,
    cluster: context.cluster,
    nodeName: nodeNameOf({ nodeId: context.cluster.nodeId, given: config.nodeName, workerNumber }),
    sessions: realtime.directory,
    channels: realtime.delivery,
    resync: realtime.resync,
    voice: () => voiceMetrics(voiceSources),
    voiceQuality: () => voiceQuality(voiceSources),
    maxConnections: config.maxConnections,
    settingDigests: settingDigests(config),
    weekly: config.weeklySummary,
    announce: createAnnouncer({
      sinks: alertSinks(config, context),
      language: config.alertLanguage,
      logger: parts.logger,
    }),
    historyFile: join(config.dataDir, workerNumber ? `monitor-${workerNumber}.jsonl` : "monitor.jsonl"),
  });
}
