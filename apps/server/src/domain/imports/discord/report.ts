import type { ImportLoss, ImportMade, ImportReport } from "@miscord/protocol";
import { isolate } from "@miscord/text";
import { textOf } from "./report-texts.ts";

const examplesAtMost = 5;
const listedAtMost = 10_000;
const exampleLength = 120;

/**
 * Counts what was made and what had no place, with a few examples of each. `Made` and `Lost` are the words for it: those of
 * imports from Discord have texts, in the interface in both languages.
 */
export class Report<Made extends string = string, Lost extends string = string> {
  readonly #made = new Map<string, number>();
  readonly #lost = new Map<string, { count: number; examples: string[] }>();

  /** Goes on with what an earlier run has counted. */
  constructor(before?: ImportReport) {
    for (const { what, count } of before?.made ?? []) this.#made.set(what, count);
    for (const { what, count, examples } of before?.lost ?? [])
      this.#lost.set(what, { count, examples: [...examples] });
  }

  made(what: Made, count = 1): void {
    if (count > 0) this.#made.set(what, sum(this.#made.get(what) ?? 0, count));
  }

  /** `example`: of the export, and so of anybody. */
  lost(what: Lost, example?: string, count = 1, atMost = examplesAtMost): void {
    let entry = this.#lost.get(what);
    if (!entry) this.#lost.set(what, (entry = { count: 0, examples: [] }));
    entry.count = sum(entry.count, count);
    if (example === undefined || entry.examples.length >= atMost) return;
    const text = printable(example);
    if (text && !entry.examples.includes(text)) entry.examples.push(text);
  }

  /** The same with each one named, for what the operator has to do something about. */
  listed(what: Lost, name: string): void {
    this.lost(what, name, 1, listedAtMost);
  }

  toJSON(): ImportReport {
    return {
      made: [...this.#made].map(([what, count]) => ({ what, count })),
      lost: [...this.#lost].map(([what, { count, examples }]) => ({ what, count, examples: [...examples] })),
    };
  }

  text(): string {
    const made = [...this.#made].map(([what, count]) => `  ${textOf(what, "made").padEnd(28)}${count}`);
    const lost = [...this.#lost].flatMap(([what, { count, examples }]) => [
      `  ${textOf(what, "lost")}: ${count}`,
      ...examples.map((example) => `    ${example}`),
    ]);
    return [...made, ...(lost.length > 0 ? ["What has no place here, or was left out:", ...lost] : [])].join("\n");
  }
}

/** What an export says of itself may be any number: beyond these the report could not be read any more. */
function sum(a: number, b: number): number {
  return Math.min(a + b, Number.MAX_SAFE_INTEGER);
}

/** Of an import from Discord. */
export type DiscordReport = Report<ImportMade, ImportLoss>;

/** One short line that no terminal takes for a command. */
export function printable(text: string): string {
  const line = text
    .toWellFormed()
    .replaceAll(/[\p{Cc}\p{Cf}\s]+/gu, " ")
    .trim();
  return line === "" ? "" : isolate(line.slice(0, exampleLength).toWellFormed());
}
