const windowMs = 1_000;
/** A packet of sound, or of reports, counts as at least so many bytes: each costs work, however small it is. */
const leastBytes = 250;
/** The same of pictures, of which browsers fill packets. */
export const leastPictureBytes = 1_000;

/** Bytes that a sender may send in each second; what is beyond is dropped, before it is sent to everybody else. */
export class InputLimit {
  readonly #bytesPerSecond: number;
  readonly #least: number;
  #windowStart = -Infinity;
  #bytes = 0;

  constructor(bytesPerSecond: number, least = leastBytes) {
    this.#bytesPerSecond = bytesPerSecond;
    this.#least = least;
  }

  /** Whether the packet may pass. */
  allows(packet: Buffer, nowMs: number): boolean {
    if (nowMs - this.#windowStart >= windowMs) {
      this.#windowStart = nowMs;
      this.#bytes = 0;
    }
    this.#bytes += Math.max(this.#least, packet.length);
    return this.#bytes <= this.#bytesPerSecond;
  }
}
