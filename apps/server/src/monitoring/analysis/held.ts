import { NodeWatch, Watch } from "@miscord/analysis";
import type { MonitorIncident } from "@miscord/protocol";
import { z } from "zod";
import { keepAnalysis, readAnalysis } from "../../store/queries/analysis.ts";
import type { Store } from "../../store/contract.ts";
import { Capacity, keptLoad } from "./capacity/capacity.ts";
import { AlertBudget, keptBudget } from "./alert-budget.ts";
import { Changes, knownInstance } from "./changes.ts";
import { DailyPeaks, dailyPeaks } from "./daily-peaks.ts";
import { IncidentLog, keptIncident } from "./incident-log.ts";
import { Loads } from "./loads.ts";
import { modelToText, nodeWatchToText } from "./model-text.ts";
import { readLearned } from "./learned.ts";
import { keptWeeks, Weeks } from "./week/weeks.ts";

type Kept = Pick<Store, "db">;

const keptFile = z.object({
  incidents: z.array(keptIncident),
  known: knownInstance.nullable(),
  peaks: dailyPeaks.default({}),
  alerts: keptBudget.optional(),
  changes: z.array(z.custom<MonitorIncident["coincidences"][number]>()),
});

interface Parts {
  readonly watch: Watch;
  readonly nodeWatch: NodeWatch;
  readonly log: IncidentLog;
  readonly budget: AlertBudget;
  readonly changes: Changes;
  readonly peaks: DailyPeaks;
  readonly capacity: Capacity;
  readonly weeks: Weeks;
}

/** What the analysing node holds, and keeps in the database. */
export class Held {
  readonly watch: Watch;
  readonly nodeWatch: NodeWatch;
  readonly log: IncidentLog;
  readonly budget: AlertBudget;
  readonly changes: Changes;
  readonly peaks: DailyPeaks;
  readonly capacity: Capacity;
  readonly weeks: Weeks;
  /** Not kept: an hour teaches it anew. */
  readonly loads = new Loads();
  savedAt: number;

  private constructor({ watch, nodeWatch, log, budget, changes, peaks, capacity, weeks }: Parts, now: number) {
    this.watch = watch;
    this.nodeWatch = nodeWatch;
    this.log = log;
    this.budget = budget;
    this.changes = changes;
    this.peaks = peaks;
    this.capacity = capacity;
    this.weeks = weeks;
    this.savedAt = now;
  }

  static async load({ db }: Kept, now: number): Promise<Held> {
    const [learned, incidents, load, weeks] = await Promise.all([
      readLearned(db),
      readAnalysis(db, "incidents"),
      readAnalysis(db, "load"),
      readAnalysis(db, "weeks"),
    ]);
    const kept = parsed(keptFile, incidents);
    return new Held(
      {
        ...learned,
        log: new IncidentLog(kept?.incidents ?? [], now),
        budget: new AlertBudget(kept?.alerts),
        changes: new Changes(kept?.known ?? null, kept?.changes ?? []),
        peaks: new DailyPeaks(kept?.peaks ?? {}),
        capacity: new Capacity(parsed(keptLoad, load) ?? []),
        weeks: new Weeks(parsed(keptWeeks, weeks)),
      },
      now,
    );
  }

  async save(store: Kept, now: number): Promise<void> {
    const { db } = store;
    this.savedAt = now;
    await keepAnalysis(db, "model", await modelToText(this.watch));
    if (this.nodeWatch.isTaught) await keepAnalysis(db, "nodes", await nodeWatchToText(this.nodeWatch));
    await keepAnalysis(db, "load", JSON.stringify(this.capacity.kept));
    await keepAnalysis(db, "weeks", JSON.stringify(this.weeks.kept));
    await this.keepIncidents(store);
  }

  async keepIncidents({ db }: Kept): Promise<void> {
    const { log, budget, changes, peaks } = this;
    const file = {
      incidents: log.kept,
      alerts: budget.kept,
      known: changes.known,
      changes: changes.latest,
      peaks: peaks.kept,
    };
    await keepAnalysis(db, "incidents", JSON.stringify(file));
  }
}

/** Undefined when there is none, or this version cannot read it. */
function parsed<T>(schema: z.ZodType<T>, text: string | undefined): T | undefined {
  return text === undefined ? undefined : schema.safeParse(JSON.parse(text)).data;
}
