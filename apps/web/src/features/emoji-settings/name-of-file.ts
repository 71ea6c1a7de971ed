import { limits } from "@miscord/protocol";

const latin: Readonly<Record<string, string>> = Object.fromEntries(
  (
    "а=a б=b в=v г=g д=d е=e ё=e ж=zh з=z и=i й=y к=k л=l м=m н=n о=o п=p р=r с=s т=t у=u ф=f х=kh ц=ts ч=ch ш=sh щ=shch " +
    "ъ= ы=y ь= э=e ю=yu я=ya"
  )
    .split(" ")
    .map((pair) => pair.split("=") as [string, string]),
);

export interface NamedFile {
  name: string;
  aliases: readonly string[];
}

/**
 * The name of an emoji by the name of its file: Russian letters become Latin ones, everything else that is neither letter nor
 * digit `_`, and a number tells it from names that are taken. A Russian name is an alias besides.
 */
export function nameOfEmojiFile(filename: string, taken: readonly string[]): NamedFile {
  const base = filename.replace(/\.[^.]+$/, "").normalize("NFC");
  const letters = base.replace(/[а-яё]/giu, (letter) => matchCase(letter, latin[letter.toLowerCase()]!));
  const plain = letters
    .replace(/\W+/g, "_")
    .replace(/^_+|_+$/g, "")
    .slice(0, limits.emojiNameLength);
  const name = plain.length < limits.emojiNameMin ? `emoji${plain && `_${plain}`}` : plain;
  const words = base
    .replace(/[\s_]+/g, " ")
    .trim()
    .toLowerCase();
  const isRussian = /[а-яё]/iu.test(base) && words.length <= limits.emojiAliasLength && !words.includes(",");
  return { name: freeName(name, taken, "_"), aliases: isRussian ? [words] : [] };
}

/** The name of a sticker: that of its file, with spaces in place of what cannot be in it. */
export function nameOfStickerFile(filename: string, taken: readonly string[]): NamedFile {
  const words = filename
    .replace(/\.[^.]+$/, "")
    .normalize("NFC")
    .replace(/[^\p{L}\p{M}\p{N}'’!?-]+/gu, " ")
    .trim();
  const name = words.charAt(0).toUpperCase() + words.slice(1, limits.emojiNameLength).trimEnd();
  return { name: freeName(isStickerName(name) ? name : `Sticker ${name}`.trim(), taken, " "), aliases: [] };
}

function matchCase(letter: string, latinLetter: string): string {
  return letter === letter.toLowerCase() ? latinLetter : latinLetter.charAt(0).toUpperCase() + latinLetter.slice(1);
}

function freeName(name: string, taken: readonly string[], between: string): string {
  for (let number = 1; ; number += 1) {
    const end = number === 1 ? "" : `${between}${number}`;
    const candidate = name.slice(0, limits.emojiNameLength - end.length) + end;
    if (!taken.includes(candidate)) return candidate;
  }
}

export function isEmojiName(name: string): boolean {
  return name.length >= limits.emojiNameMin && name.length <= limits.emojiNameLength && /^\w+$/.test(name);
}

export function isStickerName(name: string): boolean {
  const length = name.trim().length;
  return length >= limits.emojiNameMin && length <= limits.emojiNameLength && /^[\p{L}\p{M}\p{N} '’!?-]+$/u.test(name);
}
