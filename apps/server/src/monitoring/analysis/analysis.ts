import { randomUUID } from "node:crypto";
import { Watch } from "@miscord/analysis";
import type {
  AnalysisSeries,
  IncidentVerdict,
  MonitorBands,
  MonitorIncident,
  MonitorIncidents,
  MonitorNode,
  MonitorSample,
} from "@miscord/protocol";
import type { Logger } from "pino";
import { z } from "zod";
import type { Clock } from "../../clock.ts";
import type { Cluster, SharedMap } from "../../cluster/contract.ts";
import { keepAnalysis, readAnalysis } from "../../store/queries/analysis.ts";
import type { Store } from "../../store/contract.ts";
import { Changes, knownInstance, type KnownInstance } from "./changes.ts";
import { DailyPeaks, dailyPeaks } from "./daily-peaks.ts";
import { IncidentLog, keptIncident, type Announcement } from "./incident-log.ts";
import { modelFromText, modelToText } from "./model-text.ts";
import { instanceValues, serverSeries, type Minute, type NodeFigures } from "./series.ts";

export interface AnalysisOptions {
  readonly cluster: Cluster;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly store: Pick<Store, "db">;
  /** All living nodes. */
  readonly nodes: () => readonly MonitorNode[];
  readonly figures: () => Promise<NodeFigures>;
  /** Most connections of a node. */
  readonly maxConnections: number;
  /** Digest of each setting that is not secret, by its name. */
  readonly settings: KnownInstance["settings"];
  /** Tells others of an incident; called once for its start and once for its end. */
  readonly announce: (announcement: Announcement) => void;
}

const claimName = "analysis";
/** Incidents that nodes which do not analyse know of. */
const sharedIncidents = 20;
const saveEveryS = 900;
/** The first minutes of a node are those of its start. */
const startsForS = 120;
/** A part of a minute, at the stop, says little. */
const leastSeconds = 30;
/** Minutes of other nodes that are older are of nodes that no longer report. */
const freshForS = 150;

const keptFile = z.object({
  incidents: z.array(keptIncident),
  known: knownInstance.nullable(),
  peaks: dailyPeaks.default({}),
  changes: z.array(z.custom<MonitorIncident["coincidences"][number]>()),
});

/** What the analysing node holds. */
interface Held {
  readonly watch: Watch;
  readonly log: IncidentLog;
  readonly changes: Changes;
  readonly peaks: DailyPeaks;
  savedAt: number;
}

/**
 * Learns what is usual for the instance, and finds incidents. Every node shares its minutes; one of them, which holds a
 * claim, analyses those of all, and shares the incidents. What it has learned is kept in the database.
 */
export class Analysis {
  readonly #options: AnalysisOptions;
  readonly #minutes: SharedMap<{ minute: string }>;
  readonly #found: SharedMap<{ incidents: string }>;
  readonly #verdicts: SharedMap<{ verdict: IncidentVerdict }>;
  readonly #startedAt: number;
  #held: Held | null = null;
  #work: Promise<void> = Promise.resolve();

  constructor(options: AnalysisOptions) {
    const { cluster, clock } = options;
    this.#options = options;
    this.#minutes = cluster.map("analysis-minutes");
    this.#found = cluster.map("analysis-incidents");
    this.#verdicts = cluster.map("analysis-verdicts");
    this.#startedAt = clock.now() / 1_000;
    this.#verdicts.onChange((id, _node, value) => {
      if (value) this.#enqueue(() => this.#applyVerdict(id, value.verdict));
    });
    this.#enqueue(async () => void (await this.#take()));
  }

  /** Takes in a minute of this node. */
  minute(sample: MonitorSample): void {
    if (sample.seconds < leastSeconds || sample.at - this.#startedAt < startsForS) return;
    this.#enqueue(async () => {
      const minute: Minute = { ...sample, ...(await this.#options.figures()) };
      this.#minutes.set("minute", { minute: JSON.stringify(minute) });
      await this.#analyse(sample.at, sample.breaker_open > 0);
    });
  }

  incidents(): MonitorIncidents {
    if (this.#held) return this.#report(this.#held);
    return this.#sharedReport() ?? { learned_at: null, incidents: [], forecasts: [] };
  }

  /** What is usual at these times, in seconds since the epoch; nothing with several nodes. */
  bands(times: readonly number[]): MonitorBands {
    const { cluster } = this.#options;
    const { watch } = this.#held ?? {};
    if (!watch || cluster.nodes.size > 1) return { series: {} };
    const series = serverSeries.flatMap(({ name }) => {
      const band = times.map((at) => ({ at, band: watch.band(name, at) }));
      if (band.some((each) => each.band === null)) return [];
      return [
        [name, band.map(({ at, band }) => ({ at, low: rounded(band!.low), high: rounded(band!.high) }))] as const,
      ];
    });
    return { series: Object.fromEntries(series) };
  }

  /** False when there is no incident with this id. The first verdict on an incident stays. */
  judge(id: string, verdict: IncidentVerdict): boolean {
    const judged = this.#incidents()?.find((incident) => incident.id === id);
    if (judged?.verdict === null) this.#verdicts.set(id, { verdict });
    return judged !== undefined;
  }

  /** Keeps what was learned. */
  async stop(): Promise<void> {
    this.#enqueue(async () => {
      if (this.#held && this.#options.cluster.owns(claimName)) await this.#save(this.#held);
      this.#held = null;
    });
    await this.settled();
  }

  /** Resolves when all minutes so far are analysed. */
  async settled(): Promise<void> {
    await this.#work;
  }

  /** One after the other; a failure is logged, and costs that step only. */
  #enqueue(work: () => Promise<void>): void {
    this.#work = this.#work.then(work).catch(this.#logFailure);
  }

  readonly #logFailure = (error: unknown): void => {
    this.#options.logger.error({ err: error }, "the analysis failed");
  };

  async #analyse(at: number, isBreakerOpen: boolean): Promise<void> {
    const { nodes, settings } = this.#options;
    const held = await this.#take();
    if (held) await this.#applyVerdicts().catch(this.#logFailure);
    this.#dropVerdicts();
    if (!held) return;
    const minutes = this.#freshMinutes(at);
    held.changes.look(iso(at), nodes(), settings, isBreakerOpen);
    held.peaks.add(at, [...minutes.values()], this.#options.maxConnections);
    const departed = held.watch.observe(at, instanceValues([...minutes.values()]));
    const context = {
      coincidences: held.changes.latest,
      nodeOf: (series: AnalysisSeries) => highestNode(series, minutes),
    };
    const { announcements, isChanged } = held.log.update(at, departed, context);
    // Kept before it is announced: after a crash in between an announcement is missing rather than doubled. A database
    // that fails must not keep the news of it from anybody.
    if (isChanged) await this.#keepIncidents(held).catch(this.#logFailure);
    for (const announcement of announcements) this.#options.announce(announcement);
    this.#share(held);
    if (at - held.savedAt >= saveEveryS) await this.#save(held);
  }

  /** What this node holds while the analysis is its task; null while it is another node's. */
  async #take(): Promise<Held | null> {
    const { cluster } = this.#options;
    const owner = await cluster.claim(claimName);
    this.#held = owner === cluster.nodeId ? (this.#held ?? (await this.#load())) : null;
    // A node that lost the claim but lives would tell for good what it found before.
    if (!this.#held) this.#found.delete("incidents");
    return this.#held;
  }

  /** Also those that came while no node had the claim. */
  async #applyVerdicts(): Promise<void> {
    for (const id of this.#verdicts.keys()) {
      const [first] = this.#verdicts.get(id).values();
      if (first) await this.#applyVerdict(id, first.verdict);
    }
  }

  async #applyVerdict(id: string, verdict: IncidentVerdict): Promise<void> {
    const held = this.#held;
    if (!held || !this.#options.cluster.owns(claimName)) return;
    const incident = held.log.judge(id, verdict);
    if (!incident) return;
    const names = incident.departures.map(({ series }) => series);
    // The present level of an incident that is over is not the one that was expected.
    if (verdict === "wrong") held.watch.tolerate(names);
    else if (incident.ended_at === null) held.watch.adopt(names);
    this.#share(held);
    await this.#save(held);
  }

  /** A verdict waits at the node that took it until the incident has one, or is no longer known. */
  #dropVerdicts(): void {
    const incidents = this.#incidents();
    if (!incidents) return;
    const open = new Set(incidents.filter(({ verdict }) => verdict === null).map(({ id }) => id));
    for (const id of this.#verdicts.keys()) if (!open.has(id)) this.#verdicts.delete(id);
  }

  /** Latest first; undefined while no node analyses. */
  #incidents(): readonly MonitorIncident[] | undefined {
    return this.#held?.log.incidents ?? this.#sharedReport()?.incidents;
  }

  #sharedReport(): MonitorIncidents | undefined {
    const [shared] = this.#found.get("incidents").values();
    return shared && (JSON.parse(shared.incidents) as MonitorIncidents);
  }

  /** The latest minutes of all nodes, by the nodes' names. */
  #freshMinutes(at: number): ReadonlyMap<string, Minute> {
    const names = new Map(this.#options.nodes().map(({ id, name }) => [id, name]));
    const minutes = [...this.#minutes.get("minute")].map(
      ([id, { minute }]) => [names.get(id) ?? id, JSON.parse(minute) as Minute] as const,
    );
    return new Map(minutes.filter(([, minute]) => at - minute.at <= freshForS));
  }

  #share(held: Held): void {
    if (this.#options.cluster.nodes.size === 1) return;
    const report = this.#report(held);
    const incidents = JSON.stringify({ ...report, incidents: report.incidents.slice(0, sharedIncidents) });
    this.#found.set("incidents", { incidents });
  }

  #report({ watch, log, peaks }: Held): MonitorIncidents {
    const { learnedAt } = watch;
    return {
      learned_at: learnedAt === null ? null : iso(learnedAt),
      incidents: log.incidents,
      forecasts: peaks.forecasts(this.#options.clock.now() / 1_000),
    };
  }

  async #load(): Promise<Held> {
    const { db } = this.#options.store;
    const [model, incidents] = await Promise.all([readAnalysis(db, "model"), readAnalysis(db, "incidents")]);
    const kept = keptFile.safeParse(incidents === undefined ? null : JSON.parse(incidents)).data;
    const now = this.#options.clock.now() / 1_000;
    return {
      watch: new Watch({ specs: serverSeries, newId: randomUUID, state: await modelFromText(model) }),
      log: new IncidentLog(kept?.incidents ?? [], now),
      peaks: new DailyPeaks(kept?.peaks ?? {}),
      changes: new Changes(kept?.known ?? null, kept?.changes ?? []),
      savedAt: now,
    };
  }

  async #save(held: Held): Promise<void> {
    held.savedAt = this.#options.clock.now() / 1_000;
    await keepAnalysis(this.#options.store.db, "model", await modelToText(held.watch));
    await this.#keepIncidents(held);
  }

  async #keepIncidents({ log, changes, peaks }: Held): Promise<void> {
    const file = { incidents: log.kept, known: changes.known, changes: changes.latest, peaks: peaks.kept };
    await keepAnalysis(this.#options.store.db, "incidents", JSON.stringify(file));
  }
}

function highestNode(name: AnalysisSeries, minutes: ReadonlyMap<string, Minute>): string | null {
  if (minutes.size < 2) return null;
  const { value } = serverSeries.find((series) => series.name === name)!;
  const values = [...minutes].map(([node, minute]) => ({ node, value: value(minute) ?? -1 }));
  return values.toSorted((a, b) => b.value - a.value)[0]!.node;
}

function iso(seconds: number): string {
  return new Date(seconds * 1_000).toISOString();
}

function rounded(value: number): number {
  return Number(value.toPrecision(5));
}
