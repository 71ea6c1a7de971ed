import type { ServerMetrics } from "@miscord/protocol";
import { combineMetrics, workersText, type Figures, type WorkerFigures } from "./figures.ts";

export interface Shed {
  sockets: number;
  withinMs: number;
}

/** What the operator asks of one process. */
export interface OperatorAnswers {
  figures(): Promise<Figures>;
  /** Closes a share of the process's sockets. */
  shed(share: number): Shed;
}

/** The same, asked of all workers; those that do not answer are left out. */
export interface AllWorkers {
  figures(): Promise<WorkerFigures[]>;
  shed(share: number): Promise<Shed[]>;
}

/** What the operator gets at this address: whichever worker takes the request, it answers for all of them. */
export class Operator {
  readonly #own: OperatorAnswers;
  readonly #all: AllWorkers | undefined;

  constructor(own: OperatorAnswers, all: AllWorkers | undefined) {
    this.#own = own;
    this.#all = all;
  }

  async metrics(): Promise<ServerMetrics> {
    const all = (await this.#all?.figures()) ?? [];
    return all.length > 0 ? combineMetrics(all.map(({ metrics }) => metrics)) : (await this.#own.figures()).metrics;
  }

  /** Null when there is one process only, whose text has no label of a worker. */
  async workersText(): Promise<string | null> {
    return this.#all ? workersText(await this.#all.figures()) : null;
  }

  async shed(share: number): Promise<Shed> {
    if (!this.#all) return this.#own.shed(share);
    const all = await this.#all.shed(share);
    return {
      sockets: all.reduce((sum, { sockets }) => sum + sockets, 0),
      withinMs: Math.max(0, ...all.map(({ withinMs }) => withinMs)),
    };
  }
}
