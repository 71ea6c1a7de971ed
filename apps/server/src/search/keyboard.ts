const latin = "`qwertyuiop[]asdfghjkl;'zxcvbnm,./~QWERTYUIOP{}ASDFGHJKL:\"ZXCVBNM<>?";
const cyrillic = "ёйцукенгшщзхъфывапролджэячсмитьбю.ЁЙЦУКЕНГШЩЗХЪФЫВАПРОЛДЖЭЯЧСМИТЬБЮ,";
const toCyrillic = new Map([...latin].map((key, index) => [key, cyrillic[index] ?? key]));
const toLatin = new Map([...cyrillic].map((key, index) => [key, latin[index] ?? key]));

/**
 * What the same keys give in the other of the layouts ЙЦУКЕН and QWERTY: "ghbdtn" gives "привет". Null for a text with
 * letters of both alphabets, or of none.
 */
export function inOtherLayout(text: string): string | null {
  const hasLatin = /[a-z]/i.test(text);
  const hasCyrillic = /[а-яё]/i.test(text);
  if (hasLatin === hasCyrillic) return null;
  const keys = hasLatin ? toCyrillic : toLatin;
  return Array.from(text, (key) => keys.get(key) ?? key).join("");
}
