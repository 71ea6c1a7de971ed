const windowMs = 60_000;
/** Several times the sections of a connection. */
const most = 256;

/**
 * How many sources one connection may send from in a minute. The engine keeps the state of each one for as long as the connection
 * lasts, and looks through all of them for each packet. Browsers have one for each section.
 */
export class SourceLimit {
  readonly #seen = new Set<number>();
  #windowStart = -Infinity;

  /** Whether the connection may go on. */
  allows(source: number, nowMs: number): boolean {
    if (nowMs - this.#windowStart >= windowMs) {
      this.#windowStart = nowMs;
      this.#seen.clear();
    }
    this.#seen.add(source);
    return this.#seen.size <= most;
  }
}
