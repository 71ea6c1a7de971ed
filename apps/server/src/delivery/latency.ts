/** Most messages of one channel that are timed at once; further ones are not timed. */
const maxMarks = 10_000;

interface Mark {
  seq: number;
  arrivedAt: number;
}

/** Arrival times of a channel's messages, kept until the message is written to the last recipient's socket. */
export class LatencyMarks {
  #marks: Mark[] = [];
  #deliveredSeq = 0;

  /** Returns true when that message was delivered already, and then keeps no mark. */
  add(seq: number, arrivedAt: number): boolean {
    if (seq <= this.#deliveredSeq) return true;
    if (this.#marks.length < maxMarks) this.#marks.push({ seq, arrivedAt });
    return false;
  }

  /** Calls `observe` with the arrival time of each marked message up to `maxSeq`, and forgets these marks. */
  delivered(maxSeq: number, observe: (arrivedAt: number) => void): void {
    if (maxSeq === 0) return;
    this.#deliveredSeq = maxSeq;
    if (this.#marks.length === 0) return;
    const waiting: Mark[] = [];
    for (const mark of this.#marks) {
      if (mark.seq <= maxSeq) observe(mark.arrivedAt);
      else waiting.push(mark);
    }
    this.#marks = waiting;
  }
}
