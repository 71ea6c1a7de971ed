import { isolate } from "@miscord/text";

const examplesAtMost = 5;
const listedAtMost = 10_000;
const exampleLength = 120;

/** Counts what was made and what had no place, with a few examples of each. */
export class Report {
  readonly #made = new Map<string, number>();
  readonly #lost = new Map<string, { count: number; examples: string[] }>();

  made(what: string, count = 1): void {
    if (count > 0) this.#made.set(what, (this.#made.get(what) ?? 0) + count);
  }

  /** `example`: of the export, and so of anybody. */
  lost(what: string, example?: string, count = 1, atMost = examplesAtMost): void {
    let entry = this.#lost.get(what);
    if (!entry) this.#lost.set(what, (entry = { count: 0, examples: [] }));
    entry.count += count;
    const text = example === undefined ? "" : printable(example);
    if (text && entry.examples.length < atMost && !entry.examples.includes(text)) entry.examples.push(text);
  }

  /** The same with each one named, for what the operator has to do something about. */
  listed(what: string, name: string): void {
    this.lost(what, name, 1, listedAtMost);
  }

  text(): string {
    const made = [...this.#made].map(([what, count]) => `  ${what.padEnd(28)}${count}`);
    const lost = [...this.#lost].flatMap(([what, { count, examples }]) => [
      `  ${what}: ${count}`,
      ...examples.map((example) => `    ${example}`),
    ]);
    return [...made, ...(lost.length > 0 ? ["What has no place here, or was left out:", ...lost] : [])].join("\n");
  }
}

/** One short line that no terminal takes for a command. */
export function printable(text: string): string {
  const line = text
    .toWellFormed()
    .replaceAll(/[\p{Cc}\p{Cf}\s]+/gu, " ")
    .trim();
  return line === "" ? "" : isolate(line.slice(0, exampleLength).toWellFormed());
}
