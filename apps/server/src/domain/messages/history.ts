import type { History, MessageAt } from "@miscord/protocol";
import { AppError } from "../../errors.ts";
import type { HistoryPage } from "../../store/contract.ts";
import { messageAtTime } from "../../store/queries/messages.ts";
import { contentAccess } from "../access.ts";
import type { Actor, DomainContext } from "../context.ts";

export interface HistoryInput {
  limit: number;
  before?: number | undefined;
  after?: number | undefined;
  around?: number | undefined;
  around_seq?: number | undefined;
}

/**
 * A page of messages, for users who can see the channel, oldest first. `before`, `after` and `around` are message ids,
 * `around_seq` is a position, at which no message needs to be; at most one may be given (`invalid_request`). Without one
 * the newest page is returned.
 */
export async function history(
  context: Pick<DomainContext, "store" | "clock">,
  actor: Actor,
  channelId: number,
  input: HistoryInput,
): Promise<History> {
  await contentAccess(context, actor, channelId);
  return context.store.log.history(channelId, toPage(input));
}

/** The first message of the channel that was sent at the time or later, or else the last one. Throws `not_found`. */
export async function messageAt(
  context: Pick<DomainContext, "store" | "clock">,
  actor: Actor,
  { channelId, time }: { channelId: number; time: string },
): Promise<MessageAt> {
  await contentAccess(context, actor, channelId);
  return { message_id: (await messageAtTime(context.store.db, channelId, Date.parse(time))) ?? null };
}

function toPage({ limit, before, after, around, around_seq: aroundSeq }: HistoryInput): HistoryPage {
  if ([before, after, around, aroundSeq].filter((anchor) => anchor !== undefined).length > 1) {
    throw new AppError("invalid_request", "Only one of before, after, around and around_seq may be given.");
  }
  if (after !== undefined) return { limit, after };
  if (around !== undefined) return { limit, around };
  if (aroundSeq !== undefined) return { limit, aroundSeq };
  return before === undefined ? { limit } : { limit, before };
}
