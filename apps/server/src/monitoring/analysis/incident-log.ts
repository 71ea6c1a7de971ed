import type { Departed } from "@miscord/analysis";
import { monitorIncident } from "@miscord/protocol/schemas";
import type { AnalysisSeries, IncidentVerdict, MonitorIncident, WeekSummary } from "@miscord/protocol";
import { z } from "zod";
import { sentences } from "./sentence.ts";
import { describedSeries } from "./words.ts";

/** Names and units are those of the version that reads. */
const keptDeparture = monitorIncident.shape.departures.element
  .omit({ name: true, unit: true })
  .transform((departure) => ({ ...departure, ...describedSeries(departure.series) }));
/** An incident, and how much of it has been announced: nothing is announced twice. */
export const keptIncident = z.object({
  incident: monitorIncident.extend({ departures: z.array(keptDeparture) }),
  announced: z.enum(["nothing", "start", "end"]),
});
export type KeptIncident = z.infer<typeof keptIncident>;
export type Coincidence = MonitorIncident["coincidences"][number];
export type IncidentAnnouncement = { readonly event: "start" | "end"; readonly incident: MonitorIncident };
export type Announcement = IncidentAnnouncement | { readonly event: "week"; readonly summary: WeekSummary };

export interface IncidentContext {
  readonly coincidences: readonly Coincidence[];
  /** Name of the node with the highest value; null with a single node. */
  readonly nodeOf: (series: AnalysisSeries) => string | null;
}

const keptIncidents = 100;
/** A change that lies no longer before an incident, or after its start, is told with it. */
const beforeS = 900;
const afterS = 120;
/** A process that takes over knows after this time which incidents of the former one go on. */
const inheritedForS = 900;

/** The incidents of an instance, over restarts and changes of the analysing node. */
export class IncidentLog {
  #kept: KeptIncident[];
  readonly #openedAt: number;
  /** By the id that this process gave an incident, the id under which an earlier one announced it. */
  readonly #ids = new Map<string, string>();

  constructor(kept: readonly KeptIncident[], now: number) {
    this.#kept = kept.slice(-keptIncidents);
    this.#openedAt = now;
  }

  /** Oldest first. */
  get kept(): readonly KeptIncident[] {
    return this.#kept;
  }

  /** Latest first. */
  get incidents(): MonitorIncident[] {
    return this.#kept.map(({ incident }) => incident).toReversed();
  }

  /** Takes over what the watch says. Gives what is to be announced, each only once, and whether anything changed. */
  update(now: number, departed: readonly Departed[], context: IncidentContext) {
    let isChanged = false;
    for (const each of departed) isChanged = this.#put(each, context) || isChanged;
    if (now - this.#openedAt > inheritedForS) isChanged = this.#endInherited(departed) || isChanged;
    const announcements = this.#unannounced();
    return { announcements, isChanged: isChanged || announcements.length > 0 };
  }

  /** The incident as it is now known; undefined when there is none with this id, or it has its verdict already. */
  judge(id: string, verdict: IncidentVerdict): MonitorIncident | undefined {
    const held = this.#kept.find(({ incident }) => incident.id === id);
    if (held?.incident.verdict !== null) return undefined;
    held.incident = { ...held.incident, verdict };
    return held.incident;
  }

  #put(departed: Departed, context: IncidentContext): boolean {
    const id = this.#ids.get(departed.id) ?? this.#inherit(departed) ?? departed.id;
    this.#ids.set(departed.id, id);
    const held = this.#kept.find(({ incident }) => incident.id === id);
    const incident = incidentOf(id, departed, context, held?.incident);
    if (departed.endedAt !== null) this.#ids.delete(departed.id);
    if (!held) {
      this.#kept = [...this.#kept, { incident, announced: "nothing" as const }].slice(-keptIncidents);
      return true;
    }
    const before = held.incident;
    held.incident = incident;
    return before.departures.length !== incident.departures.length || before.ended_at !== incident.ended_at;
  }

  /** An open incident of an earlier process in which one of the series already departed. */
  #inherit({ departures }: Departed): string | undefined {
    const current = new Set(this.#ids.values());
    const names = new Set(departures.map(({ series }) => series));
    return this.#kept.find(
      ({ incident }) =>
        incident.ended_at === null &&
        !current.has(incident.id) &&
        incident.departures.some(({ series }) => names.has(series)),
    )?.incident.id;
  }

  #endInherited(departed: readonly Departed[]): boolean {
    const current = new Set(departed.map(({ id }) => this.#ids.get(id) ?? id));
    const left = this.#kept.filter(({ incident }) => incident.ended_at === null && !current.has(incident.id));
    for (const held of left) held.incident = { ...held.incident, ended_at: iso(this.#openedAt) };
    return left.length > 0;
  }

  #unannounced(): IncidentAnnouncement[] {
    return this.#kept.flatMap((held) => {
      const { incident, announced } = held;
      const events: IncidentAnnouncement[] = [];
      if (announced === "nothing") events.push({ event: "start", incident });
      if (announced !== "end" && incident.ended_at !== null) events.push({ event: "end", incident });
      held.announced = incident.ended_at === null ? "start" : "end";
      return events;
    });
  }
}

function incidentOf(
  id: string,
  { since, endedAt, departures }: Departed,
  { coincidences, nodeOf }: IncidentContext,
  before: MonitorIncident | undefined,
): MonitorIncident {
  const startedAt = before ? Math.min(since, Date.parse(before.started_at) / 1_000) : since;
  const near = coincidences.filter(({ at }) => {
    const seconds = Date.parse(at) / 1_000;
    return seconds >= startedAt - beforeS && seconds <= startedAt + afterS;
  });
  const told = {
    departures: departures.map((departure) => {
      const series = departure.series as AnalysisSeries;
      const known = before?.departures.find((each) => each.series === series);
      const node = known ? known.node : nodeOf(series);
      return { ...departure, series, ...describedSeries(series), since: iso(departure.since), node };
    }),
    coincidences: before && before.coincidences.length > 0 ? before.coincidences : near,
  };
  return {
    id,
    started_at: iso(startedAt),
    ended_at: endedAt === null ? null : iso(endedAt),
    ...told,
    verdict: before?.verdict ?? null,
    sentence: sentences(told),
  };
}

function iso(seconds: number): string {
  return new Date(seconds * 1_000).toISOString();
}
