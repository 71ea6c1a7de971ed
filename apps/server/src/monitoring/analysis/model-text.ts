import { setImmediate } from "node:timers/promises";
import { promisify } from "node:util";
import { gunzip, gzip } from "node:zlib";
import type { NodeWatch, NodeWatchState, Watch, WatchState } from "@miscord/analysis";

/** Format of the learned state: what another version wrote is not read, and learning begins anew. */
const format = 1;
const compress = promisify(gzip);
const decompress = promisify(gunzip);

/** The learned state as text for a column. Between two series the event loop has its turn. */
export async function modelToText(watch: Pick<Watch, "saveEach">): Promise<string> {
  const series: string[] = [];
  for (const [name, state] of watch.saveEach()) {
    series.push(`${JSON.stringify(name)}:${JSON.stringify(state)}`);
    await setImmediate();
  }
  return packed(`{"series":{${series.join(",")}}}`);
}

export function nodeWatchToText(nodes: Pick<NodeWatch, "save">): Promise<string> {
  return packed(JSON.stringify(nodes.save()));
}

/** Undefined when there is none, or this version cannot read it. */
export async function nodeWatchFromText(text: string | undefined): Promise<NodeWatchState | undefined> {
  const state = await unpacked<NodeWatchState | NodeWatchState["bands"]>(text);
  if (state === undefined || isNodeWatchState(state)) return state;
  // An earlier version kept the bands only.
  return { bands: state, differences: {}, nodes: {}, settledAt: 0 };
}

function isNodeWatchState(state: NodeWatchState | NodeWatchState["bands"]): state is NodeWatchState {
  return "bands" in state;
}

/** Undefined when there is none, or this version cannot read it. */
export function modelFromText(text: string | undefined): Promise<WatchState | undefined> {
  return unpacked<WatchState>(text);
}

async function packed(state: string): Promise<string> {
  return (await compress(`{"format":${format},"state":${state}}`)).toString("base64");
}

async function unpacked<State>(text: string | undefined): Promise<State | undefined> {
  if (text === undefined) return undefined;
  try {
    const kept = (await decompress(Buffer.from(text, "base64"))).toString();
    const { format: written, state } = JSON.parse(kept) as { format: number; state: State };
    return written === format ? state : undefined;
  } catch {
    return undefined;
  }
}
