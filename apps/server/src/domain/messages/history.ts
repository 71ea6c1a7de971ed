import type { History } from "@miscord/protocol";
import { AppError } from "../../errors.ts";
import type { HistoryPage } from "../../store/contract.ts";
import { channelAccess } from "../access.ts";
import type { Actor, DomainContext } from "../context.ts";

export interface HistoryInput {
  limit: number;
  before?: number | undefined;
  after?: number | undefined;
  around?: number | undefined;
}

/** A page of a channel, for members. At most one of `before`, `after` and `around`; without one it is the newest. */
export async function history(
  context: Pick<DomainContext, "store">,
  actor: Actor,
  channelId: number,
  input: HistoryInput,
): Promise<History> {
  await channelAccess(context, actor, channelId);
  return context.store.log.history(channelId, toPage(input));
}

function toPage({ limit, before, after, around }: HistoryInput): HistoryPage {
  if ([before, after, around].filter((anchor) => anchor !== undefined).length > 1) {
    throw new AppError("invalid_request", "Only one of before, after and around may be given.");
  }
  if (after !== undefined) return { limit, after };
  if (around !== undefined) return { limit, around };
  return before === undefined ? { limit } : { limit, before };
}
