import type { Track } from "node-datachannel";
import { attempt, guarded } from "./guard.ts";

/** Where packets are sent, and whether that is possible at present. */
export interface Sending {
  readonly isOpen: boolean;
  /** Whether it was sent. */
  send(packet: Buffer): boolean;
}

/** The section of a connection that the engine knows. Nothing that is done with it throws. */
export class Section implements Sending {
  readonly #track: Track;
  /** The engine is asked until it is open, and again when something could not be sent: each question takes longer than the rest. */
  #isOpen = false;

  constructor(track: Track) {
    this.#track = track;
  }

  get isOpen(): boolean {
    this.#isOpen ||= attempt(() => this.#track.isOpen(), false);
    return this.#isOpen;
  }

  send(message: Buffer): boolean {
    if (!this.isOpen) return false;
    try {
      this.#isOpen = this.#track.sendMessageBinary(message);
    } catch {
      this.#isOpen = false;
    }
    return this.#isOpen;
  }

  onMessage(take: (message: Buffer) => unknown): void {
    this.#track.onMessage(guarded(take));
  }

  /** The engine holds the callback, with all that it refers to, until then, also after the connection was closed. */
  close(): void {
    attempt(() => this.#track.close(), undefined);
  }
}
