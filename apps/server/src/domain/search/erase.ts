import type { Store } from "../../store/contract.ts";
import { searchIndex } from "../../store/search/open-index.ts";
import { readState } from "../../store/search/state.ts";
import { indexEpochOf } from "./index-epoch.ts";

/** Removes from the index's files what was deleted or edited since the last time. */
export async function eraseFromIndex(
  store: Pick<Store, "search" | "searchState" | "dialect" | "epoch">,
): Promise<void> {
  const { remains } = await readState(store.searchState, indexEpochOf(store));
  if (remains !== null) await searchIndex(store.search, store.dialect).compact();
}
