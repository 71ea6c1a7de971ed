/** Letters, digits, marks: what words are made of in every script, without letters that show nothing. */
export const isWord = (char: string): boolean => /^[\p{L}\p{M}\p{N}]/u.test(char);

/** Also the beginning and the end of a text, given as "". */
export const isSpace = (char: string): boolean => char === "" || /^\s/u.test(char);

const symbol = /^(?![\p{Ps}\p{Pe}\p{Pi}\p{Pf}\p{Extended_Pictographic}"'@`|\\])[\p{P}\p{S}]/u;
/** Punctuation that neither quotes nor encloses: `-`, `>`, `^`, `.`. */
export const isSymbol = (char: string): boolean => symbol.test(char);

export const opensPhrase = (char: string): boolean => /^[\p{Ps}\p{Pi}]/u.test(char);
export const endsPhrase = (char: string): boolean => /^[\p{Pe}\p{Pf},.;:!?…。、，！？]/u.test(char);

export function charBefore(text: string, position: number): string {
  const low = text.charAt(position - 1);
  return low >= "\uDC00" && low <= "\uDFFF" ? text.slice(Math.max(0, position - 2), position) : low;
}

export function charAt(text: string, position: number): string {
  const point = text.codePointAt(position);
  return point === undefined ? "" : String.fromCodePoint(point);
}
