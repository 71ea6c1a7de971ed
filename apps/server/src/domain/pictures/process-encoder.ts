import { fork, type ChildProcess } from "node:child_process";
import { fileURLToPath } from "node:url";
import { Semaphore } from "../../concurrency/semaphore.ts";
import { AppError } from "../../errors.ts";
import type { PictureReply, PictureRequest } from "./picture-worker.ts";
import type { EncodedPicture, PictureEncoder, PictureShape } from "./shape.ts";

export interface EncoderOptions {
  /** A picture that takes longer is refused, and its process is ended. */
  readonly deadlineMs?: number;
  /** The process ends when it has had nothing to do for so long. */
  readonly idleMs?: number;
  readonly onFailure?: (error: Error) => void;
}

/** It has more pixels than are read, or would take more room than is given. */
export class PictureTooLarge extends AppError {
  constructor() {
    super("invalid_request", "The picture is too large.");
  }
}

const script = fileURLToPath(new URL("./picture-worker.ts", import.meta.url));
/** Pictures that wait for their turn. Each is held in memory meanwhile. */
const maxWaiting = 40;

/**
 * Encodes one picture after the other in a process of its own: the codecs are machine code that reads what strangers send,
 * and a fault in them must not end the server. The process starts with the first picture.
 */
export class ProcessEncoder implements PictureEncoder {
  readonly #deadlineMs: number;
  readonly #idleMs: number;
  readonly #onFailure: (error: Error) => void;
  readonly #mutex = new Semaphore(1);
  #child: ChildProcess | null = null;
  #idle: NodeJS.Timeout | undefined;

  constructor({ deadlineMs = 15_000, idleMs = 60_000, onFailure = () => {} }: EncoderOptions = {}) {
    this.#deadlineMs = deadlineMs;
    this.#idleMs = idleMs;
    this.#onFailure = onFailure;
  }

  async encode(bytes: Uint8Array, shape: PictureShape): Promise<EncodedPicture> {
    if (this.#mutex.waitingCount >= maxWaiting) {
      throw new AppError("unavailable", "Too many pictures at once.", { retryAfterMs: 5_000 });
    }
    const reply = await this.#mutex.run(() => this.#ask({ bytes, shape }));
    if (reply instanceof Error) this.#onFailure(reply);
    else if ("value" in reply) return reply.value;
    else if ("tooLarge" in reply) throw new PictureTooLarge();
    throw new AppError("invalid_request", "The picture cannot be read.");
  }

  close(): Promise<void> {
    return this.#end();
  }

  /** The reply, or why there is none. */
  async #ask(request: PictureRequest): Promise<PictureReply | Error> {
    clearTimeout(this.#idle);
    const child = (this.#child ??= this.#start());
    const { promise, resolve } = Promise.withResolvers<PictureReply | Error>();
    const onExit = (code: number | null, signal: string | null) =>
      resolve(new Error(`The encoding process ended with ${signal ?? `code ${code}`}.`));
    const deadline = setTimeout(() => resolve(new Error("The encoding took too long.")), this.#deadlineMs);
    child.on("message", resolve).on("error", resolve).on("exit", onExit);
    child.send(request, (error) => error && resolve(error));
    const reply = await promise;
    clearTimeout(deadline);
    child.off("message", resolve).off("error", resolve).off("exit", onExit);
    if (reply instanceof Error) await this.#end();
    this.#idle = setTimeout(() => void this.#end(), this.#idleMs).unref();
    return reply;
  }

  #start(): ChildProcess {
    const child = fork(script, [], { serialization: "advanced", execArgv: ["--max-old-space-size=64"] });
    // One that dies between two pictures is replaced with the next one.
    child.on("error", () => {});
    child.on("exit", () => {
      if (this.#child === child) this.#child = null;
    });
    child.unref();
    child.channel?.unref();
    return child;
  }

  async #end(): Promise<void> {
    clearTimeout(this.#idle);
    const child = this.#child;
    this.#child = null;
    child?.kill("SIGKILL");
  }
}
