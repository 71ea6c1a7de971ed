import { appendFile, readFile, rename, writeFile } from "node:fs/promises";
import { breakerChange, monitorAlert, monitorSample, securityRecord } from "@miscord/protocol/schemas";
import { z } from "zod";

const entry = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("minute"), value: monitorSample }),
  z.object({ kind: z.literal("alert"), value: monitorAlert }),
  z.object({ kind: z.literal("breaker"), value: breakerChange }),
  z.object({ kind: z.literal("security"), value: securityRecord }),
]);
export type JournalEntry = z.infer<typeof entry>;

/** Beyond so many lines the file is written anew with what still counts. */
const mostLines = 6_000;

/**
 * What monitoring remembers over a restart, a line of JSON each, in a file of its own: it must be writable when the
 * database is not. A line that a crash cut off is skipped; a disk that fails costs history, nothing else.
 */
export class Journal {
  readonly #file: string;
  readonly #onError: (error: unknown) => void;
  #lines = 0;
  #written: Promise<void> = Promise.resolve();

  constructor(file: string, onError: (error: unknown) => void) {
    this.#file = file;
    this.#onError = onError;
  }

  async read(): Promise<JournalEntry[]> {
    const text = await readFile(this.#file, "utf8").catch((error: NodeJS.ErrnoException) => {
      if (error.code !== "ENOENT") this.#onError(error);
      return "";
    });
    return text.split("\n").flatMap(parseLine);
  }

  append(entries: readonly JournalEntry[]): void {
    if (entries.length === 0) return;
    this.#lines += entries.length;
    this.#enqueue(() => appendFile(this.#file, toText(entries), { mode: 0o600 }));
  }

  get isLong(): boolean {
    return this.#lines > mostLines;
  }

  /** Replaces everything. Readers find the old file or the new one, never half of it. */
  rewrite(entries: readonly JournalEntry[]): void {
    this.#lines = entries.length;
    const draft = `${this.#file}.new`;
    this.#enqueue(async () => {
      await writeFile(draft, toText(entries), { mode: 0o600 });
      await rename(draft, this.#file);
    });
  }

  /** Resolves when everything is written. */
  settled(): Promise<void> {
    return this.#written;
  }

  #enqueue(write: () => Promise<void>): void {
    this.#written = this.#written.then(write).catch(this.#onError);
  }
}

function toText(entries: readonly JournalEntry[]): string {
  return entries.map((each) => `${JSON.stringify(each)}\n`).join("");
}

function parseLine(line: string): JournalEntry[] {
  if (line === "") return [];
  try {
    const result = entry.safeParse(JSON.parse(line));
    return result.success ? [result.data] : [];
  } catch {
    return [];
  }
}
