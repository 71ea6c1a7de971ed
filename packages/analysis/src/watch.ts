import {
  SeriesWatch,
  learningS,
  type SeriesDeparture,
  type SeriesSpec,
  type SeriesWatchState,
} from "./series-watch.ts";
import type { Band } from "./scale.ts";

/** Several series that departed together. Times in seconds since the epoch. */
export interface Departed {
  readonly id: string;
  readonly since: number;
  readonly endedAt: number | null;
  /** By the start of their departure; the first is named as the first cause. */
  readonly departures: readonly SeriesDeparture[];
}

export interface WatchState {
  readonly series: Readonly<Record<string, SeriesWatchState>>;
}

export interface WatchOptions {
  readonly specs: readonly SeriesSpec[];
  readonly newId: () => string;
  readonly state?: WatchState | undefined;
}

/** A series that departs so much later than an incident began belongs to another one. */
const joinsWithinS = 1_800;
/** An incident is over when all of its series have been as usual for so long. */
const overAfterS = 300;

interface Open {
  departed: Departed;
  readonly position: Map<string, SeriesDeparture>;
  quietSince: number | null;
}

/** Watches many series of one thing, and joins those that depart together. */
export class Watch {
  readonly #series: ReadonlyMap<string, SeriesWatch>;
  readonly #order: ReadonlyMap<string, number>;
  readonly #newId: () => string;
  #open: Open[] = [];

  /** The order of the specs is that from cause to consequence. */
  constructor({ specs, newId, state }: WatchOptions) {
    this.#series = new Map(specs.map((spec) => [spec.name, new SeriesWatch(spec, state?.series[spec.name])]));
    this.#order = new Map(specs.map(({ name }, index) => [name, index]));
    this.#newId = newId;
  }

  /** When enough is known, in seconds since the epoch; null before the first value. */
  get learnedAt(): number | null {
    const starts = [...this.#series.values()].map(({ since }) => since).filter((since) => since !== null);
    return starts.length === 0 ? null : Math.min(...starts) + learningS;
  }

  /**
   * Takes the values of a moment in, and gives the incidents that began, grew, changed or ended. `ofNodes`: single nodes that
   * depart.
   */
  observe(
    at: number,
    values: ReadonlyMap<string, number>,
    ofNodes: readonly (SeriesDeparture & { node: string })[] = [],
  ): Departed[] {
    const ofWhole = [...values].flatMap(([name, value]) => this.#series.get(name)?.observe(at, value) ?? []);
    const departing = [...ofWhole, ...ofNodes];
    for (const departure of departing) this.#assign(departure);
    const keys = new Set(departing.map(keyOf));
    for (const open of this.#open) this.#update(open, at, keys);
    const changed = this.#open.map(({ departed }) => departed);
    this.#open = this.#open.filter(({ departed }) => departed.endedAt === null);
    return changed;
  }

  band(name: string, at: number): Band | null {
    return this.#series.get(name)?.band(at) ?? null;
  }

  /** Whether the series is known to rise every few minutes. */
  hasRhythm(name: string): boolean {
    return this.#series.get(name)?.hasRhythm ?? false;
  }

  /** An incident that is as it should be: its series are usual from now on. */
  adopt(names: readonly string[]): void {
    for (const name of names) this.#series.get(name)?.adopt();
  }

  /** An incident that was none: wider bands for its series. */
  tolerate(names: readonly string[]): void {
    for (const name of names) this.#series.get(name)?.tolerate();
  }

  save(): WatchState {
    return { series: Object.fromEntries(this.saveEach()) };
  }

  /** What was learned of one series after the other, so that the work can be spread. */
  *saveEach(): Iterable<readonly [name: string, state: SeriesWatchState]> {
    for (const [name, series] of this.#series) yield [name, series.save()];
  }

  /** A series is in one incident, whether one node departs, several or the whole. */
  #assign(departure: SeriesDeparture): void {
    const { series, since } = departure;
    const key = keyOf(departure);
    const open =
      this.#open.find(({ position }) => position.has(key)) ??
      this.#open.find(({ position }) => [...position.values()].some((each) => each.series === series)) ??
      this.#open.find(({ departed }) => since - departed.since <= joinsWithinS) ??
      this.#begin(departure);
    const held = open.position.get(key);
    open.position.set(key, held ? joined(held, departure) : departure);
  }

  #begin({ since }: SeriesDeparture): Open {
    const departed = { id: this.#newId(), since, endedAt: null, departures: [] };
    const open = { departed, position: new Map<string, SeriesDeparture>(), quietSince: null };
    this.#open.push(open);
    return open;
  }

  #update(open: Open, at: number, departing: ReadonlySet<string>): void {
    const { departed, position } = open;
    const isDeparting = [...position.keys()].some((key) => departing.has(key));
    open.quietSince = isDeparting ? null : (open.quietSince ?? at);
    const isOver = open.quietSince !== null && at - open.quietSince >= overAfterS;
    const departures = withoutDoubles([...position.values()]).toSorted(
      (a, b) => a.since - b.since || this.#order.get(a.series)! - this.#order.get(b.series)!,
    );
    open.departed = {
      ...departed,
      since: Math.min(...departures.map(({ since }) => since)),
      endedAt: isOver ? open.quietSince : null,
      departures,
    };
  }
}

/** A series of the whole, or of one node. */
function keyOf({ series, node }: SeriesDeparture): string {
  return node === null ? series : `${series} ${node}`;
}

/** What the whole has is not told of single nodes again, but began with the first of them. */
function withoutDoubles(departures: readonly SeriesDeparture[]): SeriesDeparture[] {
  const ofWhole = new Set(departures.filter(({ node }) => node === null).map(({ series }) => series));
  return departures
    .filter(({ series, node }) => node === null || !ofWhole.has(series))
    .map((departure) => {
      const starts = departures.filter(({ series }) => series === departure.series).map(({ since }) => since);
      return departure.node === null ? { ...departure, since: Math.min(...starts) } : departure;
    });
}

/** One departure of a series that left its band again within an incident: from the first time on, and the worst of all. */
function joined(held: SeriesDeparture, departure: SeriesDeparture): SeriesDeparture {
  const worst = held.worst.spreads > departure.worst.spreads ? held.worst : departure.worst;
  return { ...departure, since: Math.min(held.since, departure.since), worst };
}
