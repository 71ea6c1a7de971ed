/** Mean of the latest `size` values. */
export class WindowMean {
  readonly #values: number[];
  readonly #size: number;
  #next = 0;
  #sum: number;

  constructor(size: number, values: readonly number[] = []) {
    this.#size = size;
    this.#values = values.slice(-size);
    this.#sum = sumOf(this.#values);
  }

  add(value: number): number {
    if (this.#values.length < this.#size) {
      this.#values.push(value);
      this.#sum += value;
    } else {
      this.#sum += value - this.#values[this.#next]!;
      this.#values[this.#next] = value;
      this.#next = (this.#next + 1) % this.#size;
      // Errors of rounding would add up.
      if (this.#next === 0) this.#sum = sumOf(this.#values);
    }
    return this.#sum / this.#values.length;
  }

  /** Oldest first. */
  save(): number[] {
    return [...this.#values.slice(this.#next), ...this.#values.slice(0, this.#next)];
  }
}

function sumOf(values: readonly number[]): number {
  let sum = 0;
  for (const each of values) sum += each;
  return sum;
}
