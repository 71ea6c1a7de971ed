const windowMs = 1_000;

/** How much is sent, in bits per second, over the last one to two seconds. */
export class Throughput {
  #windowStart = -Infinity;
  #bytes = 0;
  #before = 0;

  add(bytes: number, nowMs: number): void {
    this.#turn(nowMs);
    this.#bytes += bytes;
  }

  bitrate(nowMs: number): number {
    this.#turn(nowMs);
    return ((this.#bytes + this.#before) * 8_000) / (windowMs + Math.max(1, nowMs - this.#windowStart));
  }

  #turn(nowMs: number): void {
    const passed = nowMs - this.#windowStart;
    if (passed < windowMs) return;
    this.#before = passed < 2 * windowMs ? this.#bytes : 0;
    this.#bytes = 0;
    this.#windowStart = nowMs;
  }
}
