import type { User } from "@miscord/protocol";

export type Suggestion =
  | { readonly kind: "member"; readonly member: User; readonly insert: string }
  | { readonly kind: "everyone" | "here"; readonly insert: string }
  | { readonly kind: "role"; readonly name: string; readonly color: string | null; readonly insert: string }
  | { readonly kind: "emoji"; readonly emoji: string; readonly name: string; readonly insert: string };

/** The unfinished word before the caret that can be completed. */
export interface Query {
  readonly kind: "mention" | "emoji";
  /** The text after `@` or `:`. */
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

const mentionBeforeCaret = /(?<![\p{L}\p{M}\p{N}_@.-])@([\p{L}\p{M}\p{N}_.-]{0,32})$/u;
/** At least two letters, since a lone colon is punctuation. */
const emojiBeforeCaret = /(?<![\p{L}\p{N}_:])[:]([\p{L}\p{N}_+-]{2,32})$/u;

export function queryBefore(text: string, caret: number): Query | null {
  const before = text.slice(Math.max(0, caret - 64), caret);
  const mention = mentionBeforeCaret.exec(before)?.[1];
  const emoji = mention === undefined ? emojiBeforeCaret.exec(before)?.[1] : undefined;
  const found = mention ?? emoji;
  if (found === undefined || isInCode(text.slice(0, caret))) return null;
  const kind = mention === undefined ? "emoji" : "mention";
  return { kind, text: found, start: caret - found.length - 1, end: caret };
}

/** The `:name:` that ends at the caret, or null. */
export function shortcodeBefore(text: string, caret: number): { name: string; start: number } | null {
  const before = text.slice(Math.max(0, caret - 64), caret);
  const name = /(?<![\p{L}\p{N}_:]):([\p{L}\p{N}_+-]{1,32}):$/u.exec(before)?.[1];
  if (name === undefined || isInCode(text.slice(0, caret))) return null;
  return { name, start: caret - name.length - 2 };
}

/** Whether the caret is inside code, where `@` and `:` have no meaning. */
function isInCode(before: string): boolean {
  const fences = before.split("```");
  if (fences.length % 2 === 0) return true;
  const line = fences.at(-1)!.split("\n").at(-1)!;
  return line.split("`").length % 2 === 0;
}
