/** Seconds; null never expires. */
export const expiries = { hour: 3_600, day: 86_400, week: 604_800, month: 2_592_000, never: null } as const;
export const usesAllowed = { once: 1, five: 5, twentyFive: 25, hundred: 100, unlimited: null } as const;

export type Expiry = keyof typeof expiries;
export type UseLimit = keyof typeof usesAllowed;
