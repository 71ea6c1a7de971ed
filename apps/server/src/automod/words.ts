import { stem } from "../search/stems.ts";
import { foldText } from "./letters.ts";
import { PartFinder, Trie } from "./trie.ts";
import { tokensOf } from "./tokens.ts";
import type { Reading } from "./readings.ts";

/** A range of codes of a folded text. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

interface Part {
  readonly text: string;
  /** Where in a word it counts: one for each entry with this text, as `cat*` and `*cat`. */
  readonly places: { readonly atStart: boolean; readonly atEnd: boolean }[];
}

/** Words that need their stem, for each text: beyond this they are compared by their beginnings. Bounds the time. */
const stemsPerText = 200;
/** Endings, suffixes included, are no longer than this. */
const endingAtMost = 8;
/** Words of at least so many different letters in a row are also found with letters doubled. */
const doublingLetters = 5;

/** Comparisons of words with those of phrases, for each text: 20 for each word of the longest message. */
const phraseStepsPerText = 50_000;

/** The time that a text may still cost. */
export class Effort {
  stems = stemsPerText;
  phraseSteps = phraseStepsPerText;
}

/** Phrases with the same first words. */
export interface PhraseNode {
  /** A phrase ends here. */
  isEnd: boolean;
  /** By the key of the next word. */
  readonly next: Map<string, PhraseNode>;
}

/** The words, parts of words and phrases of one list, ready to be looked for. */
export class WordList {
  /** Whole words. The value of a node is the word's index in `#words`. */
  readonly whole = new Trie();
  readonly parts: PartFinder;
  readonly #parts: readonly Part[];
  readonly phrases: PhraseNode = { isEnd: false, next: new Map() };
  /** Letters of the longest word. */
  readonly longest: number;
  readonly #words: string[] = [];
  readonly #stems = new Map<string, string>();
  readonly #squeezed = new Set<string>();
  readonly #squeezedStems = new Map<string, string>();
  /** Nodes of `whole` from which on a word may be another form of one of the list. */
  readonly #stemNodes = new Set<number>();
  /** Nodes of `whole` at which a whole stem of some letters ends. */
  readonly #wholeStems = new Set<number>();
  readonly #beginnings = new Set<string>();
  readonly #forms: boolean;

  constructor(entries: readonly string[], { forms }: { forms: boolean }) {
    this.#forms = forms;
    const parts = new Map<string, Part>();
    for (const entry of entries) {
      const words = foldedWords(entry);
      if (words.length === 0) continue;
      const [atStart, atEnd] = [!entry.startsWith("*"), !entry.endsWith("*")];
      if (!atStart || !atEnd) addPart(parts, words.join(""), { atStart, atEnd });
      else if (words.length === 1) this.#addWord(words[0]!);
      else this.#addPhrase(words);
    }
    this.#parts = [...parts.values()];
    this.parts = new PartFinder(this.#parts.map(({ text }) => text));
    this.longest = Math.max(0, ...this.#words.map((word) => word.length));
  }

  /** What two words have in common when they count as the same. */
  keyOf(word: string, effort: Effort): string {
    if (!this.#forms || effort.stems <= 0) return word;
    effort.stems -= 1;
    return stem(word);
  }

  /** Whether a word may be one of the list, by its first letters. */
  mayBegin(first: string): boolean {
    return this.#beginnings.has(first.slice(0, 2));
  }

  /** Whether the whole range, as read, is a word of the list or another form of one. */
  isWord(codes: Uint16Array, { start, end }: Span, reading: Reading, effort: Effort): boolean {
    let node = 0;
    let mayBeForm = false;
    let at = start;
    let hasDouble = false;
    for (; at < end && node >= 0; at += 1) {
      const code = reading[codes[at]!]!;
      if (code === 0) return false;
      node = this.whole.child(node, code);
      if (node >= 0 && this.#stemNodes.has(node)) mayBeForm = true;
    }
    if (node >= 0 && this.whole.valueAt(node) >= 0) return true;
    for (let index = start + 1; index < end && !hasDouble; index += 1) hasDouble = codes[index] === codes[index - 1];
    if (!mayBeForm && !hasDouble) return false;
    if (end - start > 2 * this.longest + 40) return false;
    const word = read(codes, start, end, reading);
    if (word === null) return false;
    return (mayBeForm && this.#isForm(word, effort)) || (hasDouble && this.#isStretched(word, effort));
  }

  /** Whether a list's whole word, or the whole stem of one, ends at the node of `whole`. */
  endsAt(node: number): boolean {
    return this.whole.valueAt(node) >= 0 || this.#wholeStems.has(node);
  }

  /**
   * Calls `found` for the parts of the list in the range as read, in the order of their ends and of those with one end for
   * the longest, until it returns true.
   */
  findPart(codes: Uint16Array, { start, end }: Span, reading: Reading, found: (span: Span) => boolean): boolean {
    if (this.parts.isEmpty) return false;
    const lastRow = startOfLastRow(codes, start, end);
    let node = 0;
    let counted = 0;
    let hit = false;
    for (let at = start; at < end; at += 1) {
      if (isThird(codes, at, start, end)) continue;
      const code = reading[codes[at]!]!;
      counted += 1;
      node = code === 0 ? 0 : this.parts.next(node, code);
      if (!this.parts.isEnd(node)) continue;
      this.parts.endsAt(node, (index) => {
        const { text, places } = this.#parts[index]!;
        const [isFirst, isLast] = [counted === text.length, at >= lastRow];
        if (!places.some(({ atStart, atEnd }) => (isFirst || !atStart) && (isLast || !atEnd))) return false;
        hit = found({ start: Math.max(start, at + 1 - text.length), end: at + 1 });
        return true;
      });
      if (hit) return true;
    }
    return false;
  }

  #addPhrase(words: readonly string[]): void {
    this.#beginnings.add(words[0]!.slice(0, 2));
    let node = this.phrases;
    for (const word of words) {
      const key = this.#forms ? stem(word) : word;
      const next = node.next.get(key) ?? { isEnd: false, next: new Map() };
      node.next.set(key, next);
      node = next;
    }
    node.isEnd = true;
  }

  #addWord(word: string): void {
    const index = this.#words.push(word) - 1;
    this.whole.add(word, index);
    this.#beginnings.add(word.slice(0, 2));
    this.#squeezed.add(squeeze(word));
    if (!this.#forms) return;
    for (const stemmed of stemsOfForms(word)) this.#addStem(word, stemmed);
  }

  #addStem(word: string, stemmed: string): void {
    this.#stems.set(stemmed, word);
    this.#squeezedStems.set(squeeze(stemmed), word);
    const fleeting = /[кц]$/.test(stemmed) ? 2 : 0;
    const shared = commonLength(word, stemmed);
    const begins = Math.max(2, Math.min(shared, stemmed.length - fleeting));
    this.#stemNodes.add(this.whole.add(word.slice(0, begins), -1));
    if (shared === stemmed.length && shared >= 4) this.#wholeStems.add(this.whole.add(stemmed, -1));
  }

  #isForm(word: string, effort: Effort): boolean {
    if (!this.#forms) return false;
    if (effort.stems <= 0) return this.#beginsAsForm(word);
    effort.stems -= 1;
    const stemmed = stem(word);
    const original = this.#stems.get(stemmed);
    if (original === undefined || word.length > stemmed.length + endingAtMost) return false;
    // "мат" and "мать" have one stem, and are two words.
    return `${original}ь` !== word && original !== `${word}ь`;
  }

  /** A word with a stem of the list and a short ending. */
  #beginsAsForm(word: string): boolean {
    for (let less = 0; less <= 3; less += 1) if (this.#stems.has(word.slice(0, word.length - less))) return true;
    return false;
  }

  /** Whether the word is one of the list, or a form of one, with letters repeated. */
  #isStretched(word: string, effort: Effort): boolean {
    if (!this.#beginnings.has(word.slice(0, 2)) && !this.#beginnings.has(squeeze(word).slice(0, 2))) return false;
    const isLong = /(.)\1\1/.test(word);
    const squeezed = squeeze(word);
    if (isLong) {
      const twice = word.replace(/(.)\1\1+/g, "$1$1");
      const once = word.replace(/(.)\1\1+/g, "$1");
      if (this.#has(twice, effort) || this.#has(once, effort)) return true;
    }
    if (!isLong && squeezed.length < doublingLetters) return false;
    if (this.#squeezed.has(squeezed)) return isLong || squeezed.length >= doublingLetters;
    if (!this.#forms || effort.stems <= 0) return false;
    effort.stems -= 1;
    const stemmed = squeeze(stem(squeezed));
    return stemmed.length >= 4 && this.#squeezedStems.has(stemmed);
  }

  #has(word: string, effort: Effort): boolean {
    let node = 0;
    for (let at = 0; at < word.length && node >= 0; at += 1) node = this.whole.child(node, word.charCodeAt(at));
    if (node >= 0 && this.whole.valueAt(node) >= 0) return true;
    return this.#isForm(word, effort);
  }
}

/** Whether the letter belongs to a row of three or more of the same and is not its first. */
function isThird(codes: Uint16Array, at: number, start: number, end: number): boolean {
  const code = codes[at];
  if (at === start || codes[at - 1] !== code) return false;
  return (at + 1 < end && codes[at + 1] === code) || (at - 1 > start && codes[at - 2] === code);
}

/** Where the row of the same letter begins with which the range ends. */
function startOfLastRow(codes: Uint16Array, start: number, end: number): number {
  let at = end - 1;
  while (at > start && codes[at - 1] === codes[at]) at -= 1;
  return at;
}

/** The range as read; null when a character stands for no letter of the alphabet. */
export function read(codes: Uint16Array, start: number, end: number, reading: Reading): string | null {
  let word = "";
  for (let at = start; at < end; at += 1) {
    const code = reading[codes[at]!]!;
    if (code === 0) return null;
    word += String.fromCharCode(code);
  }
  return word;
}

function addPart(parts: Map<string, Part>, text: string, place: Part["places"][number]): void {
  const part = parts.get(text);
  if (part) part.places.push(place);
  else parts.set(text, { text, places: [place] });
}

function foldedWords(entry: string): string[] {
  const text = foldText(entry);
  return tokensOf(text).map(({ start, end }) => String.fromCharCode(...text.codes.subarray(start, end)));
}

/**
 * The stems of a word and its forms. A Russian noun without an ending may look like a verb with one to the stemmer, which
 * makes "деб" of "дебил" and "дебил" of "дебилы": such a word is stemmed with endings of nouns.
 */
function stemsOfForms(word: string): Set<string> {
  const hasNoEnding = /^[а-я]*[бвгджзклмнпрстфхцчшщ]$/.test(word);
  if (!hasNoEnding) return new Set([stem(word)]);
  const stems = ["", "а", "ы"].map((ending) => stem(word + ending));
  // One letter less is a vowel that comes and goes: "кусок", "куска".
  return new Set([word, ...stems.filter((stemmed) => stemmed.length >= word.length - 1)]);
}

const squeeze = (word: string) => word.replace(/(.)\1+/g, "$1");

function commonLength(a: string, b: string): number {
  let length = 0;
  while (length < a.length && a[length] === b[length]) length += 1;
  return length;
}
