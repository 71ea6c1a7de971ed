import { charBefore } from "./characters.ts";
import { namePattern } from "./names.ts";

const name = new RegExp(`@(${namePattern})`, "vy");
const continuesWord = /^[\p{L}\p{M}\p{N}_@.\-]/v;
const address = /[\p{L}\p{N}]\.\p{L}\S*\/$/v;

/** The name after an `@`. Not addressed: inside a word, in `@name@host`, or in the path of an address without scheme. */
export function mentionAt(text: string, at: number): { name: string; end: number; isAddressed: boolean } | null {
  if (continuesWord.test(charBefore(text, at))) return null;
  name.lastIndex = at;
  const match = name.exec(text);
  if (!match) return null;
  const end = at + match[0].length;
  const isInAddress = text.charAt(at - 1) === "/" && address.test(text.slice(Math.max(0, at - 128), at));
  return { name: match[1]!, end, isAddressed: text.charAt(end) !== "@" && !isInAddress };
}
