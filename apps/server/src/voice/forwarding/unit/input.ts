import { InputLimit, leastPictureBytes } from "./input-limit.ts";
import type { MediaKind } from "./offer.ts";
import type { EncodingSource } from "./pictures.ts";
import { keyFrameRequest, receiverReportOf, senderTimeIn } from "./rtcp.ts";
import type { Sending } from "./section.ts";

export interface InputOptions {
  mid: string;
  kind: MediaKind;
  /** What is sent beyond this is dropped. */
  bytesPerSecond: number;
  take: (packet: Buffer) => void;
}

/** A section in which a participant sends. */
export class Input implements EncodingSource {
  readonly #options: InputOptions;
  readonly #limit: InputLimit;
  readonly #sending: Sending;
  #ssrc: number | null = null;
  #highest = 0;

  constructor(options: InputOptions, sending: Sending) {
    this.#options = options;
    const { bytesPerSecond, kind } = options;
    this.#limit = kind === "video" ? new InputLimit(bytesPerSecond, leastPictureBytes) : new InputLimit(bytesPerSecond);
    this.#sending = sending;
  }

  /** Sets the source number of the packets, as the participant's answer says. */
  setSource(ssrc: number): void {
    this.#ssrc = ssrc;
  }

  arrived(packet: Buffer): void {
    if (!this.#limit.allows(packet, performance.now())) return;
    this.#highest = packet.readUInt16BE(2);
    this.#options.take(packet);
  }

  requestKeyFrame(): boolean {
    return this.#ssrc !== null && this.#sending.send(keyFrameRequest(this.#ssrc));
  }

  /**
   * Answers the report of a sender of pictures, so that its browser knows how long packets take. That nothing is lost: what it may
   * send is told otherwise, by REMB. Of sound `LossReports` tells.
   */
  reported(datagram: Buffer): void {
    if (this.#ssrc === null || this.#options.kind !== "video") return;
    const answered = senderTimeIn(datagram, this.#ssrc);
    if (answered === null) return;
    this.#sending.send(receiverReportOf(this.#ssrc, { share: 0, total: 0, highest: this.#highest, answered }));
  }
}
