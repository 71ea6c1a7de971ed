import type { Inline } from "./nodes.ts";
import type { Token } from "./tokens.ts";

/** Deeper emphasis is text, so that the tree stays shallow. */
const maxDepth = 12;

type Run = Extract<Token, { kind: "run" }> & { left: number; readonly index: number };

interface Item {
  node: Inline;
  depth: number;
  /** 0: nothing or spaces, 1: any character, 2: a letter, a digit or another node. */
  substance: number;
}

/** CommonMark's algorithm over one stack: each token is pushed once and moved at most once a level. */
export function resolveEmphasis(tokens: readonly Token[]): Inline[] {
  const resolver = new EmphasisResolver();
  for (const token of tokens) resolver.add(token);
  return joinText(resolver.items.map((item) => item.node));
}

class EmphasisResolver {
  readonly items: Item[] = [];
  readonly #open: Run[] = [];
  /** Below this height of the stack nothing matches a closing run of this kind: a search is never repeated. */
  readonly #searched = new Map<string, number>();
  /** By substance, of 1 and of 2: the index of the last item that has as much. Read for each closing run in place of all items. */
  readonly #lastWith: [number, number] = [-1, -1];

  add(token: Token): void {
    if (token.kind === "node") {
      this.#push({ node: token.node, depth: 1, substance: substanceOf(token.node) });
      return;
    }
    const run = { ...token, left: token.length, index: this.items.length };
    if (run.canClose) while (run.left > 0 && this.#close(run));
    if (run.left === 0) return;
    const index = this.items.length;
    this.#push({ node: { type: "text", text: run.char.repeat(run.left) }, depth: 1, substance: 0 });
    if (run.canOpen) this.#open.push({ ...run, index });
  }

  #push(item: Item): void {
    const index = this.items.push(item) - 1;
    if (item.substance > 0) this.#lastWith[0] = index;
    if (item.substance > 1) this.#lastWith[1] = index;
  }

  /** Ends the emphasis that an earlier run began. False when there is none. */
  #close(run: Run): boolean {
    const found = this.#findOpener(run);
    const opener = found === null ? undefined : this.#open[found];
    if (found === null || opener === undefined) return false;
    const used = run.left >= 2 && opener.left >= 2 ? 2 : 1;
    if (this.#lastWith[used === 2 ? 0 : 1] <= opener.index) {
      this.#truncate(found);
      return false;
    }
    const children = this.items.splice(opener.index + 1);
    const depth = 1 + children.reduce((most, child) => Math.max(most, child.depth), 0);
    if (depth > maxDepth) {
      for (const child of children) this.items.push(child);
      // All runs before this one have the same children, which are too deep for them as well.
      this.#truncate(0);
      return false;
    }
    this.#truncate(found + 1);
    opener.left -= used;
    if (opener.left === 0) {
      this.items.length = opener.index;
      this.#truncate(found);
    } else this.items[opener.index]!.node = { type: "text", text: opener.char.repeat(opener.left) };
    run.left -= used;
    const type = run.char === "~" ? "strike" : used === 2 ? "strong" : "emphasis";
    const node: Inline = { type, children: joinText(children.map((child) => child.node)) };
    this.#push({ node, depth, substance: 2 });
    return true;
  }

  #findOpener(run: Run): number | null {
    const kind = `${run.char}${run.canOpen}${run.length % 3}`;
    const bottom = this.#searched.get(kind) ?? 0;
    for (let height = this.#open.length - 1; height >= bottom; height--) {
      if (matches(this.#open[height]!, run)) return height;
    }
    this.#searched.set(kind, this.#open.length);
    return null;
  }

  #truncate(height: number): void {
    this.#open.length = height;
    for (const [kind, searched] of this.#searched) if (searched > height) this.#searched.set(kind, height);
  }
}

/** CommonMark's "multiple of 3": runs that both open and close pair only with fitting lengths. */
function matches(opener: Run, closer: Run): boolean {
  if (opener.char !== closer.char) return false;
  if (!closer.canOpen && !opener.canClose) return true;
  return (opener.length + closer.length) % 3 !== 0 || (opener.length % 3 === 0 && closer.length % 3 === 0);
}

function substanceOf(node: Inline): number {
  if (node.type === "break") return 0;
  if (node.type !== "text") return 2;
  if (/[\p{L}\p{N}\p{Extended_Pictographic}]/u.test(node.text)) return 2;
  return node.text.trim() === "" ? 0 : 1;
}

export function joinText(nodes: readonly Inline[]): Inline[] {
  const joined: Inline[] = [];
  let texts: string[] = [];
  const flush = () => {
    if (texts.length > 0) joined.push({ type: "text", text: texts.join("") });
    texts = [];
  };
  for (const node of nodes) {
    if (node.type === "text") texts.push(node.text);
    else {
      flush();
      joined.push(node);
    }
  }
  flush();
  return joined;
}
