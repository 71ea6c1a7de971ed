import { setImmediate } from "node:timers/promises";
import { promisify } from "node:util";
import { gunzip, gzip } from "node:zlib";
import type { NodeBands, NodeBandsState, Watch, WatchState } from "@miscord/analysis";

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

export function nodeBandsToText(bands: Pick<NodeBands, "save">): Promise<string> {
  return packed(JSON.stringify(bands.save()));
}

/** Undefined when there is none, or this version cannot read it. */
export function nodeBandsFromText(text: string | undefined): Promise<NodeBandsState | undefined> {
  return unpacked<NodeBandsState>(text);
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
