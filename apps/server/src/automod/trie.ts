/** Numbers of the characters that words are made of: `a` to `z`, `а` to `я`, digits. */
const symbols = new Uint8Array(0x460);
for (const [index, letter] of Array.from(
  "abcdefghijklmnopqrstuvwxyzабвгдежзийклмнопрстуфхцчшщъыьэюя0123456789",
).entries()) {
  symbols[letter.charCodeAt(0)] = index + 1;
}
const symbolsAtMost = 128;

/** Words by their characters. Node 0 is the root; -1 is no node. A server may have tens of thousands of nodes: each takes few bytes. */
export class Trie {
  /** Child by node and character. Sparse. */
  readonly #edges = new Map<number, number>();
  /** The same of the root, where most texts are most of the time. */
  readonly #firstEdges = new Int32Array(symbolsAtMost).fill(-1);
  /** The edge that leads to each node but the root. Nodes come after those that lead to them. */
  readonly #edgesTo: number[] = [-1];
  /** What ends at a node; -1: nothing. */
  readonly #values: number[] = [-1];

  get size(): number {
    return this.#values.length;
  }

  /** Adds the word and returns its node. `value`: what `valueAt` gives there, unless something ends there already. */
  add(word: string, value: number): number {
    let node = 0;
    for (let at = 0; at < word.length; at += 1) {
      const symbol = symbols[word.charCodeAt(at)]!;
      let next = this.childBy(node, symbol);
      if (next < 0) {
        next = this.#values.push(-1) - 1;
        const edge = node * symbolsAtMost + symbol;
        this.#edgesTo.push(edge);
        if (node === 0) this.#firstEdges[symbol] = next;
        else this.#edges.set(edge, next);
      }
      node = next;
    }
    if (this.#values[node] === -1) this.#values[node] = value;
    return node;
  }

  child(node: number, code: number): number {
    return this.childBy(node, symbols[code]!);
  }

  childBy(node: number, symbol: number): number {
    return node === 0 ? this.#firstEdges[symbol]! : (this.#edges.get(node * symbolsAtMost + symbol) ?? -1);
  }

  valueAt(node: number): number {
    return this.#values[node]!;
  }

  /** The node before, and the symbol that leads from there. Not of the root. */
  before(node: number): { node: number; symbol: number } {
    const edge = this.#edgesTo[node]!;
    return { node: Math.floor(edge / symbolsAtMost), symbol: edge % symbolsAtMost };
  }

  /** All nodes but the root, those nearer to it first. */
  byDepth(): Int32Array {
    const depths = new Uint16Array(this.size);
    for (let node = 1; node < this.size; node += 1) depths[node] = depths[this.before(node).node]! + 1;
    const starts = new Int32Array(2 + depths.reduce((most, depth) => Math.max(most, depth), 0));
    for (const depth of depths) starts[depth + 1]! += 1;
    for (let depth = 1; depth < starts.length; depth += 1) starts[depth]! += starts[depth - 1]!;
    // The root is the first of all.
    const nodes = new Int32Array(this.size);
    for (let node = 0; node < this.size; node += 1) nodes[starts[depths[node]!]!++] = node;
    return nodes.subarray(1);
  }
}

/**
 * Finds words anywhere in a text in one pass, however many words there are (Aho and Corasick): each node knows where to
 * go on when the text leaves its word.
 */
export class PartFinder {
  readonly #trie = new Trie();
  #fallbacks = new Int32Array(1);
  /** The nearest node on the way of fallbacks at which a word ends. */
  #endings = new Int32Array(1);

  constructor(words: readonly string[]) {
    for (const [index, word] of words.entries()) this.#trie.add(word, index);
    this.#link();
  }

  get isEmpty(): boolean {
    return this.#trie.size === 1;
  }

  next(node: number, code: number): number {
    return this.#next(node, symbols[code]!);
  }

  #next(node: number, symbol: number): number {
    for (let at = node; ; at = this.#fallbacks[at]!) {
      const child = this.#trie.childBy(at, symbol);
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
    const { size } = this.#trie;
    [this.#fallbacks, this.#endings] = [new Int32Array(size), new Int32Array(size)];
    for (const child of this.#trie.byDepth()) {
      const { node, symbol } = this.#trie.before(child);
      const fallback = node === 0 ? 0 : this.#next(this.#fallbacks[node]!, symbol);
      this.#fallbacks[child] = fallback;
      this.#endings[child] = this.#trie.valueAt(child) >= 0 ? child : this.#endings[fallback]!;
    }
  }
}
