import { Turns } from "./turns.ts";

/** How long what waits may take in one turn of the event loop. */
const turnMs = 4;

/** Work in small pieces, for many at the same time, who take turns with each other and with all else. */
export class SharedTurns {
  #waiting: (() => boolean)[] = [];

  /** Calls `next` until it returns false, once for each of its calls for others. */
  add(next: () => boolean): void {
    this.#waiting.push(next);
    if (this.#waiting.length === 1) setImmediate(() => void this.#run());
  }

  async #run(): Promise<void> {
    const turns = new Turns(turnMs);
    for (let next = this.#waiting[0]; next; next = this.#waiting[0]) {
      const isWaiting = next();
      await turns.pause();
      this.#waiting.shift();
      if (isWaiting) this.#waiting.push(next);
    }
  }
}
