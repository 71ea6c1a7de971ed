import type { ErrorCode } from "@miscord/protocol";
import type { Committed, Refused } from "../contract.ts";
import type { ChannelFacts } from "./transaction.ts";

/** A command that was fine but changed nothing takes no position and makes no event. */
export function committed(channel: ChannelFacts, parts: Partial<Committed> = {}): Committed {
  return {
    ok: true,
    serverId: channel.server_id,
    channelId: channel.id,
    event: null,
    message: null,
    notified: [],
    notifiedEveryone: false,
    unmentioned: [],
    unmentionedEveryone: false,
    ...parts,
  };
}

export function refuse(code: ErrorCode, message: string): Refused {
  return { ok: false, code, message };
}

/** The same answer whether a thing does not exist or is none of the asker's business. */
export const noSuchMessage = refuse("not_found", "There is no such message.");
export const noSuchChannel = refuse("not_found", "There is no such channel.");
