import type { IncomingMessage, ServerResponse } from "node:http";
import { AppError } from "../errors.ts";
import { onFinished } from "./on-finished.ts";

/** Bytes of answers that have not left yet, of one user and of all users of a node. */
const most = { ofUser: 16 * 1024 * 1024, ofAll: 256 * 1024 * 1024 };
/** Shorter ones are not counted; refusals are among them. */
const countedBytes = 64 * 1024;
const retryAfterMs = 2_000;
/** An answer that has been leaving for so long gives way when there is too much of all users. */
const patienceMs = 10_000;

interface UnderWay {
  readonly request: IncomingMessage;
  readonly since: number;
}

/**
 * What clients that do not read hold in memory: an answer is there as a whole until it has left. Who is sent nothing else
 * gets theirs however much others hold; those that have been leaving for longest are cut off then.
 */
export class AnswersUnderWay {
  readonly #patienceMs: number;
  readonly #byUser = new Map<number, number>();
  /** The one that began first in front. */
  readonly #underWay = new Set<UnderWay>();
  #all = 0;

  constructor(patience = patienceMs) {
    this.#patienceMs = patience;
  }

  /** Counts the answer until it has left. Throws `rate_limited` when there would be too much. */
  add(
    userId: number,
    answer: unknown,
    { request, response }: { request: IncomingMessage; response: ServerResponse },
  ): void {
    const bytes = typeof answer === "string" || Buffer.isBuffer(answer) ? Buffer.byteLength(answer) : 0;
    if (bytes < countedBytes) return;
    const own = this.#byUser.get(userId) ?? 0;
    if (own > 0 && (own + bytes > most.ofUser || this.#all + bytes > most.ofAll)) {
      throw new AppError("rate_limited", "Too much is on its way to you.", { retryAfterMs });
    }
    const one = { request, since: performance.now() };
    this.#underWay.add(one);
    this.#change(userId, bytes);
    onFinished(request, response, () => {
      this.#underWay.delete(one);
      this.#change(userId, -bytes);
    });
    if (this.#all > most.ofAll) this.#cutOff(one.since);
  }

  /** One for each that comes: as many as are too much give way by and by. */
  #cutOff(now: number): void {
    const [first] = this.#underWay;
    if (!first || now - first.since < this.#patienceMs) return;
    this.#underWay.delete(first);
    first.request.socket.destroy();
  }

  #change(userId: number, bytes: number): void {
    const own = (this.#byUser.get(userId) ?? 0) + bytes;
    this.#all += bytes;
    if (own > 0) this.#byUser.set(userId, own);
    else this.#byUser.delete(userId);
  }
}
