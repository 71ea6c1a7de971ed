import { ApiError, importCalls, type MiscordClient } from "@miscord/client";
import { importLimits } from "@miscord/protocol";
import { partsOf, type ChosenExport, type ChosenFile } from "./chosen-export.ts";
import { DamagedArchive } from "./zip-entries.ts";

/** Why an upload came to no end. */
type UploadFault = "otherFiles" | "damaged" | "unreadable" | { error: unknown };

export interface UploadState {
  importId: string;
  sent: number;
  total: number;
  /** All bytes are there. */
  isDone: boolean;
  /** Why it came to no end. */
  fault: UploadFault | null;
  /** Files of the archives that were left out. */
  refused: ChosenExport["refused"];
}

const retryMs = 2_000;
/** Longer without a byte, and whoever uploads is told. */
const attempts = 30;

/**
 * The upload of an export, which goes on while other parts of the page are shown. One that was cut off, or whose page was closed,
 * goes on where it was once the same files are chosen again.
 */
export class ExportUpload {
  readonly #client: MiscordClient;
  readonly #listeners = new Set<() => void>();
  #state: UploadState | null = null;
  #stop = new AbortController();

  constructor(client: MiscordClient) {
    this.#client = client;
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Null: nothing was uploaded from this page. */
  readonly state = (): UploadState | null => this.#state;

  /** Uploads the files of an import and asks for its preview. Faults are in the state. */
  async run(importId: string, { files, refused }: ChosenExport): Promise<void> {
    this.forget();
    const { signal } = this.#stop;
    const total = files.reduce((sum, { size }) => sum + size, 0);
    this.#set({ importId, sent: 0, total, isDone: false, fault: null, refused });
    globalThis.addEventListener("beforeunload", warn);
    try {
      await this.#upload(importId, files, signal);
      if (!signal.aborted && this.#state) this.#set({ ...this.#state, isDone: true });
    } catch (error) {
      if (!signal.aborted && this.#state) this.#set({ ...this.#state, fault: faultOf(error) });
    } finally {
      globalThis.removeEventListener("beforeunload", warn);
    }
  }

  /** Ends the upload, as when the import was cancelled. */
  forget(): void {
    this.#stop.abort();
    this.#stop = new AbortController();
    this.#set(null);
  }

  async #upload(id: string, files: readonly ChosenFile[], signal: AbortSignal): Promise<void> {
    const calls = importCalls(this.#client.rest);
    const placed: { start: number; file: ChosenFile }[] = [];
    let received = 0;
    for (let from = 0; from < files.length; from += importLimits.filesPerCall) {
      const some = files.slice(from, from + importLimits.filesPerCall);
      const body = { files: some.map(({ path, size }) => ({ path, size })) };
      const answer = await insistently(signal, () => calls.addFiles(id, body));
      ({ received } = answer);
      placed.push(...some.map((file, index) => ({ start: answer.starts[index]!, file })));
    }
    placed.sort((a, b) => a.start - b.start || a.file.size - b.file.size);
    // Files that were announced before must be among these, or what comes next cannot be read.
    let end = 0;
    for (const { start, file } of placed) {
      if (start !== end) throw new OtherFiles();
      end = start + file.size;
    }
    await this.#send(id, placed, received, signal);
    await insistently(signal, () => calls.preview(id));
  }

  async #send(
    id: string,
    files: readonly { start: number; file: ChosenFile }[],
    from: number,
    signal: AbortSignal,
  ): Promise<void> {
    const calls = importCalls(this.#client.rest);
    let at = from;
    this.#set({ ...this.#state!, sent: at });
    for await (const part of partsOf(files, from, importLimits.partBytes)) {
      const { received } = await insistently(signal, () => calls.send(id, at, part));
      at += part.size;
      // Another page uploads the same: this one begins anew where that is.
      if (received !== at) return this.#send(id, files, received, signal);
      this.#set({ ...this.#state!, sent: at });
    }
  }

  #set(state: UploadState | null): void {
    this.#state = state;
    for (const listener of this.#listeners) listener();
  }
}

class OtherFiles extends Error {}

function faultOf(error: unknown): UploadFault {
  if (error instanceof OtherFiles) return "otherFiles";
  if (error instanceof ApiError && (error.details as { reason?: string } | undefined)?.reason === "other_files") {
    return "otherFiles";
  }
  if (error instanceof DamagedArchive) return "damaged";
  // A file was moved, changed or deleted since it was chosen.
  if (error instanceof DOMException && error.name === "NotReadableError") return "unreadable";
  return { error };
}

/** Tries again while what stands in the way may pass. */
async function insistently<Value>(signal: AbortSignal, work: () => Promise<Value>): Promise<Value> {
  for (let attempt = 1; ; attempt += 1) {
    signal.throwIfAborted();
    try {
      return await work();
    } catch (error) {
      const mayPass = error instanceof ApiError && ["unavailable", "rate_limited"].includes(error.code);
      if (!mayPass || attempt >= attempts) throw error;
      await new Promise((resolve) => setTimeout(resolve, error.retryAfterMs ?? retryMs));
    }
  }
}

function warn(event: BeforeUnloadEvent): void {
  event.preventDefault();
}

const uploads = new WeakMap<MiscordClient, ExportUpload>();

/** The one of this page. */
export function exportUpload(client: MiscordClient): ExportUpload {
  let upload = uploads.get(client);
  if (!upload) uploads.set(client, (upload = new ExportUpload(client)));
  return upload;
}
