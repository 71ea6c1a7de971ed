import { Worker } from "node:worker_threads";
import type { LinkFacts, LinkReader, MayCall } from "../domain/ports.ts";
import type { AddressRules } from "../outgoing/address-rules.ts";
import { PublicHttps } from "../outgoing/public-https.ts";
import {
  errorOf,
  outcomeOf,
  type Call,
  type FromThread,
  type Outcome,
  type Question,
  type ThreadData,
  type ToThread,
} from "./messages.ts";

const script = new URL("./outgoing-worker.ts", import.meta.url);
const resourceLimits = { maxOldGenerationSizeMb: 128, maxYoungGenerationSizeMb: 8 };
/** The thread ends when it has had nothing to do for so long. */
const idleMs = 60_000;
/** Longer than a call may take by its own deadline: what it works on holds the thread, which is replaced. */
const stuckMs = 20_000;

interface Running {
  readonly end: (outcome: Outcome) => void;
  readonly mayCall: MayCall;
}

/**
 * Calls addresses that somebody else chose in a thread of its own: a handshake with a hundred kilobytes of certificates that are made to be
 * slow to check takes a second, in one piece, and a page may be slow to take apart. Which addresses may be called, and how often, this
 * process decides. The thread starts with the first call.
 */
export class OutgoingThread implements LinkReader {
  readonly #rules: AddressRules;
  readonly #userAgent: string;
  readonly #running = new Map<number, Running>();
  #calls = 0;
  #worker: Worker | null = null;
  #idle: NodeJS.Timeout | undefined;
  #isClosed = false;

  constructor(rules: AddressRules, userAgent: string) {
    this.#rules = rules;
    this.#userAgent = userAgent;
  }

  async read(address: string, mayCall: MayCall): Promise<LinkFacts | null> {
    const outcome = await this.#call({ kind: "read", address }, mayCall);
    const facts = "value" in outcome ? (outcome.value as LinkFacts | null) : null;
    return facts && { ...facts, picture: facts.picture && bufferOf(facts.picture) };
  }

  async readPicture(address: string, mayCall: MayCall): Promise<Buffer | null> {
    const outcome = await this.#call({ kind: "readPicture", address }, mayCall);
    const bytes = "value" in outcome ? (outcome.value as Uint8Array | null) : null;
    return bytes && bufferOf(bytes);
  }

  /** As `PublicHttps.post`. */
  async post(url: string, { headers, body }: { headers: Record<string, string>; body: Buffer }): Promise<number> {
    const outcome = await this.#call({ kind: "post", url, headers, body }, () => Promise.resolve(true));
    if ("value" in outcome) return outcome.value as number;
    throw errorOf(outcome.fault);
  }

  /** As `PublicHttps.check`. */
  check(url: string): Promise<URL> {
    return PublicHttps.check(this.#rules, url);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#end("The server stops.");
  }

  #call(call: Call, mayCall: MayCall): Promise<Outcome> {
    if (this.#isClosed) return Promise.resolve(failed("The server stops."));
    clearTimeout(this.#idle);
    const worker = (this.#worker ??= this.#start());
    const id = (this.#calls += 1);
    const { promise, resolve } = Promise.withResolvers<Outcome>();
    const stuck = setTimeout(() => void this.#end("The thread of outgoing calls was stuck."), stuckMs);
    const end = (outcome: Outcome) => {
      clearTimeout(stuck);
      this.#running.delete(id);
      if (this.#running.size === 0) this.#idle = setTimeout(() => void this.#end("idle"), idleMs).unref();
      resolve(outcome);
    };
    this.#running.set(id, { end, mayCall });
    worker.postMessage({ id, call } satisfies ToThread);
    return promise;
  }

  #start(): Worker {
    const data: ThreadData = { userAgent: this.#userAgent, ca: this.#rules.ca };
    const worker = new Worker(script, { workerData: data, name: "outgoing-worker", resourceLimits });
    worker.unref();
    worker.on("message", (message: FromThread) => {
      if ("id" in message) this.#running.get(message.id)?.end(message.outcome);
      else void this.#answer(worker, message);
    });
    // What it was doing fails, and the next call starts another one.
    worker.on("error", () => {});
    worker.on("exit", () => this.#worker === worker && void this.#end("The thread of outgoing calls has ended."));
    return worker;
  }

  async #answer(worker: Worker, { asked, question }: Extract<FromThread, { asked: number }>): Promise<void> {
    const outcome = await outcomeOf(async () => this.#decide(question));
    worker.postMessage({ asked, outcome } satisfies ToThread);
  }

  #decide(question: Question): unknown {
    if (question.about === "mayCall") return this.#running.get(question.call)?.mayCall(question.text) ?? false;
    return this.#rules[question.about](question.text);
  }

  async #end(why: string): Promise<void> {
    clearTimeout(this.#idle);
    const worker = this.#worker;
    this.#worker = null;
    for (const { end } of this.#running.values()) end(failed(why));
    clearTimeout(this.#idle);
    await worker?.terminate();
  }
}

function failed(message: string): Outcome {
  return { fault: { name: "Error", message, code: undefined } };
}

/** What was a buffer in the thread is an array here. */
function bufferOf({ buffer, byteOffset, byteLength }: Uint8Array): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength);
}
