import type { IncomingMessage, ServerResponse } from "node:http";
import { Readable } from "node:stream";
import type { FastifyInstance } from "fastify";
import { onFinished } from "./on-finished.ts";

/** Files on their way of a node. One of which nothing is read takes 160 KB and an open file. */
const most = 1_000;
/** One of which something was read so lately is in nobody's way, until there are `timesMost` as many. */
const stillMs = 15_000;
const timesMost = 4;

interface UnderWay {
  readonly request: IncomingMessage;
  movedAt: number;
}

/**
 * What clients that do not read hold of files: when too many are on their way, those of which nothing was read for longest are cut
 * off, from however many addresses they were asked for. Others are none the worse.
 */
export class UnreadFiles {
  readonly #settings: { readonly most: number; readonly stillMs: number };
  /** Whose last move is longest ago in front. */
  readonly #underWay = new Set<UnderWay>();

  constructor(settings = { most, stillMs }) {
    this.#settings = settings;
  }

  /** Watches all answers of this server that are read from somewhere while they are sent. */
  watch(app: FastifyInstance): void {
    app.addHook("onSend", async ({ raw: request }, { raw: response }, payload) => {
      if (payload instanceof Readable) this.#add(request, response);
    });
  }

  #add(request: IncomingMessage, response: ServerResponse): void {
    const one = { request, movedAt: performance.now() };
    this.#underWay.add(one);
    const onDrain = () => {
      one.movedAt = performance.now();
      if (this.#underWay.delete(one)) this.#underWay.add(one);
    };
    response.on("drain", onDrain);
    onFinished(request, response, () => this.#underWay.delete(one));
    if (this.#underWay.size > this.#settings.most) this.#cutOff();
  }

  #cutOff(): void {
    const [first] = this.#underWay;
    if (!first) return;
    const moves = performance.now() - first.movedAt < this.#settings.stillMs;
    if (moves && this.#underWay.size <= timesMost * this.#settings.most) return;
    this.#underWay.delete(first);
    first.request.socket.destroy();
  }
}
