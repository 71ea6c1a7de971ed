import { z } from "zod";

/** Of the day, 24 hours. */
const clockTime = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, "must be a time such as 22:30");

function isTimeZone(name: string): boolean {
  try {
    return Boolean(new Intl.DateTimeFormat("en", { timeZone: name }));
  } catch {
    return false;
  }
}

/** When nothing rings. `to` before `from`, or the same: over midnight. */
export const quietHours = z.object({
  /** Of an IANA time zone, such as Europe/Berlin. */
  time_zone: z.string().min(1).max(64).refine(isTimeZone, "must be a time zone such as Europe/Berlin"),
  /** Those on which they begin: Monday is 1, Sunday 7. */
  days: z.array(z.number().int().min(1).max(7)).min(1).max(7),
  from: clockTime,
  to: clockTime,
});

export type QuietHours = z.infer<typeof quietHours>;
