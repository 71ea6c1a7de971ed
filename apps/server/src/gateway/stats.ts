import { createDeliveryStats, type DeliveryStats } from "../delivery/stats.ts";

/** Counters of all sockets of this node; monitoring reads them. */
export interface GatewayStats {
  readonly delivery: DeliveryStats;
  connections: number;
  peakConnections: number;
  /** Refused or failed before they were set up. */
  connectionErrors: number;
  /** Sockets of version 1's endpoints. */
  legacyConnections: number;
  /** Sessions that came back to where they had been. */
  reconnections: number;
  /** Commands that failed by our own fault. */
  failures: number;
  messagesReceived: number;
  bytesReceived: number;
}

export function createGatewayStats(): GatewayStats {
  return {
    delivery: createDeliveryStats(),
    connections: 0,
    peakConnections: 0,
    connectionErrors: 0,
    legacyConnections: 0,
    reconnections: 0,
    failures: 0,
    messagesReceived: 0,
    bytesReceived: 0,
  };
}
