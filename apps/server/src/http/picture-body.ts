import type { IncomingMessage } from "node:http";
import type { FastifyInstance, FastifyRequest } from "fastify";
import { limits } from "@miscord/protocol";
import { KeyedSemaphore } from "../concurrency/keyed-semaphore.ts";
import { AppError } from "../errors.ts";
import type { BodyDeadlines } from "./body-deadlines.ts";
import { onFinished } from "./on-finished.ts";
import { sessionOf } from "./session.ts";

/** Bytes of an uploaded picture. Browsers crop and shrink them; animations come as they are. */
const maxPictureBytes = 8 * 1024 * 1024;
/** What is uploaded as a body of its own. */
interface BodyKind {
  type: RegExp;
  maxBytes: number;
  /** Of the refusal of anything else. */
  one: string;
}

const pictureBody: BodyKind = { type: /^image\//, maxBytes: maxPictureBytes, one: "A picture" };
export const soundBody: BodyKind = {
  type: /^(?:audio\/|application\/ogg)/,
  maxBytes: limits.soundBytes,
  one: "A sound",
};

/** Each is in memory as a whole: at most 24 MiB of a user, and 256 MiB of all users of a node. */
const atOnce = { ofUser: 3, ofAll: 32 };
/** A body that has been arriving for so long gives way to one of somebody who has none, when there is no other room. */
const patienceMs = 60_000;

/** A body that has not come as a whole yet. */
interface Arriving {
  readonly userId: number;
  readonly since: number;
  /** Ends its connection, and gives its place back. */
  readonly cut: () => void;
}

/** Bodies that are pictures or sounds, and how many of them a node holds at once. */
export class PictureBodies {
  readonly #deadlines: BodyDeadlines;
  /** Requests whose body is arriving, or whose answer has not left, by user id. */
  readonly #requests = new Held();
  /** The one that began first in front. */
  readonly #arriving = new Set<Arriving>();
  /** Pictures that are worked on, by user id: that goes on when the client has left without its answer. */
  readonly #works = new Held();
  /** Each may take seconds, one after the other for all users: of one user one at a time, so that others' come in between. */
  readonly #turns = new KeyedSemaphore<number>(1);

  constructor(deadlines: BodyDeadlines) {
    this.#deadlines = deadlines;
  }

  /**
   * Adds routes whose body is a picture or a sound: `content-type: image/…`, the bytes themselves. To be called in a scope of its own,
   * after authentication. One too many at once is refused before its body is read.
   */
  accept(scope: FastifyInstance, kind = pictureBody): void {
    scope.addHook("preParsing", async (request, reply) => {
      if (!isOf(kind, request)) return;
      const { userId } = sessionOf(request);
      const release = this.#requests.take(userId) ?? (this.#makeRoom(userId) ? this.#requests.take(userId) : null);
      if (!release) {
        reply.header("connection", "close");
        throw tooMany();
      }
      onFinished(request.raw, reply.raw, release);
      this.#watch(request.raw, {
        userId,
        since: performance.now(),
        cut: () => {
          release();
          this.#deadlines.end(request.raw, reply.raw);
        },
      });
      this.#deadlines.allowUpload(request.raw);
    });
    const options = { parseAs: "buffer", bodyLimit: kind.maxBytes } as const;
    scope.addContentTypeParser(kind.type, options, (_request, body, done) => done(null, body));
  }

  #watch(request: IncomingMessage, arriving: Arriving): void {
    if (request.closed) return;
    this.#arriving.add(arriving);
    request.once("close", () => this.#arriving.delete(arriving));
  }

  /**
   * Cuts off a body that is arriving, so that a few who send theirs as slowly as they may do not keep everybody else out: one of
   * whoever has most, or the one that takes longest.
   */
  #makeRoom(userId: number): boolean {
    const own = this.#requests.of(userId);
    if (own >= atOnce.ofUser) return false;
    const others = [...this.#arriving].filter((one) => one.userId !== userId);
    const most = Math.max(0, ...others.map((one) => this.#requests.of(one.userId)));
    const now = performance.now();
    const found =
      most > own + 1
        ? others.find((one) => this.#requests.of(one.userId) === most)
        : others.find(({ since }) => own === 0 && now - since >= patienceMs);
    if (!found) return false;
    this.#arriving.delete(found);
    found.cut();
    return true;
  }

  /** Works with the picture, or the sound, that is the request's body. */
  async use<Value>(
    request: FastifyRequest,
    work: (bytes: Buffer) => Promise<Value>,
    kind = pictureBody,
  ): Promise<Value> {
    const { body } = request;
    if (!isOf(kind, request) || !Buffer.isBuffer(body) || body.length === 0) {
      throw new AppError("unsupported_media", `${kind.one} is uploaded as the body, with its content type.`);
    }
    const { userId } = sessionOf(request);
    const release = this.#works.take(userId);
    if (!release) throw tooMany();
    try {
      return await this.#turns.run(userId, () => work(body));
    } finally {
      release();
    }
  }
}

class Held {
  readonly #byUser = new Map<number, number>();
  #all = 0;

  of(userId: number): number {
    return this.#byUser.get(userId) ?? 0;
  }

  /** The function that gives it back, once; null when there are too many. */
  take(userId: number): (() => void) | null {
    if (this.of(userId) >= atOnce.ofUser || this.#all >= atOnce.ofAll) return null;
    this.#add(userId, 1);
    let isHeld = true;
    return () => {
      if (isHeld) this.#add(userId, -1);
      isHeld = false;
    };
  }

  #add(userId: number, more: 1 | -1): void {
    const own = this.of(userId) + more;
    this.#all += more;
    if (own > 0) this.#byUser.set(userId, own);
    else this.#byUser.delete(userId);
  }
}

function isOf({ type }: BodyKind, { headers }: FastifyRequest): boolean {
  return type.test(headers["content-type"] ?? "");
}

function tooMany(): AppError {
  return new AppError("rate_limited", "Too many uploads at once.", { retryAfterMs: 2_000 });
}
