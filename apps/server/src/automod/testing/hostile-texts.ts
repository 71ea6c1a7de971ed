/** Texts of at least so many characters that make careless matching slow, by their shape. */
export function hostileTexts(length: number): Record<string, string> {
  const repeat = (text: string) => text.repeat(Math.ceil(length / text.length));
  const each = (make: (index: number) => string) => {
    let text = "";
    for (let index = 0; text.length < length; index += 1) text += make(index);
    return text;
  };
  const letter = (index: number) => String.fromCharCode(0x430 + (index % 32));
  return {
    "one letter": repeat("а"),
    "beginnings of a word": repeat("казин"),
    "beginnings of a word with spaces": repeat("казин "),
    "letters and spaces": repeat("к а з и н "),
    "letters and signs": repeat("к.а.з.и.н.@."),
    "different words with one stem": each(
      (index) => `казин${letter(index)}${letter(index >> 5)}${letter(index >> 10)} `,
    ),
    "different words with double letters": each(
      (index) => `кааз${letter(index)}${letter(index >> 5)}${letter(index >> 10)} `,
    ),
    "different words of both alphabets": each((index) => `кaзи${letter(index)}${letter(index >> 5)} `),
    "short words of both alphabets": repeat("кa зи ho "),
    "letters, digits and signs": repeat("c4$1n@!0|"),
    "beginnings of a phrase": repeat("ставки на "),
    "one word of letters and digits": repeat("к4зин0c4sin0"),
    "letters that become several": repeat("\uFDFA"),
    "letters with marks": repeat("к\u0301\u0302\u0303\u0304"),
    "invisible letters": repeat("\u200B"),
    "letters in circles": repeat("🅲"),
    dots: repeat("."),
    "letters and dots": repeat("a."),
    "addresses without an end": repeat("https://"),
    "one long host": `https://${repeat("a.b")}`,
    "dots in brackets": repeat("[ . ]"),
    "the word dot": repeat(" dot "),
    "invites without a code": repeat("discord . gg / "),
    "broken invites": repeat("discord gg"),
    mentions: repeat("@a "),
    "at signs": repeat("@"),
    backticks: repeat("`"),
    "open code": repeat("```a\n`"),
    brackets: repeat("[]("),
    emoji: repeat("😂"),
    "joined emoji": repeat("👩\u200D"),
    flags: repeat("🇷"),
    capitals: repeat("А"),
    "lone surrogates": repeat("\uD83D"),
    spaces: repeat(" "),
    lines: repeat("\n"),
    "different words": each((index) => `${index.toString(36)} `),
  };
}

/** Parts with one letter twice as often in each: all that fit end at every other letter of a text of them. */
const nested = (affix: (part: string) => string) =>
  Array.from({ length: 29 }, (_, index) => affix("ab".repeat(index + 1)));
/** Phrases of 28 words that differ in the last. */
const longPhrases = Array.from({ length: 300 }, (_, index) => `${"a ".repeat(27)}${(index + 360).toString(36)}`);

/** Rules of words that make careless matching slow, each with its text. */
export const hostileRules: readonly {
  name: string;
  words: string[];
  allowed: string[];
  content: string;
  isMet: boolean;
}[] = [
  { name: "allowed parts", words: ["*cum*"], allowed: ["*docum*"], content: "docum".repeat(2_000), isMet: false },
  {
    name: "nested parts of which the longest is allowed",
    words: nested((part) => `*${part}*`),
    allowed: [`*${"ab".repeat(29)}*`],
    content: "ab".repeat(5_000),
    isMet: false,
  },
  {
    name: "nested parts of an allowed word",
    words: nested((part) => `*${part}*`),
    allowed: ["abab*"],
    content: "ab".repeat(5_000),
    isMet: true,
  },
  {
    name: "nested beginnings",
    words: nested((part) => `${part}*`).slice(1),
    allowed: [],
    content: `b${"ab".repeat(5_000)}`,
    isMet: false,
  },
  { name: "beginnings of long phrases", words: longPhrases, allowed: [], content: "a ".repeat(5_000), isMet: false },
  {
    name: "a phrase after many beginnings",
    words: longPhrases,
    allowed: [],
    content: `${"a ".repeat(1_500)}zz ${"a ".repeat(27)}a0`,
    isMet: true,
  },
];
