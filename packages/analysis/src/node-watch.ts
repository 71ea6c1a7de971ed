import { Baseline, recentPace, type BaselineState } from "./baseline.ts";
import { beginHabit, isReported, learnHabit, stepHabit, type Habit } from "./node-habit.ts";
import { NodeBands, type NodeBandsState } from "./node-bands.ts";
import { rawOf, scaledOf } from "./scale.ts";
import { firstWeekS, firstWeekTolerance, learningS, type NodeSpec, type SeriesDeparture } from "./series-watch.ts";
import { Tail, type TailState } from "./tail.ts";

/** A node that is away from what is usual for it and for the others. Values are its own. */
export interface NodeDeparture extends SeriesDeparture {
  readonly node: string;
}

interface NodeState {
  readonly habits: Readonly<Record<string, Habit>>;
}

export interface NodeWatchState {
  readonly bands: NodeBandsState;
  readonly differences: Readonly<Record<string, DifferenceState>>;
  readonly nodes: Readonly<Record<string, NodeState>>;
  readonly settledAt: number;
}

interface DifferenceState {
  readonly level: BaselineState;
  readonly apart: BaselineState;
  readonly tail: TailState;
  readonly tolerance: number;
}

/** What is known of a series of any node, the same for all of them. */
interface Difference {
  readonly spec: NodeSpec;
  /** What a node has that has no habit of its own. */
  readonly level: Baseline;
  /** How far nodes stray from each other, besides their habits. */
  readonly apart: Baseline;
  /** Departures so far. */
  readonly tail: Tail;
  tolerance: number;
}

/** Nodes that are watched at most: the first by their ids. */
const mostNodes = 64;
/** After nodes came or went the load finds its new places; nothing is reported of one node alone, and their habits are learned anew. */
const settleS = 1_800;
/** Minutes at full weight: four weeks. */
const remembered = 40_320;
const mostTolerance = 3;

/**
 * Watches nodes that do the same, one by one. A node departs when it is away from what is usual at the hour, from what the
 * others have at the same time, and from its own habit: so what all nodes do is no departure of one of them, nor that one
 * is always larger, nor that one catches up after its start.
 */
export class NodeWatch {
  readonly bands: NodeBands;
  readonly #differences: ReadonlyMap<string, Difference>;
  #habits: Map<string, Map<string, Habit>>;
  #settledAt: number;

  constructor(specs: readonly NodeSpec[], state?: NodeWatchState) {
    this.bands = new NodeBands(specs, state?.bands);
    this.#differences = new Map(
      specs.map((spec) => {
        const held = state?.differences[spec.name];
        const level = new Baseline(recentPace, spec.leastSpread, held?.level);
        const apart = new Baseline(recentPace, spec.leastSpread, held?.apart);
        const tail = new Tail(remembered, held?.tail);
        return [spec.name, { spec, level, apart, tail, tolerance: held?.tolerance ?? 1 }];
      }),
    );
    this.#habits = new Map(
      Object.entries(state?.nodes ?? {}).map(([id, { habits }]) => [
        id,
        new Map(Object.entries(structuredClone(habits))),
      ]),
    );
    this.#settledAt = state?.settledAt ?? 0;
  }

  /** Takes in the values of a minute of each node, by the nodes' ids, and gives what departs. */
  observe(at: number, given: ReadonlyMap<string, ReadonlyMap<string, number>>): NodeDeparture[] {
    const nodes = [...given].toSorted(([one], [other]) => (one < other ? -1 : 1)).slice(0, mostNodes);
    this.#meet(
      at,
      nodes.map(([id]) => id),
    );
    if (nodes.length < 2) return [];
    const turn = Math.floor(at / 60) % nodes.length;
    return [...this.#differences.values()].flatMap((difference) => {
      const { name, unit, across } = difference.spec;
      // What adds up is compared as that of the whole, if all nodes had the same.
      const times = across === "sum" ? nodes.length : 1;
      const values = nodes.map(([, values]) => values.get(name));
      const taught = values[turn];
      if (taught !== undefined) this.bands.learn(at, new Map([[name, taught * times]]));
      const scaled = values.map((value) => (value === undefined ? null : scaledOf(value * times, unit)));
      return nodes.flatMap(([id], index) => {
        const value = scaled[index]!;
        const others = scaled.filter((each, other) => each !== null && other !== index) as number[];
        if (value === null || others.length === 0) return [];
        const seen = { at, id, value, ...middleOf(others), times, isTeaching: index === turn };
        return this.#observe(difference, seen) ?? [];
      });
    });
  }

  /** The present level of these nodes is as it should be from now on. */
  adopt(name: string, isMeant: (id: string) => boolean): void {
    for (const [id, habits] of this.#habits) if (isMeant(id)) habits.delete(name);
  }

  /** The departure was nothing: a wider range from now on. */
  tolerate(name: string): void {
    const difference = this.#differences.get(name);
    if (!difference) return;
    difference.tolerance = Math.min(mostTolerance, difference.tolerance * 1.3);
    for (const habits of this.#habits.values()) {
      const habit = habits.get(name);
      if (habit) Object.assign(habit, { above: null, below: null, drift: null });
    }
  }

  get isTaught(): boolean {
    return this.bands.isTaught;
  }

  save(): NodeWatchState {
    const differences = [...this.#differences].map(([name, { level, apart, tail, tolerance }]) => [
      name,
      { level: level.save(), apart: apart.save(), tail: tail.save(), tolerance },
    ]);
    const nodes = [...this.#habits].map(([id, habits]) => [id, { habits: Object.fromEntries(habits) }]);
    return {
      bands: this.bands.save(),
      differences: Object.fromEntries(differences),
      nodes: Object.fromEntries(nodes),
      settledAt: this.#settledAt,
    };
  }

  /** Habits of nodes that are gone are forgotten; those of the others change with the load, unless something is wrong. */
  #meet(at: number, ids: readonly string[]): void {
    const isSame = ids.length === this.#habits.size && ids.every((id) => this.#habits.has(id));
    if (isSame) return;
    this.#settledAt = at + settleS;
    this.#habits = new Map(
      ids.map((id) => {
        const kept = [...(this.#habits.get(id) ?? [])].filter(([, habit]) => isReported(habit));
        return [id, new Map(kept)];
      }),
    );
  }

  #observe(difference: Difference, seen: Seen): NodeDeparture | null {
    const { spec, level, apart, tail, tolerance } = difference;
    const { at, id, value, others, high, times, isTeaching } = seen;
    const habits = this.#habits.get(id)!;
    const habit = habits.get(spec.name) ?? beginHabit(at, value - others);
    habits.set(spec.name, habit);
    const isSettled = at >= this.#settledAt;
    const isJudged = isLearned(level) && isLearned(apart) && (isSettled || isReported(habit));
    const width = apart.spread(at);
    const strays = (usual: number) => {
      const own = (value - others - usual) / width;
      const fromOthers = (value - (own > 0 ? others : high)) / width;
      const departures = [own, fromOthers, level.departure(at, value - usual)];
      return isJudged ? nearest(departures) / tolerance / widened(apart, at) : 0;
    };
    const spreads = strays(habit.offset);
    const step = { at, spreads, slowSpreads: strays(habit.slow), evidence: tail.evidence(Math.abs(spreads)) };
    if (isTeaching && isSettled) {
      apart.learn(at, value - others - habit.offset);
      level.learn(at, value - habit.offset);
      if (isJudged) tail.add(Math.abs(spreads));
    }
    const whole = (scaled: number) => rawOf(scaled, spec.unit) / times;
    // What the others have, or what this node has when they have it, whichever is nearer.
    const nearer = spreads < 0 ? Math.min(0, habit.offset) : Math.max(0, habit.offset);
    const told = stepHabit(habit, { ...step, both: spec.both, value: whole(value), expected: whole(others + nearer) });
    learnHabit(habit, at, value - others, width);
    return told && { ...told, series: spec.name, node: id, every_minutes: null };
  }
}

interface Seen {
  readonly at: number;
  readonly id: string;
  /** On the scale of the series. */
  readonly value: number;
  /** What half of the others have at least, and at most. */
  readonly others: number;
  readonly high: number;
  readonly times: number;
  /** Whether it is this node's turn to teach what is usual. */
  readonly isTeaching: boolean;
}

function isLearned({ since, at }: Baseline): boolean {
  return since !== null && at !== null && at - since >= learningS;
}

/** The departure nearest to 0, if all are on the same side. */
function nearest(departures: readonly number[]): number {
  if (departures.every((each) => each > 0)) return Math.min(...departures);
  return departures.every((each) => each < 0) ? Math.max(...departures) : 0;
}

/** The middle value, or the two around the middle. */
function middleOf(values: readonly number[]): { others: number; high: number } {
  const sorted = values.toSorted((one, other) => one - other);
  const middle = sorted.length / 2;
  return { others: sorted[Math.ceil(middle) - 1]!, high: sorted[Math.floor(middle)]! };
}

/** In the first week ranges are wider, since no weekend has been seen. */
function widened({ since }: Baseline, at: number): number {
  return at - (since ?? at) < firstWeekS ? firstWeekTolerance : 1;
}
