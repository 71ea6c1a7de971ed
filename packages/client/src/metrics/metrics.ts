/** State and traffic of the main connection, renewed every second. */
export interface MetricsSnapshot {
  /** Round trip of the latest heartbeat in milliseconds; null until one was acknowledged. */
  rttMs: number | null;
  quality: Quality;
  /** Round trips, oldest first, at most 120 samples, one a second; null while disconnected. */
  rttHistory: readonly (number | null)[];
  /** Events received in the last second. */
  messagesPerSecond: number;
  /** Payload bytes since the client was created, without frame headers. */
  bytesIn: number;
  bytesOut: number;
  bytesInPerSecond: number;
  bytesOutPerSecond: number;
  /** When the present connection was established, in milliseconds since the epoch. */
  connectedAt: number | null;
  reconnects: number;
  lastDisconnect: { code: number; reason: string; at: number } | null;
  /** Messages waiting to be sent or confirmed. */
  queueLength: number;
  /** Events per frame that carried events; 1 means no batching. */
  batchRatio: number;
}

/** Excellent under 100 ms, good under 250. */
export type Quality = "excellent" | "good" | "poor" | "disconnected";

export interface Metrics {
  get(): MetricsSnapshot;
  /** Called on every renewal, once a second. Returns a function that removes the listener. */
  subscribe(listener: (snapshot: MetricsSnapshot) => void): () => void;
  /** Sends a heartbeat now, so that the round trip is up to date while it is shown. */
  measure(): void;
}
