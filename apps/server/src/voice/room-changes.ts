import type { Clock, Timer } from "../clock.ts";
import type { RoomEvent, ShownStatus } from "./events.ts";

/** How long speaking and status changes are collected into one event. Signals are never delayed. */
const batchMs = 50;

/** What participants of a room have changed, told to everybody together. */
export class RoomChanges {
  readonly #clock: Clock;
  readonly #tell: (event: RoomEvent) => void;
  #speaking = new Map<number, boolean>();
  #status = new Map<number, ShownStatus>();
  #flush: Timer | null = null;

  constructor(clock: Clock, tell: (event: RoomEvent) => void) {
    this.#clock = clock;
    this.#tell = tell;
  }

  speaks(userId: number, isSpeaking: boolean): void {
    this.#speaking.set(userId, isSpeaking);
    this.#tellSoon();
  }

  changed(userId: number, changes: ShownStatus): void {
    this.#status.set(userId, { ...this.#status.get(userId), ...changes });
    this.#tellSoon();
  }

  /** The participant has left: nothing more is told of them. */
  forget(userId: number): void {
    this.#speaking.delete(userId);
    this.#status.delete(userId);
  }

  cancel(): void {
    this.#flush?.cancel();
  }

  #tellSoon(): void {
    this.#flush ??= this.#clock.setTimeout(() => {
      this.#flush = null;
      const [speaking, status] = [this.#speaking, this.#status];
      this.#speaking = new Map();
      this.#status = new Map();
      if (status.size > 0) this.#tell({ kind: "status", events: status });
      if (speaking.size > 0) this.#tell({ kind: "speaking", events: speaking });
    }, batchMs);
  }
}
