/** When a custom status ends by itself, as it is chosen. */
export const statusEnds = ["halfHour", "hour", "fourHours", "today", "never"] as const;
export type StatusEnd = (typeof statusEnds)[number];

const fixed = { halfHour: 1_800, hour: 3_600, fourHours: 14_400 } as const;

/** Seconds, at least one; null: never. Today ends at midnight where the user is. */
export function secondsUntil(end: StatusEnd, now: Date): number | null {
  if (end === "never") return null;
  if (end !== "today") return fixed[end];
  const midnight = new Date(now);
  midnight.setHours(24, 0, 0, 0);
  return Math.max(1, Math.round((midnight.getTime() - now.getTime()) / 1_000));
}
