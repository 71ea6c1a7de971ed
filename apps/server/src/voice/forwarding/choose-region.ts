import type { RegionTimes } from "../events.ts";

/** Counts for a region that a client could not reach: worse than any time, and equal for all such. */
const unreachableMs = 100_000;
/** A region is not left for one that is nearer by less: nobody would notice, and times differ by as much by themselves. */
const noticeableMs = 10;

export interface RegionChoice {
  /** Names of the regions that can forward now; at least one. Of several that are equally far, the first is taken. */
  readonly available: readonly string[];
  /** The one that the channel names. */
  readonly named: string | null;
  /** The one that the room has. */
  readonly present: string | null;
  /** The room stays where it is while that is available. */
  readonly isSettled: boolean;
  /** Of each participant. */
  readonly times: Iterable<RegionTimes>;
}

/**
 * The region that the room takes: the one that its channel names, or the one whose farthest participant is nearest. Whoever
 * has no times at all, as with a client from before regions, has no say.
 */
export function chooseRegion({ available, named, present, isSettled, times }: RegionChoice): string {
  const stays = present !== null && available.includes(present);
  if (stays && isSettled) return present;
  if (named !== null && available.includes(named)) return named;
  const known = [...times].filter((own) => Object.keys(own).length > 0);
  const ranked = available
    .map((name) => ({ name, ...distance(name, known) }))
    .toSorted((one, other) => one.worst - other.worst || one.sum - other.sum);
  const best = ranked[0]!;
  const now = ranked.find(({ name }) => name === present);
  return now && now.worst - best.worst < noticeableMs ? now.name : best.name;
}

function distance(name: string, all: readonly RegionTimes[]): { worst: number; sum: number } {
  const each = all.map((own) => (Object.hasOwn(own, name) ? own[name]! : unreachableMs));
  return { worst: Math.max(0, ...each), sum: each.reduce((sum, ms) => sum + ms, 0) };
}
