import { join } from "node:path";
import { Watch } from "@miscord/analysis";
import type { Capacity, MonitorIncidents } from "@miscord/protocol";
import type { LoadRow } from "../../apps/server/src/monitoring/analysis/capacity/load-rows.ts";
import { modelToText } from "../../apps/server/src/monitoring/analysis/model-text.ts";
import { serverSeries } from "../../apps/server/src/monitoring/analysis/series.ts";
import { keepAnalysis } from "../../apps/server/src/store/queries/analysis.ts";
import { openSqliteStore } from "../../apps/server/src/store/sqlite/open-sqlite-store.ts";
import type { Running } from "../contestant.ts";
import { administer, askMonitor } from "./monitor.ts";

const quarterS = 900;
/** A server tells its capacity after a day of load. */
const quarters = 100;
const patienceMs = 30_000;

/** Prepares a data folder as a server leaves it that had this load in turn for a day. */
export function withDayOf(rows: readonly LoadRow[]): (dataDir: string) => Promise<void> {
  return async (dataDir) => {
    await administer(dataDir);
    const now = Math.floor(Date.now() / 1_000);
    const day = Array.from({ length: quarters }, (_, index) => ({
      ...rows[index % rows.length]!,
      at: now - (quarters - index) * quarterS,
    }));
    const watch = new Watch({ specs: serverSeries, newId: () => "none" });
    watch.observe(day[0]!.at, new Map([["connections", rows[0]!.connections]]));
    const store = await openSqliteStore({ file: join(dataDir, "miscord.db") });
    await keepAnalysis(store.db, "load", JSON.stringify(day));
    await keepAnalysis(store.db, "model", await modelToText(watch));
    await store.close();
  };
}

/** What the server says of its capacity on the dashboard. */
export async function readClaim(running: Running): Promise<Capacity> {
  const deadline = Date.now() + patienceMs;
  for (;;) {
    const { capacity } = await askMonitor<MonitorIncidents>(running, "incidents");
    if (capacity?.people) return capacity;
    if (Date.now() > deadline) throw new Error(`no capacity is told: ${capacity?.sentence.en}`);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}
