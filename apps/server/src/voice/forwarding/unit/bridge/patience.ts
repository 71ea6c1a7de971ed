/** A client without any connection is noticed after this time, once more after the same, and then after twice as long each time. */
const firstMs = 7_000;
const longestMs = 60_000;

/** Notices when none of a client's connections comes about. */
export class Patience {
  #since: number | null = null;
  #times = 0;

  /** The client tries to connect, or has lost a connection. */
  begin(nowMs: number): void {
    this.#since ??= nowMs;
  }

  connected(): void {
    this.#since = null;
    this.#times = 0;
  }

  /** There is nobody to connect to. */
  rest(): void {
    this.#since = null;
  }

  /** Whether it has taken too long. Waits anew then, until the client has a connection. */
  ends(nowMs: number): boolean {
    const waitMs = Math.min(longestMs, firstMs * 2 ** Math.max(0, this.#times - 1));
    if (this.#since === null || nowMs - this.#since < waitMs) return false;
    this.#since = nowMs;
    this.#times += 1;
    return true;
  }
}
