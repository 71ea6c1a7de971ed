import { charBefore } from "./characters.ts";
import { namePattern } from "./names.ts";

const name = new RegExp(`@(${namePattern})`, "vy");
const continuesWord = /^[\p{L}\p{M}\p{N}_@.\-]/v;
const address = /[\p{L}\p{N}]\.\p{L}\S*\/$/v;

/**
 * The name after an `@`. Not addressed: inside a word, in `@name@host`, or in the path of an address without scheme.
 * `isAfterMarks`: the character before opens emphasis. `underscores`: how many `_` opened emphasis before, which the
 * last ones of the name may close, as in `_@bob_`.
 */
export function mentionAt(
  text: string,
  at: number,
  isAfterMarks: boolean,
  underscores: number,
): { name: string; end: number; isAddressed: boolean } | null {
  if (!isAfterMarks && continuesWord.test(charBefore(text, at))) return null;
  name.lastIndex = at;
  const match = name.exec(text);
  if (!match) return null;
  const typed = match[1]!;
  const closes = underscores > 0 && typed.length > underscores && typed.endsWith("_".repeat(underscores));
  const named = closes ? typed.slice(0, -underscores) : typed;
  const end = at + 1 + named.length;
  const isInAddress = text.charAt(at - 1) === "/" && address.test(text.slice(Math.max(0, at - 128), at));
  return { name: named, end, isAddressed: text.charAt(end) !== "@" && !isInAddress };
}
