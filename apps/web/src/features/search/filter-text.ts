import { type ChipKind, chipKinds } from "./chip.ts";

export interface FilterText {
  readonly kind: ChipKind;
  /** What follows the colon. */
  readonly value: string;
}

/**
 * Splits what is typed into words and the filter at its end, such as `from:ann`. A filter has its English name, or the one
 * that `nameOf` gives.
 */
export function splitFilter(
  text: string,
  nameOf: (kind: ChipKind) => string,
): { words: string; filter: FilterText | null } {
  for (const kind of chipKinds) {
    for (const name of new Set([kind, nameOf(kind)])) {
      const at = ` ${text.toLowerCase()}`.lastIndexOf(` ${name}:`);
      if (at < 0) continue;
      return { words: text.slice(0, at).trim(), filter: { kind, value: text.slice(at + name.length + 1).trimStart() } };
    }
  }
  return { words: text.trim(), filter: null };
}
