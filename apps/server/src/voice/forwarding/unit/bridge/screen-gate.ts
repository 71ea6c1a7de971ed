import { RepairedSending } from "../repaired-sending.ts";
import type { Sending } from "../section.ts";

/** Where a screen is sent to a client of version 1: open once the client has agreed to receive it. */
export class ScreenGate implements Sending {
  readonly #sending: RepairedSending;
  /** Whether the client has agreed. */
  isOpen = false;

  constructor(sending: Sending, ssrc: number) {
    this.#sending = new RepairedSending(sending, ssrc);
  }

  send(packet: Buffer): boolean {
    return this.#sending.send(packet);
  }

  /** Sends again what the client has missed. */
  resend(feedback: Buffer): void {
    this.#sending.resend(feedback);
  }
}
