import { z } from "zod";
import type { Announcement, IncidentAnnouncement } from "./incident-log.ts";
import type { MonitorIncident } from "@miscord/protocol";

/** Times in seconds since the epoch. */
export const keptBudget = z.object({
  /** Of the latest announcements that were told one by one. */
  told: z.array(z.number()),
  /** Ids of the incidents that wait for a digest, and since when. */
  gathered: z.array(z.string()),
  since: z.number().nullable(),
  digestAt: z.number().nullable(),
});
type KeptBudget = z.infer<typeof keptBudget>;

const hourS = 3_600;
/** Announcements of incidents within an hour that are told one by one; what is more is gathered. */
export const toldOneByOne = 8;
/** A digest waits for so long for more, and comes once an hour at most. */
export const gathersForS = 900;

/** Bounds how many announcements of incidents there are in an hour, whatever happens. */
export class AlertBudget {
  #kept: KeptBudget;

  constructor(kept?: KeptBudget) {
    this.#kept = kept ?? { told: [], gathered: [], since: null, digestAt: null };
  }

  get kept(): KeptBudget {
    return this.#kept;
  }

  /** What is to be told now of these announcements and of those that wait. `incidents`: all that are known. */
  take(
    now: number,
    announcements: readonly IncidentAnnouncement[],
    incidents: readonly MonitorIncident[],
  ): Announcement[] {
    const { gathered, digestAt } = this.#kept;
    let told = this.#kept.told.filter((at) => now - at < hourS);
    const waiting = new Set(gathered);
    const single: Announcement[] = [];
    for (const announcement of announcements) {
      // What waits is told first.
      if (waiting.size > 0 || told.length >= toldOneByOne) waiting.add(announcement.incident.id);
      else {
        told = [...told, now];
        single.push(announcement);
      }
    }
    const since = waiting.size === 0 ? null : (this.#kept.since ?? now);
    const isDue = since !== null && now - since >= gathersForS && (digestAt === null || now - digestAt >= hourS);
    this.#kept = isDue
      ? { told, gathered: [], since: null, digestAt: now }
      : { told, gathered: [...waiting], since, digestAt };
    if (!isDue) return single;
    const at = new Date(now * 1_000).toISOString();
    const known = incidents.filter(({ id }) => waiting.has(id));
    return known.length === 0 ? single : [...single, { event: "digest", at, incidents: known }];
  }
}
