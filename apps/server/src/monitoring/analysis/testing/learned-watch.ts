import { Watch, type WatchState } from "@miscord/analysis";
import { instanceValues, serverSeries } from "../series.ts";
import { Community, startOfTime } from "./community.ts";

const daySeconds = 86_400;

export interface Learned {
  readonly state: WatchState;
  /** The minute after the last one that was learned, in seconds since the epoch. */
  readonly until: number;
}

/** What a watch has learned from the first days of a community. */
export function learnDays(days: number, seed: number): Learned {
  const watch = newWatch();
  const community = new Community(seed);
  const until = startOfTime + days * daySeconds;
  for (let at = startOfTime; at < until; at += 60) watch.observe(at, instanceValues([community.minute(at)]));
  return { state: watch.save(), until };
}

export function newWatch(state?: WatchState): Watch {
  let id = 0;
  return new Watch({
    specs: serverSeries,
    newId: () => `incident-${(id += 1)}`,
    state: state && structuredClone(state),
  });
}
