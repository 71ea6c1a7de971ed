const graphemes = new Intl.Segmenter(undefined, { granularity: "grapheme" });

function firstGrapheme(word: string): string {
  for (const { segment } of graphemes.segment(word)) return segment;
  return "";
}

/**
 * One or two letters for a name: "Anna Orlova" → "AO", "вася" → "В". Takes whole graphemes, so that emoji stay intact.
 */
export function initials(name: string): string {
  const words = name.split(/[\s._-]+/u).filter(Boolean);
  const [first = "", last = ""] = [words[0], words.length > 1 ? words.at(-1) : ""];
  return (firstGrapheme(first) + firstGrapheme(last)).toLocaleUpperCase() || "?";
}
