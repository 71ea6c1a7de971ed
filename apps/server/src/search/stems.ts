import snowball from "snowball-stemmers";
import { memo } from "./memo.ts";

const russian = snowball.newStemmer("russian");
const english = snowball.newStemmer("english");

/** Longer words are numbers, addresses or noise; only their beginning is indexed. */
const longestWord = 40;

const keptStem = memo(newStem);

/** The stem of a folded word (see `fold`): Russian for Cyrillic, English for Latin letters, else the word itself. */
export function stem(word: string): string {
  return keptStem(word.length > longestWord ? word.slice(0, longestWord) : word);
}

function newStem(word: string): string {
  if (/^[а-я]+$/.test(word)) return withoutFleetingVowel(russian.stem(word));
  return /^[a-z]+$/.test(word) ? english.stem(word) : word;
}

/** The vowel that comes and goes in "кусок, куска" and "конец, конца" is left out of all forms. */
function withoutFleetingVowel(stemmed: string): string {
  return stemmed.length < 4 ? stemmed : stemmed.replace(/([^аеиоуыэюя])[ео]([кц])$/, "$1$2");
}

/** A stem that is a prefix of another with at most so many letters more stands for the same word. */
const lettersMore = 2;
/** From this length on a stem also finds the words that begin with it. */
export const shortestPrefix = 3;
const shortestPart = 4;

/** Beginnings of a stem that are the stem of another form of the same word: "каналов" has "канал", "канал" has "кана". */
export function shorterStems(stemmed: string): string[] {
  const shorter: string[] = [];
  for (let less = 1; less <= lettersMore; less += 1) {
    const length = stemmed.length - less;
    if (length >= shortestPart || (less === 1 && length >= shortestPrefix)) shorter.push(stemmed.slice(0, length));
  }
  return shorter;
}
