/** Of Unicode's stream-safe texts (UAX 15): no word of any language has a letter with more marks. */
const markRun = /(\p{M}{30})\p{M}+/gu;

/**
 * The text in a normal form, with no more than thirty marks in a row. Normalising puts marks in order, which takes a time that
 * grows with the square of their number: seconds for those that fit into one request.
 */
export function normalized(text: string, form: "NFC" | "NFD" | "NFKC" | "NFKD"): string {
  return text.replace(markRun, "$1").normalize(form);
}
