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
/**
 * An incident, and how much of it has been announced: nothing is announced twice. One that came back is `again` until it
 * has been quiet for an hour, and then `over`.
 */
export const keptIncident = z.object({
  incident: monitorIncident.extend({ departures: z.array(keptDeparture) }),
  announced: z.enum(["nothing", "start", "end", "again", "over"]),
});
export type KeptIncident = z.infer<typeof keptIncident>;
export type Coincidence = MonitorIncident["coincidences"][number];
export type IncidentAnnouncement = { readonly event: "start" | "end" | "again"; readonly incident: MonitorIncident };
export type Announcement =
  | IncidentAnnouncement
  /** Several that were not announced one by one, as they are now. */
  | { readonly event: "digest"; readonly at: string; readonly incidents: readonly MonitorIncident[] }
  | { readonly event: "week"; readonly summary: WeekSummary };

export interface IncidentContext {
  readonly coincidences: readonly Coincidence[];
  /** Name of the node with the highest value; null with a single node. */
  readonly nodeOf: (series: AnalysisSeries) => string | null;
  /** Name of the node with this id. */
  readonly nameOf: (node: string) => string;
}

const keptIncidents = 100;
const keptDepartures = 40;
/** What departs again so soon after the end of an incident is the same one, which came back. */
const returnsWithinS = 3_600;
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
    const announcements = this.#unannounced(now);
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
    const known = this.#ids.get(departed.id) ?? this.#inherit(departed);
    const back = known === undefined ? this.#returned(departed) : undefined;
    if (back) back.incident = { ...back.incident, returns: back.incident.returns + 1 };
    const id = known ?? back?.incident.id ?? departed.id;
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

  /** An incident that was over a short time ago, in which one of the series departed; a judged one stays as it was. */
  #returned({ since, departures }: Departed): KeptIncident | undefined {
    const names = new Set(departures.map(({ series }) => series));
    return this.#kept.findLast(
      ({ announced, incident: { ended_at: end, verdict, departures: before } }) =>
        end !== null &&
        verdict === null &&
        announced !== "over" &&
        since - Date.parse(end) / 1_000 < returnsWithinS &&
        before.some(({ series }) => names.has(series)),
    );
  }

  #endInherited(departed: readonly Departed[]): boolean {
    const current = new Set(departed.map(({ id }) => this.#ids.get(id) ?? id));
    const left = this.#kept.filter(({ incident }) => incident.ended_at === null && !current.has(incident.id));
    for (const held of left) held.incident = { ...held.incident, ended_at: iso(this.#openedAt) };
    return left.length > 0;
  }

  #unannounced(now: number): IncidentAnnouncement[] {
    return this.#kept.flatMap((held) => {
      const { incident } = held;
      const events: IncidentAnnouncement["event"][] = [];
      for (let next = nextOf(held, now); next; next = nextOf(held, now)) {
        held.announced = next.announced;
        events.push(next.event);
      }
      return events.map((event) => ({ event, incident }));
    });
  }
}

/** What is to be announced of an incident next, and what is then announced of it. At most four times in all. */
function nextOf({ incident: { ended_at: end }, announced }: KeptIncident, now: number) {
  const isOver = end !== null;
  if (announced === "nothing") return { event: "start", announced: "start" } as const;
  if (announced === "start" && isOver) return { event: "end", announced: "end" } as const;
  if (announced === "end" && !isOver) return { event: "again", announced: "again" } as const;
  const isQuiet = isOver && now - Date.parse(end) / 1_000 >= returnsWithinS;
  if (announced === "again" && isQuiet) return { event: "end", announced: "over" } as const;
  return undefined;
}

type Departure = MonitorIncident["departures"][number];

function incidentOf(
  id: string,
  { since, endedAt, departures }: Departed,
  { coincidences, nodeOf, nameOf }: IncidentContext,
  before: MonitorIncident | undefined,
): MonitorIncident {
  const startedAt = before ? Math.min(since, Date.parse(before.started_at) / 1_000) : since;
  const near = coincidences.filter(({ at }) => {
    const seconds = Date.parse(at) / 1_000;
    return seconds >= startedAt - beforeS && seconds <= startedAt + afterS;
  });
  const departed = departures.map((departure): Departure => {
    const series = departure.series as AnalysisSeries;
    const alone = departure.node !== null;
    const known = before?.departures.find((each) => each.series === series && !each.alone);
    const node = departure.node === null ? (known ? known.node : nodeOf(series)) : nameOf(departure.node);
    return { ...departure, series, ...describedSeries(series), since: iso(departure.since), node, alone };
  });
  const told = {
    departures: withEarlier(departed, before?.departures ?? []),
    coincidences: before && before.coincidences.length > 0 ? before.coincidences : near,
  };
  return {
    id,
    started_at: iso(startedAt),
    ended_at: endedAt === null ? null : iso(endedAt),
    ...told,
    verdict: before?.verdict ?? null,
    returns: before?.returns ?? 0,
    sentence: sentences(told),
  };
}

/** With what departed before a restart of the analysis, or before the incident came back. */
function withEarlier(departures: readonly Departure[], before: readonly Departure[]): Departure[] {
  const now = departures.map((departure) => {
    const held = before.find((each) => isSame(each, departure));
    if (!held) return departure;
    const since = held.since < departure.since ? held.since : departure.since;
    return { ...departure, since, worst: held.worst.spreads > departure.worst.spreads ? held.worst : departure.worst };
  });
  const isTold = (earlier: Departure) =>
    now.some((each) => isSame(each, earlier) || (each.series === earlier.series && !each.alone));
  return [...before.filter((each) => !isTold(each)), ...now]
    .toSorted((a, b) => Date.parse(a.since) - Date.parse(b.since))
    .slice(0, keptDepartures);
}

function isSame(one: Departure, other: Departure): boolean {
  return one.series === other.series && one.alone === other.alone && (!one.alone || one.node === other.node);
}

function iso(seconds: number): string {
  return new Date(seconds * 1_000).toISOString();
}
