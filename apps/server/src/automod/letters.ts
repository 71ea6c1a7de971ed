import { plainTwin } from "@miscord/text/skeleton";

/** What stands for characters that are no letter, digit or sign of `signs`. */
export const space = 0x20;
const mark = 0x2e;
/** Signs that are written in place of letters. */
const signs = "@$€!|+";

const small = "abcdefghijklmnopqrstuvwxyz";
const smallCapitals = "ᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘꞯʀꜱᴛᴜᴠᴡxʏᴢ";
/** Letters of other Cyrillic alphabets, and those that Russian is often written without. */
const cyrillic: Readonly<Record<string, string>> = {
  і: "и",
  ґ: "г",
  є: "е",
  ѕ: "s",
  ј: "j",
  ԁ: "d",
  ԛ: "q",
  ԝ: "w",
  һ: "h",
  ӏ: "l",
  ѵ: "v",
  қ: "к",
  ғ: "г",
  ң: "н",
  ү: "у",
  ұ: "у",
  ҳ: "х",
  ө: "о",
  җ: "ж",
  ҫ: "с",
};

export const isCyrillic = (code: number) => code >= 0x430 && code <= 0x44f;
export const isLatin = (code: number) => code >= 0x61 && code <= 0x7a;
export const isDigit = (code: number) => code >= 0x30 && code <= 0x39;
export const isSign = (code: number) => code !== mark && code !== space && !isWordCode(code);
export const isWordCode = (code: number) => isCyrillic(code) || isLatin(code) || isDigit(code);

/** A text in the few characters that rules compare: `a` to `z`, `а` to `я` without ё and й, digits, signs, `mark`, `space`. */
export interface FoldedText {
  readonly codes: Uint16Array;
  /** Where in the text, in UTF-16 code units, each code comes from. */
  readonly sources: Uint32Array;
  /** 1 where a capital follows a small letter: the beginning of a word in DarkKnight. */
  readonly humps: Uint8Array;
  readonly length: number;
}

/** No character becomes more codes than this, so that folding takes time and memory in proportion to the text. */
const codesPerCharacter = 4;

export function foldText(text: string): FoldedText {
  const size = text.length * codesPerCharacter;
  const codes = new Uint16Array(size);
  const sources = new Uint32Array(size);
  const humps = new Uint8Array(size);
  let length = 0;
  let wasSmall = false;
  for (let index = 0; index < text.length;) {
    const point = text.codePointAt(index)!;
    const folded = foldPoint(point);
    const isCapital = isCapitalPoint(point);
    if (isCapital && wasSmall) humps[length] = 1;
    if (folded !== "") wasSmall = !isCapital && isWordCode(folded.charCodeAt(0));
    for (let at = 0; at < folded.length; at += 1) {
      codes[length] = folded.charCodeAt(at);
      sources[length] = index;
      length += 1;
    }
    index += point > 0xffff ? 2 : 1;
  }
  return { codes, sources, humps, length };
}

const isCapitalPoint = (point: number) =>
  (point >= 0x41 && point <= 0x5a) || (point >= 0x410 && point <= 0x42f) || point === 0x401;

/** Folded characters by code point; those of an alphabet repeat. */
const known = new Map<number, string>();
const knownAtMost = 20_000;

function foldPoint(point: number): string {
  let folded = known.get(point);
  if (folded === undefined) {
    if (known.size >= knownAtMost) known.clear();
    folded = newFold(String.fromCodePoint(point)).slice(0, codesPerCharacter);
    known.set(point, folded);
  }
  return folded;
}

function newFold(character: string): string {
  if (/^[\p{Default_Ignorable_Code_Point}\p{M}\p{Cf}]$/u.test(character)) return "";
  if (/^[\s\u2800\p{Z}]$/u.test(character)) return " ";
  const enclosed = enclosedLetter(character.codePointAt(0)!);
  if (enclosed !== null) return enclosed;
  const plain = character.normalize("NFKD").toLowerCase().normalize("NFKD").replace(/\p{M}/gu, "");
  return Array.from(plain, foldPlain).join("");
}

/** Letters in squares and circles that Unicode does not decompose, and those that make up flags. */
function enclosedLetter(point: number): string | null {
  for (const first of [0x1f150, 0x1f170, 0x1f1e6]) {
    if (point >= first && point < first + 26) return small[point - first]!;
  }
  return null;
}

function foldPlain(character: string): string {
  const code = character.codePointAt(0)!;
  if (isWordCode(code) || signs.includes(character)) return character;
  const twin = cyrillic[character];
  if (twin !== undefined) return twin;
  const capital = smallCapitals.indexOf(character);
  if (capital >= 0) return small[capital]!;
  if (!/^[\p{L}\p{N}]$/u.test(character) || /^\p{Script=Cyrillic}$/u.test(character)) return ".";
  const latin = plainTwin(character).toLowerCase();
  return /^[a-z0-9]+$/.test(latin) ? latin : ".";
}
