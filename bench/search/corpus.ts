/** Made-up messages in the shape of Russian chat: the same for the same number. */
export interface Corpus {
  readonly channels: number;
  readonly servers: number;
  readonly authors: number;
  /** The words of the vocabulary by rank, the most common first, each in its first form. */
  readonly lemmas: readonly string[];
  message(index: number): { channel: number; author: number; content: string };
}

export const shape = { channels: 200, servers: 20, authors: 1_000, lemmas: 60_000 } as const;

const consonants = "бвгджзклмнпрстфхцчшщ";
const vowels = "аеиоуыя";
/** Of nouns, adjectives and verbs. */
const endings = [
  ["", "а", "у", "ом", "е", "ы", "ов", "ам", "ами", "ах"],
  ["а", "ы", "е", "у", "ой", "", "ам", "ами", "ах"],
  ["ый", "ого", "ому", "ым", "ом", "ая", "ой", "ую", "ое", "ые", "ых", "ыми"],
  ["ать", "аю", "аешь", "ает", "аем", "ают", "ал", "ала", "али"],
] as const;

export function createCorpus(): Corpus {
  const random = createRandom(7);
  const stems = new Set<string>();
  while (stems.size < shape.lemmas) stems.add(newStem(random, stems.size));
  const all = [...stems];
  const latin = new Set(all.keys().filter((rank) => rank % 12 === 5));
  const form = (rank: number, pick: number) => {
    const stem = all[rank] ?? "";
    if (latin.has(rank)) return `${toLatin(stem)}${["", "s", "ed", "ing"][pick % 4]}`;
    const set = endings[rank % endings.length] ?? endings[0];
    return rank < 40 ? stem : `${stem}${set[pick % set.length]}`;
  };
  return {
    ...shape,
    lemmas: all.map((_, rank) => form(rank, 0)),
    message(index) {
      const own = createRandom(index * 2_654_435_761 + 1);
      const words = Array.from({ length: 3 + Math.floor(own() * 22) }, () => form(zipf(own), Math.floor(own() * 12)));
      return {
        channel: Math.floor(own() * own() * shape.channels),
        author: Math.floor(own() * own() * shape.authors),
        content: words.join(" "),
      };
    },
  };
}

/** Ranks by Zipf's law, as words of a language are. */
function zipf(random: () => number): number {
  return Math.min(shape.lemmas - 1, Math.floor(Math.exp(random() * Math.log(shape.lemmas + 1))) - 1);
}

/** Common words are short. */
function newStem(random: () => number, rank: number): string {
  const syllables = rank < 40 ? 1 : 1 + Math.ceil(random() * 3);
  const letter = (letters: string) => letters[Math.floor(random() * letters.length)] ?? "";
  const start = Array.from({ length: syllables }, () => letter(consonants) + letter(vowels)).join("");
  return rank < 40 ? start : start + letter(consonants);
}

const latinOf = "abvgdezhziyklmnoprstufhccshshyeyuya";

function toLatin(text: string): string {
  return [...text].map((letter) => latinOf[(letter.codePointAt(0) ?? 0) % 26] ?? "x").join("");
}

export function createRandom(seed: number): () => number {
  let state = seed >>> 0 || 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    state >>>= 0;
    return state / 2 ** 32;
  };
}
