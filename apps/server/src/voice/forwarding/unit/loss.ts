import { receiverReportOf } from "./rtcp.ts";

/** How often a sender of sound is told what was lost. */
const reportMs = 1_000;
/** What a listener has reported holds for this long. */
const freshMs = 5_000;
/** Redundancy for more than this share would cost more than it helps. */
const mostLoss = 0.3;

/**
 * Tells a participant's browser how much of its voice is lost on its way to the unit, or to the listener who loses most. Opus
 * sends each frame a second time then, in a smaller form, and the listener rebuilds what is missing (in-band FEC).
 */
export class LossReports {
  readonly #send: (report: Buffer) => unknown;
  #source = 0;
  /** Extended by the number of times that the sequence number began anew. */
  #highest = -1;
  #received = 0;
  #reported = { highest: 0, received: 0, lost: 0, at: 0 };

  constructor(send: (report: Buffer) => unknown) {
    this.#send = send;
  }

  /** `lostByListeners`: asked for the largest share that a listener has lost, when a report is due. */
  received(packet: Buffer, nowMs: number, lostByListeners: () => number): void {
    const [sequence, source] = [packet.readUInt16BE(2), packet.readUInt32BE(8)];
    if (source !== this.#source || this.#highest < 0) this.#begin(source, sequence, nowMs);
    const ahead = (sequence - this.#highest) & 0xffff;
    if (ahead < 0x8000) this.#highest += ahead;
    this.#received += 1;
    if (nowMs - this.#reported.at >= reportMs) this.#report(nowMs, lostByListeners());
  }

  #begin(source: number, sequence: number, nowMs: number): void {
    this.#source = source;
    this.#highest = sequence - 1;
    this.#received = 0;
    this.#reported = { highest: this.#highest, received: 0, lost: 0, at: nowMs };
  }

  #report(nowMs: number, lostByListeners: number): void {
    const expected = this.#highest - this.#reported.highest;
    const lost = expected <= 0 ? 0 : 1 - (this.#received - this.#reported.received) / expected;
    const share = Math.min(mostLoss, Math.max(0, lost, lostByListeners));
    const total = this.#reported.lost + Math.round(share * Math.max(0, expected));
    this.#reported = { highest: this.#highest, received: this.#received, lost: total, at: nowMs };
    this.#send(receiverReportOf(this.#source, { share, total, highest: this.#highest }));
  }
}

/** The loss that a listener has reported of one voice. */
export class HeardLoss {
  #share = 0;
  #at = -Infinity;

  note(share: number, nowMs: number): void {
    this.#share = share;
    this.#at = nowMs;
  }

  share(nowMs: number): number {
    return nowMs - this.#at < freshMs ? this.#share : 0;
  }
}
