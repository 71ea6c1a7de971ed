import { emojiMarksIn } from "@miscord/text";
import { isDigit, isWordCode, type FoldedText } from "./letters.ts";
import type { PreparedText } from "./match-words.ts";

const joiner = 0x200d;
const emojiSign = 0xfe0f;
const keycap = 0x20e3;
const isFlagLetter = (point: number) => point >= 0x1f1e6 && point <= 0x1f1ff;
const isTone = (point: number) => point >= 0x1f3fb && point <= 0x1f3ff;
const pictograph = /^\p{Extended_Pictographic}$/u;

/** Emoji as people see them: a flag, a family, a hand with a colour or an emoji of a server is one. */
export function countEmoji(text: string): number {
  let count = emojiMarksIn(text).length;
  let before = 0;
  let flagLetters = 0;
  for (let index = 0; index < text.length;) {
    const point = text.codePointAt(index)!;
    index += point > 0xffff ? 2 : 1;
    if (isFlagLetter(point)) {
      flagLetters += 1;
      if (flagLetters % 2 === 1) count += 1;
    } else {
      flagLetters = 0;
      if (point === keycap) count += 1;
      else if (before !== joiner && !isTone(point) && isPictograph(point, text.charCodeAt(index))) count += 1;
    }
    before = point;
  }
  return count;
}

/** ©, ↔ and the like are emoji only with the sign that says so. */
function isPictograph(point: number, next: number): boolean {
  if (point < 0xa9) return false;
  return (
    (point >= 0x1f000 || next === emojiSign || (point >= 0x2600 && point < 0x2800)) &&
    pictograph.test(String.fromCodePoint(point))
  );
}

const codeOrAddress = /`[^`\n]{1,2000}`|```[^]*?(?:```|$)|https?:\/\/\S+|<a?[@#:][^>\s]{1,60}>/gu;

/** Letters that have two cases and are written as capitals, and all of them, outside of code and addresses. */
export function countCapitals(text: string): { capitals: number; letters: number } {
  const shown = text.replace(codeOrAddress, " ");
  const capitals = shown.match(/\p{Lu}/gu)?.length ?? 0;
  const others = shown.match(/\p{Ll}/gu)?.length ?? 0;
  return { capitals, letters: capitals + others };
}

/** How often the same words come again: all words by the number of different ones. 0 with fewer than `atLeast` words. */
export function repetition({ text: { codes }, tokens }: PreparedText, atLeast: number): number {
  if (tokens.length < atLeast) return 0;
  const different = new Set(
    tokens.map(({ start, end }) => String.fromCharCode(...codes.subarray(start, Math.min(end, start + 40)))),
  );
  return tokens.length / different.size;
}

/** Equal for texts that differ only in case, signs, numbers, spaces, look-alikes of other scripts and repeated letters. */
export function digestOf({ codes, length }: FoldedText): string {
  let hash = 0x811c9dc5;
  let before = 0;
  let counted = 0;
  for (let at = 0; at < length; at += 1) {
    const code = codes[at]!;
    if (!isWordCode(code) || isDigit(code) || code === before) continue;
    before = code;
    counted += 1;
    hash = Math.imul(hash ^ code, 0x01000193) >>> 0;
  }
  // A text without letters counts as itself.
  if (counted === 0) for (let at = 0; at < length; at += 1) hash = Math.imul(hash ^ codes[at]!, 0x01000193) >>> 0;
  return `${hash.toString(36)}.${Math.min(counted, length).toString(36)}`;
}
