import { normalized } from "./normalized.ts";

/**
 * A name that can be typed after `@`: letters with their marks, digits, `_`, and inside it `.` and `-`. Letters that
 * show nothing (U+3164, U+115F) are default-ignorable and are none. For regular expressions with the flag `v`.
 */
export const namePattern =
  "[[\\p{L}\\p{N}_]--\\p{DI}](?:[[\\p{L}\\p{N}\\p{Mn}\\p{Mc}_.\\-]--\\p{DI}]*[[\\p{L}\\p{N}\\p{Mn}\\p{Mc}_]--\\p{DI}])?";

// Made at run time, so that no build step rewrites the `v` flag into tables of every letter.
const wholeName = new RegExp(`^${namePattern}$`, "v");
/** Tibetan and pointed Hebrew stack up to four; a tower of more covers the neighbouring lines. */
const tooManyMarks = /\p{M}{5,}/u;

/** Whether a name in NFC can be a username, apart from its length. */
export function isUsername(name: string): boolean {
  return wholeName.test(name) && !tooManyMarks.test(name);
}

/** Equal for names that read the same whatever their case and width: what must be unique, and what a mention finds. */
export function foldName(name: string): string {
  return normalized(name, "NFKC").toLowerCase();
}

const shown = new RegExp("[^\\s\\p{Cc}\\p{Cs}\\p{M}\\p{DI}\\u2800\\uFFF9-\\uFFFB\\u{13441}\\u{13442}\\u{1D159}]", "v");

/** Whether a text shows anything at all: spaces, blank letters and marks without a letter do not. */
export function isVisible(text: string): boolean {
  return shown.test(text);
}

/** Invisible, but for joiners, variation selectors and the letters of flags. */
const ignorable = /(?![\u200C\u200D]|\p{Variation_Selector}|[\u{E0020}-\u{E007F}])\p{Default_Ignorable_Code_Point}/gu;
const bidiControl = /\p{Bidi_Control}/gu;
const blank = /[\p{Z}\u2800]+/gu;
/** Joiners join letters of Arabic and Indic scripts and emoji; elsewhere they only make equal names differ. */
const idleJoiner =
  /(?<=^|[\s\p{Script=Latin}\p{Script=Cyrillic}\p{Script=Greek}\p{N}\u200C\u200D])[\u200C\u200D]+|[\u200C\u200D]+(?=\s|$)/gu;
const idleSelector = /(?<=^|[\s\p{Variation_Selector}])\p{Variation_Selector}+/gu;
/** Tags with the flag that they are of, or without one: a look back for it from each of them would take long. */
const withoutIdleTags = /(\u{1F3F4})?[\u{E0020}-\u{E007F}]+/gu;
const markTower = /(\p{M}{4})\p{M}+/gu;

/** Joiners, selectors and tags, idle or not. */
const joining = /[\u200C\u200D\p{Variation_Selector}\u{E0020}-\u{E007F}]/gu;
/** Of real names the first pass leaves nothing idle. */
const mostPasses = 4;

/**
 * A name for people to read, in NFC and without what is invisible or turns the direction of the text around it.
 * Empty when nothing visible is left. Control characters stay, for the caller to refuse.
 */
export function cleanName(name: string): string {
  const once = passes(name);
  // Made so that each pass leaves something idle for the next, which would take a time that grows with its square.
  const cleaned = once === cleanedOnce(once) ? once : passes(once.replace(joining, ""));
  return isVisible(cleaned) ? cleaned : "";
}

/** What one step removes may leave something idle for the step before. */
function passes(name: string): string {
  let cleaned = cleanedOnce(name);
  for (let pass = 1, before = name; pass < mostPasses && cleaned !== before; pass += 1) {
    before = cleaned;
    cleaned = cleanedOnce(before);
  }
  return cleaned;
}

function cleanedOnce(name: string): string {
  return normalized(name, "NFC")
    .replace(bidiControl, "")
    .replace(ignorable, "")
    .replace(blank, " ")
    .replace(idleJoiner, "")
    .replace(idleSelector, "")
    .replace(withoutIdleTags, keepFlag)
    .replace(markTower, "$1")
    .replace(/^[\p{M}\s]+/u, "")
    .trim();
}

function keepFlag(tags: string, flag: string | undefined): string {
  return flag === undefined ? "" : tags;
}

/** A name inside a sentence: its own direction leaves that of the sentence alone. */
export function isolate(name: string): string {
  return `\u2068${name.replace(bidiControl, "")}\u2069`;
}
