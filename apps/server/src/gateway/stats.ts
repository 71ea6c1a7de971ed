import { HeavyHitters } from "../heavy-hitters.ts";
import { createDeliveryStats, type DeliveryStats } from "../delivery/stats.ts";

/** Counters of all connections of this node; monitoring reads them. */
export interface GatewayStats {
  readonly delivery: DeliveryStats;
  connections: number;
  peakConnections: number;
  /** Connections that were accepted. */
  arrivals: number;
  /** Connections that were refused or failed during setup. */
  connectionErrors: number;
  /** Open connections of the version 1 endpoints. */
  legacyConnections: number;
  /** Client sessions that resumed a channel from a position. */
  reconnections: number;
  /** Commands that failed with an internal error. */
  failures: number;
  messagesReceived: number;
  /** Commands by account. */
  readonly accounts: HeavyHitters;
  bytesReceived: number;
}

export function createGatewayStats(): GatewayStats {
  return {
    delivery: createDeliveryStats(),
    connections: 0,
    peakConnections: 0,
    arrivals: 0,
    connectionErrors: 0,
    legacyConnections: 0,
    reconnections: 0,
    failures: 0,
    messagesReceived: 0,
    accounts: new HeavyHitters(),
    bytesReceived: 0,
  };
}
