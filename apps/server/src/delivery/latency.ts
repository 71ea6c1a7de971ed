/** More unanswered messages than this on one channel are not timed. */
const maxMarks = 10_000;

interface Mark {
  seq: number;
  arrivedAt: number;
}

/** Arrival times of a channel's messages, until their delivery is handed over to the last recipient's socket. */
export class LatencyMarks {
  #marks: Mark[] = [];
  #deliveredSeq = 0;

  /** Answers true when that message has been delivered already. */
  add(seq: number, arrivedAt: number): boolean {
    if (seq <= this.#deliveredSeq) return true;
    if (this.#marks.length < maxMarks) this.#marks.push({ seq, arrivedAt });
    return false;
  }

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
