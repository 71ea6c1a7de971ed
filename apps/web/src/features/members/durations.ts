const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;

/** Durations that are offered for time outs and bans. */
export const durationMs = {
  minute: minuteMs,
  tenMinutes: 10 * minuteMs,
  hour: 60 * minuteMs,
  day: dayMs,
  week: 7 * dayMs,
  // The longest time out, less what a clock may be ahead.
  month: 28 * dayMs - 10 * minuteMs,
} as const;

export type Duration = keyof typeof durationMs;
