/** Limits of what operators and owners set for how long things are kept. */
export const retentionLimits = {
  days: 36_500,
  /** Megabytes of 1,048,576 bytes. */
  megabytes: 1_024,
  /** A preview counts no further. */
  counted: 100_000,
} as const;

/** What is kept for ever, and how other rules begin. */
export const noRetention = { message_days: 0, file_days: 0, file_mb: 0 } as const;

interface Rule {
  readonly message_days: number;
}

/**
 * Days that messages are kept where all of the rules hold, of the instance, the server and the channel: the fewest that any of them
 * says; 0: for ever.
 */
export function keptMessageDays(rules: readonly (Rule | null | undefined)[]): number {
  const days = rules.flatMap((rule) => (rule && rule.message_days > 0 ? [rule.message_days] : []));
  return days.length === 0 ? 0 : Math.min(...days);
}
