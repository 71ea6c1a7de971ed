/** Bins of the histogram for each doubling of the value, and how many there are. */
const perOctave = 8;
const bins = 640;
/** Bin of the value 1; values below the first bin count as zero. */
const binOfOne = 256;

/** The share of the largest values to which the tail is fitted. */
const tailShare = 0.02;
/** Below this many values nothing is said. */
const fewest = 40;
/** Number of values for which evidence is not corrected: with more of them, rare values are to be expected. */
const reference = 1_000;

/** The value that stands for all of a bin. */
const middles = Float64Array.from({ length: bins }, (_, bin) => (bin === 0 ? 0 : 2 ** ((bin - binOfOne) / perOctave)));

export interface TailState {
  readonly count: number;
  /** Index and count of each bin that is not empty. */
  readonly bins: readonly (readonly [bin: number, count: number])[];
}

/**
 * The distribution of one departure (a value of at least 0) in bounded memory, with an exponential fit to its largest
 * values: peaks over a threshold, as in SPOT (Siffer et al., 2017) with a shape of 0.
 */
export class Tail {
  readonly #counts = new Float32Array(bins);
  readonly #most: number;
  #count = 0;
  #sinceFit = 0;
  #threshold = Number.POSITIVE_INFINITY;
  #share = 0;
  #meanExcess = 1;

  /** Of more than `most` values all count half, so that old ones are forgotten. */
  constructor(most: number, state?: TailState) {
    this.#most = most;
    if (!state) return;
    this.#count = state.count;
    for (const [bin, count] of state.bins) if (bin >= 0 && bin < bins) this.#counts[bin] = count;
    this.#fit();
  }

  /**
   * Decimal orders by which a departure of this size is rarer than one in `reference` values, corrected for how many have
   * been seen; 0 where it is not in the tail.
   */
  evidence(departure: number): number {
    if (this.#count < fewest || departure <= this.#threshold) return 0;
    const logChance = Math.log10(this.#share) - (departure - this.#threshold) / this.#meanExcess / Math.LN10;
    return Math.max(0, -logChance - Math.log10(this.#count / reference));
  }

  add(departure: number): void {
    this.#counts[binOf(departure)]! += 1;
    this.#count += 1;
    this.#sinceFit += 1;
    if (this.#count > this.#most) this.#halve();
    if (this.#sinceFit >= (this.#count < 200 ? 5 : 20)) this.#fit();
  }

  save(): TailState {
    const kept = [...this.#counts.entries()].filter(([, count]) => count > 0);
    return { count: this.#count, bins: kept.map(([bin, count]) => [bin, Math.round(count * 1_000) / 1_000]) };
  }

  #halve(): void {
    for (let bin = 0; bin < bins; bin++) this.#counts[bin]! /= 2;
    this.#count /= 2;
  }

  #fit(): void {
    this.#sinceFit = 0;
    let above = 0;
    let sum = 0;
    let bin = bins - 1;
    for (; bin > 0 && above < tailShare * this.#count; bin--) {
      above += this.#counts[bin]!;
      sum += this.#counts[bin]! * middles[bin]!;
    }
    this.#threshold = bin === 0 ? 0 : middles[bin + 1]!;
    this.#share = Math.max(above, 0.5) / Math.max(1, this.#count);
    const usual = middles[this.#median()]!;
    this.#meanExcess = Math.max(sum / Math.max(1, above) - this.#threshold, (this.#threshold - usual) / 10, 1e-9);
  }

  #median(): number {
    let below = 0;
    let bin = 0;
    while (bin < bins - 1 && below + this.#counts[bin]! < this.#count / 2) below += this.#counts[bin++]!;
    return bin;
  }
}

function binOf(value: number): number {
  if (!(value > 0)) return 0;
  return Math.max(0, Math.min(bins - 1, Math.round(binOfOne + perOctave * Math.log2(value))));
}
