import type { Config } from "../config.ts";
import { requestRebuild } from "../store/search/state.ts";
import { withStore } from "./open-store.ts";

/** Lets the server make the search index anew: the one that runs at once, else at its next start. */
export async function rebuildSearch(config: Config): Promise<string> {
  await withStore(config, (store) => requestRebuild(store.search));
  return "The search index is made anew, newest messages first. Search finds more and more of them meanwhile.";
}
