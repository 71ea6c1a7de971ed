import { setTimeout as sleep } from "node:timers/promises";
import { backoffMs } from "../../packages/client/src/connection/backoff.ts";
import type { Connection } from "./connection.ts";
import type { Fleet } from "./fleet.ts";
import { Samples, type Percentiles } from "./latencies.ts";

export interface ComebackReport {
  /** Connections that were lost, and that are up and synced again. */
  lost: number;
  back: number;
  attempts: number;
  /** From the moment at which the server answered again until a connection was in step. */
  backMs: Percentiles;
}

/** Every connection that is lost comes back as the SDK does: with its backoff, resuming at its position. */
export class Comeback {
  #fleet: Fleet;
  #backAt: number[] = [];
  #lost = 0;
  #attempts = 0;

  constructor(fleet: Fleet) {
    this.#fleet = fleet;
    fleet.onClosed = (connection) => {
      this.#lost += 1;
      void this.#bringBack(connection);
    };
  }

  /** Resolves when all are back or the time is up. `readyAt` is on the wall clock, which both processes share. */
  async finish(readyAt: number, limitMs: number): Promise<ComebackReport> {
    const deadline = performance.now() + limitMs;
    while (this.#backAt.length < this.#lost && performance.now() < deadline) await sleep(50);
    this.#fleet.onClosed = () => {};
    const backMs = new Samples();
    for (const at of this.#backAt) backMs.add(at - readyAt);
    return { lost: this.#lost, back: this.#backAt.length, attempts: this.#attempts, backMs: backMs.summary() };
  }

  async #bringBack(connection: Connection): Promise<void> {
    for (let attempt = 0; ; attempt += 1) {
      await sleep(backoffMs(attempt, Math.random));
      this.#attempts += 1;
      try {
        await this.#fleet.bringUp(connection);
        this.#backAt.push(Date.now());
        return;
      } catch {
        connection.drop();
      }
    }
  }
}
