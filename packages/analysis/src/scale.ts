/** What is usual at a time, in the unit of the series. */
export interface Band {
  readonly low: number;
  readonly expected: number;
  readonly high: number;
}

/** Width of a band in spreads on each side. */
export const bandSpreads = 4;

/** Linear below the unit and logarithmic above: what is learned are factors. */
export function scaledOf(value: number, unit: number): number {
  return Math.log1p(Math.max(0, value) / unit);
}

export function rawOf(scaled: number, unit: number): number {
  return unit * Math.expm1(Math.max(0, scaled));
}
