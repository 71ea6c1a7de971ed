/** Numbers of the characters that words are made of: `a` to `z`, `а` to `я`, digits. */
const symbols = new Uint8Array(0x460);
for (const [index, letter] of Array.from(
  "abcdefghijklmnopqrstuvwxyzабвгдежзийклмнопрстуфхцчшщъыьэюя0123456789",
).entries()) {
  symbols[letter.charCodeAt(0)] = index + 1;
}
const symbolsAtMost = 128;

/** Words by their characters. Node 0 is the root; -1 is no node. */
export class Trie {
  /** Child by node and character. Sparse: a server may have thousands of words. */
  readonly #edges = new Map<number, number>();
  /** The same of the root, where most texts are most of the time. */
  readonly #firstEdges = new Int32Array(symbolsAtMost).fill(-1);
  readonly #children: number[][] = [[]];
  /** What ends at a node; -1: nothing. */
  readonly #values: number[] = [-1];

  get size(): number {
    return this.#values.length;
  }

  /** Adds the word and returns its node. `value`: what `valueAt` gives there, unless something ends there already. */
  add(word: string, value: number): number {
    let node = 0;
    for (let at = 0; at < word.length; at += 1) {
      const code = word.charCodeAt(at);
      let next = this.child(node, code);
      if (next < 0) {
        next = this.#values.length;
        this.#values.push(-1);
        this.#children.push([]);
        this.#children[node]!.push(code);
        this.#edges.set(node * symbolsAtMost + symbols[code]!, next);
        if (node === 0) this.#firstEdges[symbols[code]!] = next;
      }
      node = next;
    }
    if (this.#values[node] === -1) this.#values[node] = value;
    return node;
  }

  child(node: number, code: number): number {
    const symbol = symbols[code]!;
    return node === 0 ? this.#firstEdges[symbol]! : (this.#edges.get(node * symbolsAtMost + symbol) ?? -1);
  }

  valueAt(node: number): number {
    return this.#values[node]!;
  }

  childrenOf(node: number): readonly number[] {
    return this.#children[node]!;
  }
}

/**
 * Finds words anywhere in a text in one pass, however many words there are (Aho and Corasick): each node knows where to
 * go on when the text leaves its word.
 */
export class PartFinder {
  readonly #trie = new Trie();
  readonly #fallbacks: number[] = [];
  /** The nearest node on the way of fallbacks at which a word ends. */
  readonly #endings: number[] = [];

  constructor(words: readonly string[]) {
    for (const [index, word] of words.entries()) this.#trie.add(word, index);
    this.#link();
  }

  get isEmpty(): boolean {
    return this.#trie.size === 1;
  }

  next(node: number, code: number): number {
    for (let at = node; ; at = this.#fallbacks[at]!) {
      const child = this.#trie.child(at, code);
      if (child >= 0) return child;
      if (at === 0) return 0;
    }
  }

  /** Whether a word ends at the node. */
  isEnd(node: number): boolean {
    return this.#endings[node]! > 0;
  }

  /** Calls `found` with the index of each word that ends at the node, the longest first, until it returns true. */
  endsAt(node: number, found: (word: number) => boolean): boolean {
    for (let at = this.#endings[node]!; at > 0; at = this.#endings[this.#fallbacks[at]!]!) {
      if (found(this.#trie.valueAt(at))) return true;
    }
    return false;
  }

  #link(): void {
    this.#fallbacks[0] = 0;
    this.#endings[0] = 0;
    const queue = [0];
    for (let node = queue.shift(); node !== undefined; node = queue.shift()) {
      for (const code of this.#trie.childrenOf(node)) {
        const child = this.#trie.child(node, code);
        const fallback = node === 0 ? 0 : this.next(this.#fallbacks[node]!, code);
        this.#fallbacks[child] = fallback;
        this.#endings[child] = this.#trie.valueAt(child) >= 0 ? child : this.#endings[fallback]!;
        queue.push(child);
      }
    }
  }
}
