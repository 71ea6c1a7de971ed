import { appendFile } from "node:fs/promises";
import { join } from "node:path";
import { monitorSample } from "@miscord/protocol/schemas";
import { keepAnalysis } from "../../../store/queries/analysis.ts";
import { openSqliteStore } from "../../../store/sqlite/open-sqlite-store.ts";
import { Capacity } from "../capacity/capacity.ts";
import { IncidentLog } from "../incident-log.ts";
import { modelToText } from "../model-text.ts";
import { instanceValues } from "../series.ts";
import { Community, type Fault } from "./community.ts";
import { newWatch } from "./learned-watch.ts";

const daySeconds = 86_400;
const learnedDays = 9;
const shownMinutes = 1_440;

/**
 * Fills the data folder of a stopped server with what one has learned from a community until now, and with the fault of
 * the last `faultMinutes`: its incident, which goes on, and the history of the day.
 */
export async function writePastIncident(
  dataDir: string,
  nowSeconds: number,
  faultMinutes: number,
  fault: Fault,
): Promise<void> {
  const watch = newWatch();
  const community = new Community(11);
  const log = new IncidentLog([], nowSeconds);
  const capacity = new Capacity([]);
  const lines: string[] = [];
  const from = nowSeconds - learnedDays * daySeconds;
  const faultAt = nowSeconds - faultMinutes * 60;
  const coincidences = [
    { kind: "deploy", at: new Date((faultAt - 120) * 1_000).toISOString(), detail: "2.0.1" },
  ] as const;
  for (let at = from; at < nowSeconds; at += 60) {
    const since = Math.round((at - faultAt) / 60);
    const usual = community.minute(at);
    const minute = since < 0 ? usual : { ...usual, ...fault(usual, since) };
    capacity.add(at, new Map([["one", usual]]));
    const departed = watch.observe(at, instanceValues([minute]));
    log.update(at, departed, { coincidences, nodeOf: () => null });
    if (nowSeconds - at > shownMinutes * 60) continue;
    lines.push(`${JSON.stringify({ kind: "minute", value: monitorSample.parse(minute) })}\n`);
  }
  const store = await openSqliteStore({ file: join(dataDir, "miscord.db") });
  await keepAnalysis(store.db, "model", await modelToText(watch));
  await keepAnalysis(store.db, "load", JSON.stringify(capacity.kept));
  const kept = { incidents: log.kept, known: null, changes: coincidences };
  await keepAnalysis(store.db, "incidents", JSON.stringify(kept));
  await store.close();
  await appendFile(join(dataDir, "monitor.jsonl"), lines.join(""));
}
