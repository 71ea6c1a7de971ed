import { probation } from "./nab-score.ts";

/** The windowed Gaussian of the Numenta Anomaly Benchmark: 6,400 values, moved on by a hundred. */
export function windowedGaussian(values: readonly number[]): number[] {
  const size = 6_400;
  const step = 100;
  let window: number[] = [];
  let waiting: number[] = [];
  let usual = { mean: 0, squares: 0 };
  return values.map((value) => {
    const deviation = Math.sqrt(usual.squares / Math.max(1, window.length)) || 1e-6;
    const score = window.length === 0 ? 0 : 1 - upperTail(Math.abs(value - usual.mean) / deviation);
    if (window.length < size) {
      window.push(value);
      usual = updated(usual, value, window.length);
      return score;
    }
    waiting.push(value);
    if (waiting.length === step) {
      window = [...window.slice(step), ...waiting];
      waiting = [];
      const { mean, deviation } = momentsOf(window);
      usual = { mean, squares: deviation ** 2 * window.length };
    }
    return score;
  });
}

/** Welford's update of mean and sum of squares by the `count`th value. */
function updated({ mean, squares }: { mean: number; squares: number }, value: number, count: number) {
  const next = mean + (value - mean) / count;
  return { mean: next, squares: squares + (value - mean) * (value - next) };
}

/** A band of three standard deviations around the mean of the probation; the score is 1 outside and 0 inside. */
export function threeSigma(values: readonly number[]): number[] {
  const from = probation(values.length);
  const { mean, deviation } = momentsOf(values.slice(0, from));
  return values.map((value, index) => (index >= from && Math.abs(value - mean) > 3 * deviation ? 1 : 0));
}

function momentsOf(values: readonly number[]): { mean: number; deviation: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / Math.max(1, values.length);
  return { mean, deviation: Math.sqrt(variance) || 1e-6 };
}

/** The chance that a normal variable exceeds z ≥ 0; relative error below 1.2e-7 (Numerical Recipes, erfcc). */
function upperTail(z: number): number {
  const x = z / Math.SQRT2;
  const t = 1 / (1 + x / 2);
  const series = [
    -1.26551223, 1.00002368, 0.37409196, 0.09678418, -0.18628806, 0.27886807, -1.13520398, 1.48851587, -0.82215223,
    0.17087277,
  ];
  return (t * Math.exp(series.reduceRight((sum, each) => sum * t + each, 0) - x * x)) / 2;
}
