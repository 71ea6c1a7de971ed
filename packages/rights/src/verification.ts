/** What a server asks of members before they write for the first time. */
export interface Verification {
  /** Age of the account and of the membership, in minutes; 0: any. */
  readonly accountMinutes: number;
  readonly memberMinutes: number;
  readonly hasRules: boolean;
}

export interface Newcomer {
  /** Milliseconds since 1970. */
  readonly accountSince: number;
  readonly joinedAt: number;
  readonly hasAccepted: boolean;
  /** Owners, administrators of the instance, and members with any role besides the base role: somebody knows them. */
  readonly isExempt: boolean;
}

export interface HeldBack {
  /** When the wait is over, in milliseconds since 1970; null when it is, and only the rules are missing. */
  readonly until: number | null;
  /** The rules are to be accepted. */
  readonly rules: boolean;
}

/** Why a member may not write yet; null when they may. */
export function heldBack(asked: Verification, member: Newcomer, now: number): HeldBack | null {
  if (member.isExempt) return null;
  const ends = [
    asked.accountMinutes > 0 ? member.accountSince + asked.accountMinutes * 60_000 : 0,
    asked.memberMinutes > 0 ? member.joinedAt + asked.memberMinutes * 60_000 : 0,
  ];
  const end = Math.max(...ends);
  const until = end > now ? end : null;
  const rules = asked.hasRules && !member.hasAccepted;
  return until === null && !rules ? null : { until, rules };
}
