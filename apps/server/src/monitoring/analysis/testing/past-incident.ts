import { appendFile } from "node:fs/promises";
import { join } from "node:path";
import { NodeWatch } from "@miscord/analysis";
import type { MonitorSample } from "@miscord/protocol";
import { monitorSample } from "@miscord/protocol/schemas";
import { keepAnalysis } from "../../../store/queries/analysis.ts";
import { openSqliteStore } from "../../../store/sqlite/open-sqlite-store.ts";
import { Capacity } from "../capacity/capacity.ts";
import { IncidentLog } from "../incident-log.ts";
import { modelToText, nodeWatchToText } from "../model-text.ts";
import { instanceValues, serverSeries, type Minute } from "../series.ts";
import { Community, type Fault } from "./community.ts";
import { newWatch } from "./learned-watch.ts";

const daySeconds = 86_400;
const learnedDays = 9;
const shownMinutes = 1_440;

export interface PastIncident {
  readonly nowSeconds: number;
  readonly faultMinutes: number;
  readonly fault: Fault;
  /** What every minute has besides what the community does. */
  readonly habit?: Fault;
  /** Among which the people are shared; one by default. */
  readonly workers?: number;
  /** What the last of them alone has. */
  readonly alone?: Fault;
}

/**
 * Fills the data folder of a stopped server with what one has learned from a community until now, and with the fault of
 * the last `faultMinutes`: its incident, which goes on, and the history of the day.
 */
export async function writePastIncident(
  dataDir: string,
  { nowSeconds, faultMinutes, fault, habit = () => ({}), workers = 1, alone = () => ({}) }: PastIncident,
): Promise<void> {
  const nodeWatch = new NodeWatch(serverSeries);
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
    const plain = community.minute(at);
    const usual = { ...plain, ...habit(plain, since) };
    const minute = since < 0 ? usual : { ...usual, ...fault(usual, since) };
    capacity.add(at, new Map([["one", usual]]));
    const shares = Array.from({ length: workers }, (_, index): [string, Map<string, number>] => {
      const own = index === workers - 1 ? { ...minute, ...alone(minute, since) } : minute;
      return [`node ${index + 1}`, evenShare(own, workers)];
    });
    const ofNodes = nodeWatch.observe(at, new Map(shares));
    const departed = watch.observe(at, instanceValues([minute]), ofNodes);
    log.update(at, departed, { coincidences, nodeOf: () => null, nameOf: String });
    if (nowSeconds - at > shownMinutes * 60) continue;
    const value = monitorSample.parse(minute);
    lines.push(`${JSON.stringify({ kind: "minute", value: workers > 1 ? shareOf(value, workers) : value })}\n`);
    if (workers > 1) lines.push(`${JSON.stringify({ kind: "instance", value })}\n`);
  }
  const store = await openSqliteStore({ file: join(dataDir, "miscord.db") });
  await keepAnalysis(store.db, "model", await modelToText(watch));
  await keepAnalysis(store.db, "load", JSON.stringify(capacity.kept));
  if (workers > 1) await keepAnalysis(store.db, "nodes", await nodeWatchToText(nodeWatch));
  const kept = { incidents: log.kept, known: null, changes: coincidences };
  await keepAnalysis(store.db, "incidents", JSON.stringify(kept));
  await store.close();
  const files = Array.from({ length: workers }, (_, index) =>
    workers > 1 ? `monitor-${index + 1}.jsonl` : "monitor.jsonl",
  );
  for (const file of files) await appendFile(join(dataDir, file), lines.join(""));
}

/** What one of so many nodes had of the people. */
function shareOf(minute: MonitorSample, nodes: number): MonitorSample {
  return { ...minute, main_connections: Math.round(minute.main_connections / nodes) };
}

/** What one of so many nodes has when all have the same. */
function evenShare(minute: Minute, nodes: number): Map<string, number> {
  const values = instanceValues([minute]);
  for (const { name, across } of serverSeries) if (across === "sum") values.set(name, (values.get(name) ?? 0) / nodes);
  return values;
}
