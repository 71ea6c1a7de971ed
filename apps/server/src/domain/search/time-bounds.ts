import type { SearchQuery } from "@miscord/protocol";
import { lastId, timeFrom } from "../../store/queries/search-hits.ts";
import type { SearchDb } from "../../store/search/tables.ts";

export interface TimeBounds {
  /** Ids from this one on. */
  readonly from: number;
  /** Ids below this one. */
  readonly below: number;
  /** Milliseconds since 1970. */
  readonly notBefore: number;
  readonly notAfter: number;
}

/** Clocks of nodes differ, so that ids follow the time no closer than this. */
const skewMs = 5 * 60_000;

/**
 * The ids between which messages of these times lie, so that the index is asked for few others; the times are compared
 * exactly afterwards. Numbers in place of times are ids of messages.
 */
export async function idsBetween(search: SearchDb, { after, before }: SearchQuery): Promise<TimeBounds> {
  const earliest = after?.time ?? Number.NEGATIVE_INFINITY;
  const latest = before?.time ?? Number.POSITIVE_INFINITY;
  const last = after?.time === undefined && before?.time === undefined ? 0 : await lastId(search);
  const from = after?.time === undefined ? 0 : await firstIdAt(search, earliest - skewMs, last);
  const below =
    before?.time === undefined ? Number.MAX_SAFE_INTEGER : (await firstIdAt(search, latest + skewMs, last)) + 1;
  return {
    from: Math.max(from, after?.id === undefined ? 0 : after.id + 1),
    below: Math.min(below, before?.id ?? Number.MAX_SAFE_INTEGER),
    notBefore: earliest,
    notAfter: latest,
  };
}

/** The lowest id of a message sent at the time or later, as far as ids follow the time; by bisection. */
async function firstIdAt(search: SearchDb, time: number, last: number): Promise<number> {
  let low = 0;
  let high = last + 1;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    const found = await timeFrom(search, middle);
    if (found === null || found.created_at >= time) high = middle;
    else low = found.id + 1;
  }
  return low;
}
