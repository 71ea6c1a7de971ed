import type { ErrorCode } from "@miscord/protocol";
import type { HeldBack, Verdict } from "@miscord/rights";
import type { Committed, Refused } from "../contract.ts";
import type { ChannelFacts } from "./transaction.ts";

/** A successful outcome; without `parts` that of a command that changed nothing. */
export function committed(channel: ChannelFacts, parts: Partial<Committed> = {}): Committed {
  return {
    ok: true,
    serverId: channel.server_id,
    channelId: channel.id,
    isRestricted: channel.restricted === 1,
    recipients: null,
    event: null,
    line: null,
    message: null,
    notified: [],
    notifiedEveryone: false,
    unmentioned: [],
    unmentionedEveryone: false,
    unaddressed: [],
    unseeing: [],
    retractedBefore: null,
    automod: [],
    following: [],
    isRevived: false,
    forumId: channel.type === "post" ? channel.parent_id : null,
    removedFiles: [],
    ...parts,
  };
}

export function refuse(code: ErrorCode, message: string): Refused {
  return { ok: false, code, message };
}

/** The refusal that follows from a verdict of the access policy; null when the policy allows the command. */
export function refusalOf(verdict: Verdict, hidden: Refused, forbiddenMessage: string): Refused | null {
  if (verdict === "allowed") return null;
  return verdict === "hidden" ? hidden : refuse("forbidden", forbiddenMessage);
}

/** Of a private channel: says the same whatever the reason, so that nobody learns that they are blocked. */
export function notAccepted(channel: ChannelFacts): string | null {
  return channel.server_id === null ? "This person does not accept messages from you." : null;
}

/** For a member who may not write in the server yet. */
export function notYet({ until, rules }: HeldBack, now: number): Refused {
  const text = rules ? "Accept the rules of the server before you write." : "You are too new to write here.";
  const refused = refuse("verification_required", text);
  return until === null ? refused : { ...refused, retryAfterMs: until - now };
}

/** The same answer for a missing message or channel and for one that the user may not see. */
export const noSuchMessage = refuse("not_found", "There is no such message.");
export const noSuchChannel = refuse("not_found", "There is no such channel.");
