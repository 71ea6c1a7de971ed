import { gunzipSync, gzipSync } from "node:zlib";
import type { WatchState } from "@miscord/analysis";

/** Format of the learned state: what another version wrote is not read, and learning begins anew. */
const format = 1;

/** The learned state as text for a column. */
export function modelToText(state: WatchState): string {
  return gzipSync(JSON.stringify({ format, state })).toString("base64");
}

/** Undefined when there is none, or this version cannot read it. */
export function modelFromText(text: string | undefined): WatchState | undefined {
  if (text === undefined) return undefined;
  try {
    const kept = JSON.parse(gunzipSync(Buffer.from(text, "base64")).toString()) as {
      format: number;
      state: WatchState;
    };
    return kept.format === format ? kept.state : undefined;
  } catch {
    return undefined;
  }
}
