import type { Entry, Results } from "./results.ts";

/** A Markdown table: the first column is aligned left, the others right. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const rule = head.map((_, index) => (index === 0 ? "---" : "---:"));
  return [head, rule, ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}

export interface Format {
  scale?: number;
  digits?: number;
  unit?: string;
}

/** The median, with the lowest and the highest run if there were several. */
export function figure(
  entry: Entry | undefined,
  name: string,
  { scale = 1, digits = 1, unit = "" }: Format = {},
): string {
  const median = entry?.median[name];
  if (entry === undefined || median === undefined) return "·";
  const text = (value: number): string => (value * scale).toFixed(digits);
  const [least, greatest] = entry.spread[name] ?? [median, median];
  const spread = entry.runs > 1 && text(least) !== text(greatest) ? ` (${text(least)}–${text(greatest)})` : "";
  return `${text(median)}${unit}${spread}`;
}

export function find(results: Results | null, contestant: string, point?: number): Entry | undefined {
  return results?.entries.find(
    (entry) => entry.contestant === contestant && (point === undefined || entry.point === point),
  );
}

/** Contestants in the order in which they ran. */
export function contestantsOf(results: Results): { name: string; label: string }[] {
  const labels = new Map(results.entries.map(({ contestant, label }) => [contestant, label]));
  return [...labels].map(([name, label]) => ({ name, label }));
}

export function pointsOf(results: Results): number[] {
  return [...new Set(results.entries.map(({ point }) => point))].toSorted((a, b) => a - b);
}
