import { rm, stat } from "node:fs/promises";
import { Worker } from "node:worker_threads";
import { Semaphore } from "../../concurrency/semaphore.ts";
import { unknownType } from "./content-type.ts";
import type { Inspection, InspectionRequest, UploadInspector } from "./inspection.ts";
import type { InspectionReply } from "./inspection-worker.ts";

export interface InspectorOptions {
  /** An inspection that takes longer is ended, with its worker. */
  readonly deadlineMs?: number;
  readonly onFailure?: (error: Error) => void;
  readonly script?: URL;
}

const workerScript = new URL("./inspection-worker.ts", import.meta.url);
const resourceLimits = { maxOldGenerationSizeMb: 128 };

/**
 * Inspects one upload after the other in a worker, which starts with the first one. A worker that exceeds the deadline
 * or dies is replaced, and the upload that it worked on is a download of unknown type.
 */
export class ThreadedInspector implements UploadInspector {
  readonly #deadlineMs: number;
  readonly #script: URL;
  readonly #onFailure: (error: Error) => void;
  readonly #mutex = new Semaphore(1);
  #worker: Worker | null = null;

  constructor({ deadlineMs = 10_000, onFailure = () => {}, script = workerScript }: InspectorOptions = {}) {
    this.#deadlineMs = deadlineMs;
    this.#script = script;
    this.#onFailure = onFailure;
  }

  inspect(request: InspectionRequest): Promise<Inspection> {
    return this.#mutex.run(async () => {
      const reply = await this.#ask(request);
      if (reply instanceof Error) {
        this.#onFailure(reply);
        await this.close();
        await rm(`${request.path}.clean`, { force: true });
        // Its bytes may have been replaced just before.
        return { contentType: unknownType, size: (await stat(request.path)).size };
      }
      if ("value" in reply) return reply.value;
      throw Object.assign(new Error(reply.error.message), { code: reply.error.code, syscall: "inspect" });
    });
  }

  async close(): Promise<void> {
    const worker = this.#worker;
    this.#worker = null;
    await worker?.terminate();
  }

  /** The worker's reply, or why there is none. */
  async #ask(request: InspectionRequest): Promise<InspectionReply | Error> {
    const worker = (this.#worker ??= this.#start());
    const { promise, resolve } = Promise.withResolvers<InspectionReply | Error>();
    const fail = (error: unknown) => resolve(error instanceof Error ? error : new Error(String(error)));
    const onExit = (code: number) => fail(`The inspection worker ended with code ${code}.`);
    const deadline = setTimeout(() => fail("The inspection took too long."), this.#deadlineMs);
    worker.on("message", resolve).on("error", fail).on("exit", onExit);
    worker.postMessage(request);
    const reply = await promise;
    clearTimeout(deadline);
    worker.off("message", resolve).off("error", fail).off("exit", onExit);
    return reply;
  }

  #start(): Worker {
    const worker = new Worker(this.#script, { name: "inspection-worker", resourceLimits });
    // One that dies between two requests: without a listener its error would end the process.
    worker.on("error", () => {});
    worker.on("exit", () => {
      if (this.#worker === worker) this.#worker = null;
    });
    return worker;
  }
}
