import { setImmediate } from "node:timers/promises";
import { promisify } from "node:util";
import { gunzip, gzip } from "node:zlib";
import type { Watch, WatchState } from "@miscord/analysis";

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
  const text = `{"format":${format},"state":{"series":{${series.join(",")}}}}`;
  return (await compress(text)).toString("base64");
}

/** Undefined when there is none, or this version cannot read it. */
export async function modelFromText(text: string | undefined): Promise<WatchState | undefined> {
  if (text === undefined) return undefined;
  try {
    const kept = (await decompress(Buffer.from(text, "base64"))).toString();
    const { format: written, state } = JSON.parse(kept) as { format: number; state: WatchState };
    return written === format ? state : undefined;
  } catch {
    return undefined;
  }
}
