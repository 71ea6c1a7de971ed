import { Baseline, recentPace, type BaselineState } from "./baseline.ts";
import { bandSpreads, rawOf, scaledOf, type Band } from "./scale.ts";
import { firstWeekS, firstWeekTolerance, learningS, type SeriesSpec } from "./series-watch.ts";

export type NodeBandsState = Readonly<Record<string, BaselineState>>;

/**
 * What is usual for any one of several nodes that do the same: one baseline by series for all of them, taught by one node
 * at a time, so that its spread is also that between the nodes. Nodes may come and go, and change their names.
 */
export class NodeBands {
  readonly #series: ReadonlyMap<string, { spec: SeriesSpec; baseline: Baseline }>;

  constructor(specs: readonly SeriesSpec[], state?: NodeBandsState) {
    const held = specs.map((spec) => {
      const baseline = new Baseline(recentPace, spec.leastSpread, state?.[spec.name]);
      return [spec.name, { spec, baseline }] as const;
    });
    this.#series = new Map(held);
  }

  get isTaught(): boolean {
    return [...this.#series.values()].some(({ baseline }) => baseline.since !== null);
  }

  /** @param at seconds since the epoch, later than the last */
  learn(at: number, values: ReadonlyMap<string, number>): void {
    for (const [name, value] of values) {
      const held = this.#series.get(name);
      held?.baseline.learn(at, scaledOf(value, held.spec.unit));
    }
  }

  /** Null while too little is known. */
  band(name: string, at: number): Band | null {
    const held = this.#series.get(name);
    const { since, at: latest } = held?.baseline ?? { since: null, at: null };
    if (!held || since === null || latest === null || latest - since < learningS) return null;
    const expected = held.baseline.expected(at);
    const tolerance = latest - since < firstWeekS ? firstWeekTolerance : 1;
    const width = bandSpreads * tolerance * held.baseline.spread(at);
    const [low, middle, high] = [expected - width, expected, expected + width].map((each) =>
      rawOf(each, held.spec.unit),
    );
    return { low: low!, expected: middle!, high: high! };
  }

  save(): NodeBandsState {
    return Object.fromEntries([...this.#series].map(([name, { baseline }]) => [name, baseline.save()]));
  }
}
