/** The runs of backticks in a text, found once, so that looking for closing ones stays linear. */
export class Backticks {
  readonly #starts: number[] = [];
  readonly #lengths: number[] = [];
  /** Runs of each length, in ascending order. */
  readonly #byLength = new Map<number, number[]>();
  /** No run of at least this length stands after this position. */
  #none = { length: Infinity, from: Infinity };

  constructor(text: string) {
    for (const { index, 0: run } of text.matchAll(/`+/g)) {
      this.#starts.push(index);
      this.#lengths.push(run.length);
      const same = this.#byLength.get(run.length);
      if (same) same.push(index);
      else this.#byLength.set(run.length, [index]);
    }
  }

  /** Where the next run of exactly this length begins, at or after a position. */
  nextExact(length: number, from: number): number | undefined {
    const starts = this.#byLength.get(length) ?? [];
    return starts[firstAtLeast(starts, from)];
  }

  /** The next run of at least this length, at or after a position. */
  nextAtLeast(length: number, from: number): { start: number; length: number } | undefined {
    if (length >= this.#none.length && from >= this.#none.from) return undefined;
    for (let index = firstAtLeast(this.#starts, from); index < this.#starts.length; index++) {
      if (this.#lengths[index]! >= length) return { start: this.#starts[index]!, length: this.#lengths[index]! };
    }
    this.#none = { length, from };
    return undefined;
  }
}

/** Index of the first value that is not below `wanted`, in an ascending list. */
export function firstAtLeast(ascending: readonly number[], wanted: number): number {
  let low = 0;
  let high = ascending.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (ascending[middle]! < wanted) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Length of the run of one character that begins at a position. */
export function runLength(text: string, start: number): number {
  let end = start + 1;
  while (text[end] === text[start]) end++;
  return end - start;
}
