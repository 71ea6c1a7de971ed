/** A forecast for one day: the band holds the true value in four of five cases. */
export interface ForecastDay {
  /** Days ahead, from 1. */
  readonly day: number;
  readonly low: number;
  readonly expected: number;
  readonly high: number;
}

/** Days that must be known before anything is forecast. */
export const fewestDays = 10;
/** Share of the cases in which the value lies within the band. */
const coverage = 0.8;
/** Days from which level and slope are told. */
const fitDays = 21;
/** Horizons at which past errors are measured. */
const measuredDays = [1, 2, 4, 7];
const leastGrowth = 0.1;
/** With few past errors the band is wider by this over their number. */
const fewSamples = 4;
const seasonFrom = 28;
/** Past forecasts whose errors make the band. */
const mostOrigins = 40;

/**
 * Forecasts a value per day from those of the days before, the latest last. The expected value follows the robust slope
 * of the last three weeks; the band comes from the errors that the same forecasts would have had in the past. Empty with
 * too few days.
 */
export function forecastDays(values: readonly number[], horizon: number): ForecastDay[] {
  if (values.length < fewestDays) return [];
  const season = weekdays(values);
  const fit = fitOf(
    values.slice(-fitDays).map((value, index, recent) => value - season[(values.length - recent.length + index) % 7]!),
  );
  const width = widths(values, season);
  return Array.from({ length: horizon }, (_, index) => {
    const day = index + 1;
    const expected = fit.level + fit.slope * day + season[(values.length + index) % 7]!;
    return { day, low: expected - width(day), expected, high: expected + width(day) };
  });
}

interface Fit {
  readonly level: number;
  readonly slope: number;
}

/** Theil–Sen: the median of the slopes between all pairs of days, and the median level at the last day. */
function fitOf(values: readonly number[]): Fit {
  const recent = values;
  const slopes: number[] = [];
  for (let to = 1; to < recent.length; to++) {
    for (let from = 0; from < to; from++) slopes.push((recent[to]! - recent[from]!) / (to - from));
  }
  const slope = quantile(slopes, 0.5);
  const week = recent.slice(-7);
  return {
    slope,
    level: quantile(
      week.map((value, index) => value + slope * (week.length - 1 - index)),
      0.5,
    ),
  };
}

/**
 * Half the width of the band by the number of days ahead. Errors of forecasts for many days overlap and are few, so their
 * scale is told from those for up to a week, as a power of the number of days.
 */
function widths(values: readonly number[], season: readonly number[]): (day: number) => number {
  const scales = measuredDays.flatMap((day) => {
    const errors = errorsAt(values, season, day);
    return errors.length < 5 ? [] : [{ day, scale: scaleOf(errors), count: errors.length }];
  });
  const [first] = scales;
  if (!first) return () => Number.POSITIVE_INFINITY;
  const last = scales.at(-1)!;
  const growth = Math.log(last.scale / first.scale) / Math.log(last.day / first.day);
  const power = last === first ? 1 : Math.max(leastGrowth, Math.min(1, growth));
  const few = 1 + fewSamples / last.count;
  return (day) => {
    const nearest = scales.findLast((each) => each.day <= day) ?? first;
    return few * nearest.scale * (day / nearest.day) ** power;
  };
}

/** Half of the range that holds the middle `coverage` of the errors around 0. */
function scaleOf(errors: readonly number[]): number {
  return Math.max(1e-9, quantile(errors.map(Math.abs), coverage));
}

function errorsAt(values: readonly number[], season: readonly number[], day: number): number[] {
  const errors: number[] = [];
  const first = Math.max(Math.ceil(fewestDays / 2), values.length - day - mostOrigins);
  for (let origin = first; origin + day <= values.length; origin++) {
    const { level, slope } = fitOf(
      values
        .slice(Math.max(0, origin - fitDays), origin)
        .map((value, index) => value - season[(Math.max(0, origin - fitDays) + index) % 7]!),
    );
    errors.push(values[origin + day - 1]! - season[(origin + day - 1) % 7]! - level - slope * day);
  }
  return errors;
}

/** By how much each day of the week departs from the mean of its week; 0 until four weeks are known. */
function weekdays(values: readonly number[]): number[] {
  const departures = Array.from({ length: 7 }, (): number[] => []);
  for (let index = 3; index < values.length - 3; index++) {
    const week = values.slice(index - 3, index + 4);
    departures[index % 7]!.push(values[index]! - week.reduce((sum, value) => sum + value, 0) / 7);
  }
  return departures.map((each) => (values.length < seasonFrom ? 0 : quantile(each, 0.5)));
}

function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return at(sorted, share * (sorted.length - 1));
}

/** Between two neighbours of a sorted list. */
function at(sorted: readonly number[], position: number): number {
  const bounded = Math.max(0, Math.min(sorted.length - 1, position));
  const before = Math.floor(bounded);
  const next = sorted[Math.min(sorted.length - 1, before + 1)]!;
  return sorted[before]! + (next - sorted[before]!) * (bounded - before);
}
