import type { Clock } from "../../clock.ts";
import { every } from "../../concurrency/every.ts";
import type { Store } from "../../store/contract.ts";
import { positionsBehind } from "../../store/queries/search-source.ts";
import { readState } from "../../store/search/state.ts";
import { indexEpochOf } from "./index-epoch.ts";

const everyMs = 15_000;

interface Lag {
  lag: number | null;
  remaining: number | null;
}

/** Looks every 15 seconds how far the index is behind, on each node for its own metrics. */
export function watchLag(
  { store, clock }: { store: Pick<Store, "searchState" | "dialect" | "epoch">; clock: Clock },
  onError: (error: unknown) => void,
): Lag & { stop: () => void } {
  const found: Lag = { lag: null, remaining: null };
  const work = async () => {
    found.lag = await positionsBehind(store.searchState);
    found.remaining = (await readState(store.searchState, indexEpochOf(store))).remainingBelow;
  };
  return Object.assign(found, { stop: every(clock, { everyMs, work, onError }) });
}
