const transportFeedback = 205;
/** Packets that are kept, for how long, and how often one is sent again at most. What comes later is shown no more. */
const most = 512;
const keptMs = 2_000;
const mostTimes = 3;

/** The latest packets of a picture, which are sent once more when their receiver has missed them. */
export class Resends {
  readonly #packets = new Map<number, { packet: Buffer; at: number; times: number }>();

  keep(packet: Buffer, nowMs = performance.now()): void {
    const sequence = packet.readUInt16BE(2);
    this.#packets.delete(sequence);
    this.#packets.set(sequence, { packet: Buffer.from(packet), at: nowMs, times: 0 });
    for (const [oldest, { at }] of this.#packets) {
      if (this.#packets.size <= most && nowMs - at < keptMs) return;
      this.#packets.delete(oldest);
    }
  }

  /** Those that a datagram of RTCP packets asks for (RFC 4585, 6.2.1), of the stream with this source number. */
  *asked(datagram: Buffer, ssrc: number): Generator<Buffer> {
    for (const sequence of missedIn(datagram, ssrc)) {
      const kept = this.#packets.get(sequence);
      if (!kept) continue;
      kept.times += 1;
      if (kept.times === mostTimes) this.#packets.delete(sequence);
      yield kept.packet;
    }
  }
}

function* missedIn(datagram: Buffer, ssrc: number): Generator<number> {
  for (let at = 0; at + 12 <= datagram.length;) {
    const end = Math.min(datagram.length, at + 4 * (datagram.readUInt16BE(at + 2) + 1));
    const isRequest = datagram[at + 1] === transportFeedback && (datagram[at]! & 0x1f) === 1;
    if (isRequest && datagram.readUInt32BE(at + 8) === ssrc) {
      for (let entry = at + 12; entry + 4 <= end; entry += 4) yield* sequencesOf(datagram, entry);
    }
    at = end;
  }
}

/** One number, and which of the sixteen that follow. */
function* sequencesOf(datagram: Buffer, entry: number): Generator<number> {
  const [first, following] = [datagram.readUInt16BE(entry), datagram.readUInt16BE(entry + 2)];
  yield first;
  for (let bit = 0; bit < 16; bit += 1) if ((following >> bit) & 1) yield (first + bit + 1) & 0xffff;
}
