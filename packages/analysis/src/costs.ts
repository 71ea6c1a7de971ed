/** How often each kind of event happened, and how much of a resource was in use meanwhile; both per second. */
export interface CostRow {
  readonly counts: readonly number[];
  readonly used: number;
}

/** What is in use without any event, and what one event of each kind uses. */
export interface Costs {
  readonly base: number;
  readonly each: readonly number[];
}

/** Rows whose error is larger than so many usual errors count less, as by Huber. */
const outlierErrors = 1.5;
const passes = 4;
const sweeps = 60;
/** Use below this is not told apart from none. */
const leastUse = 0.002;
const leastError = 0.03;
/** How far costs may lie from the expected ones, relative to these, before it takes many rows to say so. */
const trust = 0.6;

/**
 * The costs that explain the rows, none negative. Kinds of events mostly rise and fall together, so rows alone cannot
 * tell their costs apart; `expected` says in which proportion they are, and its scale is that of the rows.
 */
export function fitCosts(rows: readonly CostRow[], expected: Costs): Costs {
  const typical = [expected.base, ...expected.each];
  const scale = scaleOf(rows, typical);
  const scaled = typical.map((cost) => cost * scale);
  // Errors are taken relative to a row's use: a busy row is no surer than a quiet one.
  const equations = rows.map(({ counts, used }) => {
    const size = Math.max(used, leastUse);
    return { terms: [1, ...counts].map((count, kind) => (count * scaled[kind]!) / size), value: used / size };
  });
  let factors = scaled.map(() => 1);
  let weights = equations.map(() => 1);
  for (let pass = 0; pass < passes; pass += 1) {
    const errors = equations.map(({ terms, value }) => Math.abs(value - dot(terms, factors)));
    const usual = Math.max(leastError, median(errors) * 1.5);
    weights = errors.map((error) => Math.min(1, (outlierErrors * usual) / Math.max(error, 1e-9)) / usual ** 2);
    factors = solve(equations, weights, factors);
  }
  const [base = 0, ...each] = factors.map((factor, kind) => factor * scaled[kind]!);
  return { base, each };
}

export function useOf({ base, each }: Costs, counts: readonly number[]): number {
  return base + dot(each, counts);
}

interface Equation {
  readonly terms: readonly number[];
  readonly value: number;
}

/** Least squares with factors that are not negative and prefer 1, by coordinate descent. */
function solve(equations: readonly Equation[], weights: readonly number[], start: readonly number[]): number[] {
  const size = start.length;
  const ridge = 1 / trust ** 2;
  const products = Array.from({ length: size }, () => new Float64Array(size));
  const target = new Float64Array(size).fill(ridge);
  for (const [index, { terms, value }] of equations.entries()) {
    const weight = weights[index]!;
    for (let row = 0; row < size; row += 1) {
      const term = terms[row]! * weight;
      target[row]! += term * value;
      for (let column = 0; column < size; column += 1) products[row]![column]! += term * terms[column]!;
    }
  }
  const factors = [...start];
  for (let sweep = 0; sweep < sweeps; sweep += 1) {
    for (let kind = 0; kind < size; kind += 1) {
      const own = products[kind]![kind]! + ridge;
      const others = dot(products[kind]!, factors) - products[kind]![kind]! * factors[kind]!;
      factors[kind] = Math.max(0, (target[kind]! - others) / own);
    }
  }
  return factors;
}

/** By how much this machine's costs differ from the expected ones. */
function scaleOf(rows: readonly CostRow[], typical: readonly number[]): number {
  const busiest = rows.toSorted((a, b) => b.used - a.used).slice(0, Math.max(1, Math.ceil(rows.length / 2)));
  return median(busiest.map(({ counts, used }) => used / Math.max(1e-12, dot([1, ...counts], typical))));
}

const fewestBins = 4;
const mostBins = 24;
/** Values that span less say nothing of how one grows with the other. */
const leastSpan = 1.5;

/**
 * The power of `x` by which `y` grows: the median slope between medians of neighbours, both logarithmic. Null while `x`
 * hardly varies.
 */
export function growthOf(points: readonly { readonly x: number; readonly y: number }[]): number | null {
  const known = points.filter(({ x, y }) => x > 0 && y > 0).toSorted((a, b) => a.x - b.x);
  const size = Math.max(1, Math.ceil(known.length / mostBins));
  const bins = Array.from({ length: Math.floor(known.length / size) }, (_, bin) => {
    const near = known.slice(bin * size, (bin + 1) * size);
    return { x: Math.log(median(near.map(({ x }) => x))), y: Math.log(median(near.map(({ y }) => y))) };
  });
  if (bins.length < fewestBins || bins.at(-1)!.x - bins[0]!.x < Math.log(leastSpan)) return null;
  const slopes = bins.flatMap((to, index) =>
    bins.slice(0, index).flatMap((from) => (to.x - from.x < 0.05 ? [] : [(to.y - from.y) / (to.x - from.x)])),
  );
  return slopes.length === 0 ? null : median(slopes);
}

/** Rows drawn anew in blocks of neighbours, since neighbours are alike. `random`: from 0 to 1. */
export function resampled<Row>(rows: readonly Row[], block: number, random: () => number): Row[] {
  const drawn: Row[] = [];
  while (drawn.length < rows.length) {
    const from = Math.floor(random() * rows.length);
    for (let index = 0; index < block; index += 1) drawn.push(rows[(from + index) % rows.length]!);
  }
  return drawn.slice(0, rows.length);
}

function dot(one: ArrayLike<number>, other: ArrayLike<number>): number {
  let sum = 0;
  for (let index = 0; index < one.length; index += 1) sum += one[index]! * other[index]!;
  return sum;
}

export function median(values: readonly number[]): number {
  return quantileOf(values, 0.5);
}

/** 0 without values. */
export function quantileOf(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.round(share * (sorted.length - 1))] ?? 0;
}
