import { compiledOnce } from "../compiled-once.ts";
import { indexVersion, type SearchDb } from "./tables.ts";

export interface IndexState {
  /** Messages with ids below this one are not all indexed; 0: everything is. Null: there is no index yet. */
  readonly remainingBelow: number | null;
  /** Not null: texts that were deleted may still be in the files of the index. Another value after each deletion. */
  readonly remains: string | null;
}

/** What the index says of itself. Of another epoch or version it counts as none. */
export async function readState(search: SearchDb, epoch: string): Promise<IndexState> {
  const rows = await stateRows(search);
  const values = new Map(rows.map(({ key, value }) => [key, value]));
  const isOfThisData = values.get("epoch") === epoch && values.get("version") === indexVersion;
  const below = values.get("remaining_below");
  return {
    remainingBelow: isOfThisData && below !== undefined ? Number(below) : null,
    remains: values.get("remains") ?? null,
  };
}

const stateRows = compiledOnce((search: SearchDb) => search.selectFrom("search_state").selectAll());

export function valuesOfState(state: { epoch: string; remainingBelow: number }) {
  return [
    { key: "epoch", value: state.epoch },
    { key: "version", value: indexVersion },
    { key: "remaining_below", value: String(state.remainingBelow) },
  ];
}

/** Makes the process that indexes begin anew. */
export async function requestRebuild(search: SearchDb): Promise<void> {
  await search.deleteFrom("search_state").where("key", "=", "version").execute();
}
