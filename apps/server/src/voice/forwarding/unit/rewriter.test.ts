import { expect, test } from "vitest";
import { positionOf, Rewriter } from "./rewriter.ts";

/** How often the numbers have begun anew, as the ends of an SRTP stream count it (RFC 3711, 3.3.1). */
class Rounds {
  count = 0;
  #highest: number | null = null;

  next(sequence: number): number {
    const highest = (this.#highest ??= sequence);
    let round = this.count;
    if (highest < 0x8000) round -= sequence - highest > 0x8000 ? 1 : 0;
    else round += highest - 0x8000 > sequence ? 1 : 0;
    if (round > this.count || (round === this.count && sequence > highest)) this.#highest = sequence;
    this.count = Math.max(this.count, round);
    return round;
  }
}

/** The numbers that a receiver gets of a source whose packets have these. */
function rewritten(sequences: readonly number[]): number[] {
  const rewriter = new Rewriter(1_000, 48);
  return sequences.map((sequence, at) => {
    const packet = Buffer.alloc(12);
    packet.writeUInt16BE(sequence & 0xffff, 2);
    rewriter.rewrite(packet, 1, positionOf(packet, 20 * at));
    return packet.readUInt16BE(2);
  });
}

test("a source that leaps takes the stream from nobody who misses some of its packets", () => {
  const leaps = Array.from({ length: 300 }, (_, at) => at * 0x7fff);
  const numbers = rewritten(leaps);
  const sender = new Rounds();
  const sent = numbers.map((sequence) => ({ sequence, round: sender.next(sequence) }));
  for (let missed = 1; missed < 100; missed += 1) {
    const receiver = new Rounds();
    const arrived = sent.filter((_, at) => at < missed || at >= missed + 100);
    expect(arrived.map(({ sequence }) => receiver.next(sequence))).toEqual(arrived.map(({ round }) => round));
  }
});

test("what is lost or overtaken on the way stays so for the receiver", () => {
  expect(rewritten([65_530, 65_534, 65_533, 3, 40])).toEqual([65_530, 65_534, 65_533, 3, 40]);
  // Of a longer gap a part is left, so that the receiver knows that something is missing.
  expect(rewritten([100, 400, 401, 399, 403])).toEqual([100, 150, 151, 149, 153]);
  expect(rewritten([100, 30_000, 29_999, 100, 101])).toEqual([100, 150, 149, 200, 201]);
});
