import table from "unhomoglyph/data.json" with { type: "json" };
import { normalized } from "./normalized.ts";

/** By character. The package's own function makes one regular expression of all of them, which takes megabytes. */
const twins: Readonly<Record<string, string>> = table;

/**
 * Equal for names that look alike in a usual font, by Unicode's table of confusables (UTS 39): `аlice` with a Cyrillic
 * letter, `aIice`, `a1ice`. Not for people to read. Upper and lower case of one letter look like different letters
 * (`I` like `l`), so the table is applied before and after folding; `i` and `l` count as one, since `I` is both.
 */
export function skeletonOf(name: string): string {
  const folded = lookAlikes(normalized(name, "NFKC")).toLowerCase();
  return lookAlikes(folded).toLowerCase().replaceAll("i", "l");
}

/** The character, or the Latin letters or other usual ones that it looks like, by the same table. */
export function plainTwin(character: string): string {
  return replaced(character);
}

function replaced(text: string): string {
  return Array.from(text, (character) => twins[character] ?? character).join("");
}

function lookAlikes(text: string): string {
  const letters = text.normalize("NFD").replace(/\p{Default_Ignorable_Code_Point}/gu, "");
  return replaced(letters.replace(/[\p{Script=Cyrillic}\p{Script=Greek}]/gu, latinTwin)).normalize("NFD");
}

/** The table knows `К` and not `к`: a letter without a Latin look-alike takes that of its upper case. */
function latinTwin(letter: string): string {
  if (/^[A-Za-z]+$/.test(replaced(letter))) return letter;
  const upper = replaced(letter.toUpperCase());
  return /^[A-Z]$/.test(upper) ? upper.toLowerCase() : letter;
}
