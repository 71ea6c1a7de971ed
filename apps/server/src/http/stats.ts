/** Counters of the HTTP API; monitoring reads them. */
export interface HttpStats {
  requests: number;
  /** Those that failed by our own fault. */
  failures: number;
}

export function createHttpStats(): HttpStats {
  return { requests: 0, failures: 0 };
}
