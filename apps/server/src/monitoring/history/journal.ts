import { appendFile, readFile, rename, writeFile } from "node:fs/promises";
import { breakerChange, monitorAlert, monitorSample, securityRecord } from "@miscord/protocol/schemas";
import { z } from "zod";

const entry = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("minute"), value: monitorSample }),
  /** Of all nodes together, when there are several. */
  z.object({ kind: z.literal("instance"), value: monitorSample }),
  z.object({ kind: z.literal("alert"), value: monitorAlert }),
  z.object({ kind: z.literal("breaker"), value: breakerChange }),
  z.object({ kind: z.literal("security"), value: securityRecord }),
]);
export type JournalEntry = z.infer<typeof entry>;

/** Above this many lines the file is rewritten without outdated entries. */
const maxLines = 6_000;

/**
 * Monitoring data kept over a restart, one JSON object per line. It is a file of its own because it must be writable
 * when the database is not. An incomplete line is skipped; a failing disk costs the history and nothing else.
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
    return this.#lines > maxLines;
  }

  /** Replaces the file atomically. */
  rewrite(entries: readonly JournalEntry[]): void {
    this.#lines = entries.length;
    const temporary = `${this.#file}.new`;
    this.#enqueue(async () => {
      await writeFile(temporary, toText(entries), { mode: 0o600 });
      await rename(temporary, this.#file);
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
