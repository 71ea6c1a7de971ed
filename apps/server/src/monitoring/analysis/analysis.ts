import type {
  AnalysisSeries,
  IncidentVerdict,
  MonitorBands,
  MonitorIncident,
  MonitorIncidents,
  MonitorNode,
  MonitorSample,
  MonitorScope,
} from "@miscord/protocol";
import type { Logger } from "pino";
import type { Clock, Timer } from "../../clock.ts";
import type { Cluster, SharedMap } from "../../cluster/contract.ts";
import { keepAnalysis } from "../../store/queries/analysis.ts";
import { countSince, latestMessage } from "../../store/queries/week.ts";
import type { Store } from "../../store/contract.ts";
import type { KnownInstance } from "./changes.ts";
import { describedLoads } from "./described-loads.ts";
import type { Announcement } from "./incident-log.ts";
import { Held } from "./held.ts";
import { bandsOf, KeptLearned } from "./learned.ts";
import type { WeeklyTime } from "./week/weeks.ts";
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
  /** When the weekly summary is told. */
  readonly weekly: WeeklyTime & { readonly isTold: boolean };
  /** Tells others of an incident, once for its start and once for its end, and of a week. */
  readonly announce: (announcement: Announcement) => void;
  /** Takes the latest minutes of all nodes, that of this node first. */
  readonly onMinutes?: (minutes: readonly [MonitorSample, ...MonitorSample[]]) => void;
}

const claimName = "analysis";
/** Incidents that nodes which do not analyse know of. */
const sharedIncidents = 20;
const saveEveryS = 900;
const againMs = 5_000;
/** The first minutes of a node are those of its start. */
const startsForS = 120;
/** A part of a minute, at the stop, says little. */
const leastSeconds = 30;
/** Minutes of other nodes that are older are of nodes that no longer report. */
const freshForS = 150;

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
  readonly #kept: KeptLearned;
  #held: Held | null = null;
  #work: Promise<void> = Promise.resolve();
  #again: Timer | null = null;

  constructor(options: AnalysisOptions) {
    const { cluster, clock } = options;
    this.#options = options;
    this.#kept = new KeptLearned(options.store);
    this.#minutes = cluster.map("analysis-minutes");
    this.#found = cluster.map("analysis-incidents");
    this.#verdicts = cluster.map("analysis-verdicts");
    this.#startedAt = clock.now() / 1_000;
    this.#verdicts.onChange((id, _node, value) => {
      if (value) this.#enqueue(() => this.#applyVerdict(id, value.verdict));
    });
    this.#begin();
  }

  /** Takes in a minute of this node. */
  minute(sample: MonitorSample): void {
    if (sample.seconds < leastSeconds || sample.at - this.#startedAt < startsForS) return;
    this.#enqueue(async () => {
      const minute: Minute = { ...sample, ...(await this.#options.figures()) };
      this.#minutes.set("minute", { minute: JSON.stringify(minute) });
      const others = [...this.#minutesById(sample.at)].filter(([id]) => id !== this.#options.cluster.nodeId);
      this.#options.onMinutes?.([minute, ...others.map(([, each]) => each)]);
      await this.#analyse(sample.at, sample.breaker_open > 0);
    });
  }

  incidents(): MonitorIncidents {
    if (this.#held) return this.#report(this.#held);
    return this.#sharedReport() ?? { learned_at: null, incidents: [], forecasts: [], capacity: null, week: null };
  }

  /** What is usual at these times, in seconds since the epoch. */
  async bands(times: readonly number[], of: MonitorScope): Promise<MonitorBands> {
    const learned = this.#held ?? (await this.#kept.read(this.#now()).catch(this.#logFailure));
    return { series: learned ? bandsOf(learned, { times, of, nodes: this.#options.cluster.nodes.size }) : {} };
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
      this.#again?.cancel();
      if (this.#held && this.#options.cluster.owns(claimName)) await this.#held.save(this.#options.store, this.#now());
      this.#held = null;
    });
    await this.settled();
  }

  /** Resolves when all minutes so far are analysed. */
  async settled(): Promise<void> {
    await this.#work;
  }

  /** Until the first minute has passed, what was found before is shown; a busy start may need several attempts. */
  #begin(): void {
    this.#enqueue(async () => {
      this.#again = this.#options.clock.setTimeout(() => this.#begin(), againMs);
      await this.#take();
      this.#again.cancel();
    });
  }

  /** One after the other; a failure is logged, and costs that step only. */
  #enqueue(work: () => Promise<void>): void {
    this.#work = this.#work.then(work).catch(this.#logFailure);
  }

  readonly #logFailure = (error: unknown): void => {
    this.#options.logger.error({ err: error }, "the analysis failed");
  };

  /** An incident is told without them while the database fails. */
  readonly #noLoads = (error: unknown): [] => {
    this.#logFailure(error);
    return [];
  };

  async #analyse(at: number, isBreakerOpen: boolean): Promise<void> {
    const { nodes, settings, store } = this.#options;
    const held = await this.#take();
    if (held) await this.#applyVerdicts().catch(this.#logFailure);
    this.#dropVerdicts();
    if (!held) return;
    const byId = this.#minutesById(at);
    const nameOf = this.#namesOfNodes();
    const minutes = new Map([...byId].map(([id, minute]) => [nameOf(id), minute]));
    held.changes.look(iso(at), nodes(), settings, isBreakerOpen);
    held.changes.add(await describedLoads(store, iso(at), held.loads.add([...minutes.values()])).catch(this.#noLoads));
    held.peaks.add(at, [...minutes.values()], this.#options.maxConnections);
    held.capacity.add(at, minutes);
    await this.#countWeek(held, at, [...minutes.values()]).catch(this.#logFailure);
    const ofNodes = held.nodeWatch.observe(
      at,
      new Map([...byId].map(([id, minute]) => [id, instanceValues([minute])])),
    );
    const departed = held.watch.observe(at, instanceValues([...minutes.values()]), ofNodes);
    const nodeOf = (series: AnalysisSeries) => highestNode(series, minutes);
    const context = { coincidences: held.changes.latest, nodeOf, nameOf };
    const { announcements: due, isChanged: isUpdated } = held.log.update(at, departed, context);
    const announcements = held.budget.take(at, due, held.log.incidents);
    const isChanged = isUpdated || announcements.length > 0;
    // Kept before it is announced: after a crash in between an announcement is missing rather than doubled. A database
    // that fails must not keep the news of it from anybody.
    if (isChanged) await held.keepIncidents(store).catch(this.#logFailure);
    for (const announcement of announcements) this.#options.announce(announcement);
    await held.capacity.refresh(at, nodes(), this.#options.maxConnections).catch(this.#logFailure);
    this.#share(held);
    if (at - held.savedAt >= saveEveryS) await held.save(this.#options.store, this.#now());
  }

  async #countWeek({ weeks, log, peaks }: Held, at: number, minutes: readonly Minute[]): Promise<void> {
    const { store, cluster, weekly, announce } = this.#options;
    if (!weeks.running) weeks.begin(at, await latestMessage(store.db));
    weeks.add(at, minutes);
    if (!weeks.isOver(at, weekly) || !cluster.owns(claimName)) return;
    const counts = await countSince(store.db, weeks.running!);
    const found = { incidents: log.incidents, forecasts: peaks.forecasts(at) };
    const { kept, summary } = weeks.ended(at, counts, found);
    // Kept before it is told; while the database fails the week goes on.
    await keepAnalysis(store.db, "weeks", JSON.stringify(kept));
    weeks.put(kept);
    if (summary && weekly.isTold) announce({ event: "week", summary });
  }

  /** What this node holds while the analysis is its task; null while it is another node's. */
  async #take(): Promise<Held | null> {
    const { cluster } = this.#options;
    const owner = await cluster.claim(claimName);
    const before = this.#held;
    this.#held = owner === cluster.nodeId ? (before ?? (await this.#load())) : null;
    // The others know from the start what is known, also those that come later.
    if (this.#held && !before) this.#share(this.#held);
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
    this.#learnVerdict(held, incident, verdict);
    this.#share(held);
    await held.save(this.#options.store, this.#now());
  }

  #learnVerdict({ watch, nodeWatch }: Held, { departures, ended_at: end }: MonitorIncident, verdict: IncidentVerdict) {
    const nameOf = this.#namesOfNodes();
    const names = departures.filter(({ alone }) => !alone).map(({ series }) => series);
    const ofNodes = departures.filter(({ alone }) => alone);
    if (verdict === "wrong") {
      watch.tolerate(names);
      for (const name of new Set(ofNodes.map(({ series }) => series))) nodeWatch.tolerate(name);
      return;
    }
    // The present level of an incident that is over is not the one that was expected.
    if (end !== null) return;
    watch.adopt(names);
    for (const { series, node } of ofNodes) nodeWatch.adopt(series, (id) => nameOf(id) === node);
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

  #namesOfNodes(): (id: string) => string {
    const names = new Map(this.#options.nodes().map(({ id, name }) => [id, name]));
    return (id) => names.get(id) ?? id;
  }

  /** The latest minutes of all nodes. */
  #minutesById(at: number): ReadonlyMap<string, Minute> {
    const minutes = [...this.#minutes.get("minute")].map(
      ([id, { minute }]) => [id, JSON.parse(minute) as Minute] as const,
    );
    return new Map(minutes.filter(([, minute]) => at - minute.at <= freshForS));
  }

  #share(held: Held): void {
    const report = this.#report(held);
    const incidents = JSON.stringify({ ...report, incidents: report.incidents.slice(0, sharedIncidents) });
    this.#found.set("incidents", { incidents });
  }

  #report({ watch, log, peaks, capacity, weeks }: Held): MonitorIncidents {
    const { learnedAt } = watch;
    return {
      learned_at: learnedAt === null ? null : iso(learnedAt),
      incidents: log.incidents,
      forecasts: peaks.forecasts(this.#now()),
      capacity: learnedAt === null ? null : capacity.report(Math.max(1, this.#options.nodes().length)),
      week: weeks.latest,
    };
  }

  async #load(): Promise<Held> {
    const { store, nodes, maxConnections } = this.#options;
    const now = this.#now();
    const held = await Held.load(store, now);
    await held.capacity.refresh(now, nodes(), maxConnections);
    return held;
  }

  #now(): number {
    return this.#options.clock.now() / 1_000;
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
