import type { Logger } from "pino";
import type { Clock, Timer } from "../clock.ts";
import { readMetrics, type MetricsSources } from "./metrics.ts";

const periodMs = 10_000;

/**
 * Logs a line every ten seconds, in the format that operators' tools parse. Connections: current/peak since the start.
 */
export function startPerformanceLog(sources: MetricsSources, logger: Logger, clock: Clock): Timer {
  return clock.setInterval(() => logger.info(performanceLine(sources)), periodMs);
}

export function performanceLine(sources: MetricsSources): string {
  const { main_websocket: main } = readMetrics(sources);
  const { memoryPercent, cpuPercent } = sources.system;
  return [
    `[EnhancedWS] 📊 Performance: Connections: ${main.total_connections}/${main.peak_connections}`,
    `Channels: ${main.active_channels}`,
    `Messages: ${main.messages_sent}`,
    `Avg latency: ${main.average_latency.toFixed(3)}s`,
    `Memory: ${Math.round(memoryPercent)}%`,
    `CPU: ${Math.round(cpuPercent)}%`,
  ].join(", ");
}
