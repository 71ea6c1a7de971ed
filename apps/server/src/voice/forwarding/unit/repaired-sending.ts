import { Resends } from "./resends.ts";
import type { Sending } from "./section.ts";

/** Where the pictures of one stream are sent: packets that their receiver has missed are sent again. */
export class RepairedSending implements Sending {
  readonly #sending: Sending;
  readonly #ssrc: number;
  readonly #resends = new Resends();

  constructor(sending: Sending, ssrc: number) {
    this.#sending = sending;
    this.#ssrc = ssrc;
  }

  get isOpen(): boolean {
    return this.#sending.isOpen;
  }

  send(packet: Buffer): boolean {
    this.#resends.keep(packet);
    return this.#sending.send(packet);
  }

  /** Sends again what a datagram of RTCP packets says that the receiver has missed. */
  resend(feedback: Buffer): void {
    for (const packet of this.#resends.asked(feedback, this.#ssrc)) this.#sending.send(packet);
  }
}
