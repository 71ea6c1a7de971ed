/**
 * A source that leaves out more numbers than this goes on after so many. SRTP counts by itself how often the numbers began anew (RFC
 * 3711, 3.3.1): of a source that leaps, whoever misses one packet counts wrong, and hears nothing of this stream any more.
 */
const mostAhead = 50;
/** A packet that was overtaken by more has no place any more. */
const mostBehind = 1_000;

/**
 * Makes one RTP stream of packets of several sources, one after another: its sequence numbers and timestamps go on where a
 * source is replaced, or left out for a while, so that the receiver takes nothing for lost.
 */
export class Rewriter {
  readonly #ssrc: number;
  /** Units of the timestamp in a millisecond. */
  readonly #clockRate: number;
  #source: number | null = null;
  #hasSent = false;
  #sequence = 0;
  #timestamp = 0;
  #sentAt = 0;
  #sequenceOffset = 0;
  #timestampOffset = 0;

  constructor(ssrc: number, clockRate: number) {
    this.#ssrc = ssrc;
    this.#clockRate = clockRate;
  }

  /** Packets are left out from here on; the next one follows the last one. */
  pause(): void {
    this.#source = null;
  }

  /** Whether the next packet of this source begins anew: it is the first one, or some before it were left out. */
  startsWith(source: number): boolean {
    return source !== this.#source;
  }

  /** Changes the header in place. `sequence` and `timestamp` are those of the packet as it arrived. */
  rewrite(packet: Buffer, source: number, { sequence, timestamp, nowMs }: RtpPosition): void {
    if (source !== this.#source) this.#startSource(source, { sequence, timestamp, nowMs });
    else this.#shorten(sequence);
    const nextSequence = (sequence + this.#sequenceOffset) & 0xffff;
    const nextTimestamp = (timestamp + this.#timestampOffset) >>> 0;
    // A packet that was overtaken does not move the position back.
    if (!this.#hasSent || ((nextSequence - this.#sequence) & 0xffff) < 0x8000) {
      this.#sequence = nextSequence;
      this.#timestamp = nextTimestamp;
      this.#sentAt = nowMs;
      this.#hasSent = true;
    }
    packet.writeUInt16BE(nextSequence, 2);
    packet.writeUInt32BE(nextTimestamp, 4);
    packet.writeUInt32BE(this.#ssrc, 8);
  }

  #shorten(sequence: number): void {
    const ahead = (sequence + this.#sequenceOffset - this.#sequence) & 0xffff;
    if (ahead <= mostAhead || ahead >= 0x1_0000 - mostBehind) return;
    this.#sequenceOffset = (this.#sequenceOffset - ahead + mostAhead) & 0xffff;
  }

  #startSource(source: number, { sequence, timestamp, nowMs }: RtpPosition): void {
    this.#source = source;
    if (!this.#hasSent) return;
    const passed = Math.max(20, Math.round(nowMs - this.#sentAt)) * this.#clockRate;
    this.#sequenceOffset = (this.#sequence + 1 - sequence) & 0xffff;
    this.#timestampOffset = (this.#timestamp + passed - timestamp) >>> 0;
  }
}

export interface RtpPosition {
  sequence: number;
  timestamp: number;
  nowMs: number;
}

export function positionOf(packet: Buffer, nowMs: number): RtpPosition {
  return { sequence: packet.readUInt16BE(2), timestamp: packet.readUInt32BE(4), nowMs };
}
