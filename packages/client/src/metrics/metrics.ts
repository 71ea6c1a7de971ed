/** How the connection is doing. Renewed every second. */
export interface MetricsSnapshot {
  /** Of the latest heartbeat; null until one was answered. */
  rttMs: number | null;
  quality: Quality;
  /** Oldest first, at most 120 samples, one a second; null while disconnected. */
  rttHistory: readonly (number | null)[];
  /** Events received in the last second. */
  messagesPerSecond: number;
  /** Since the start, payloads only. */
  bytesIn: number;
  bytesOut: number;
  bytesInPerSecond: number;
  bytesOutPerSecond: number;
  /** Milliseconds since the epoch; since when the present connection is up. */
  connectedAt: number | null;
  reconnects: number;
  lastDisconnect: { code: number; reason: string; at: number } | null;
  /** Messages waiting to be sent or confirmed. */
  queueLength: number;
  /** Events for every frame; 1 means that nothing came in batches. */
  batchRatio: number;
}

/** Excellent under 100 ms, good under 250. */
export type Quality = "excellent" | "good" | "poor" | "disconnected";

export interface Metrics {
  get(): MetricsSnapshot;
  /** Called on every renewal. Returns the way to stop. */
  subscribe(listener: (snapshot: MetricsSnapshot) => void): () => void;
  /** Asks for the round trip now rather than with the next heartbeat: for somebody who is looking. */
  measure(): void;
}
