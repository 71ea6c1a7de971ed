const windowMs = 5_000;
const mostInWindow = 3;

/** How often a client may begin its connection to one participant anew: each beginning costs keys and a handshake. */
export class Openings {
  #at: number[] = [];

  /** Whether it may once more. */
  take(nowMs: number): boolean {
    this.#at = this.#at.filter((at) => nowMs - at < windowMs);
    return this.#at.length < mostInWindow && this.#at.push(nowMs) > 0;
  }
}
