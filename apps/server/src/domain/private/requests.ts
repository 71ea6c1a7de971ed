import type { RequestAnswer } from "@miscord/protocol";
import { AppError } from "../../errors.ts";
import * as privates from "../../store/queries/private-channels.ts";
import { channelAccess } from "../access.ts";
import type { Actor, DomainContext } from "../context.ts";
import type { PrivateCalls } from "../ports.ts";
import { publish } from "../publish.ts";
import { accept } from "./dms.ts";

type Context = Pick<DomainContext, "store" | "bus" | "clock" | "rates" | "unread"> & PrivateCalls;

/**
 * Accepts the conversation of a stranger, or ignores it from now on. Neither is told to anybody. Throws `not_found` for those
 * who are not in it, and when there is no request to ignore.
 */
export async function answerRequest(
  context: Context,
  actor: Actor,
  channelId: number,
  answer: RequestAnswer,
): Promise<void> {
  const { userId } = actor;
  await context.rates.changes.spend(userId);
  const { serverId } = await channelAccess(context, actor, channelId);
  if (serverId !== null) throw new AppError("not_found", "There is no such request.");
  if (answer === "accept") return accept(context, channelId, userId);
  const isIgnored = await privates.ignoreRequest(context.store.db, channelId, userId);
  if (!isIgnored) throw new AppError("not_found", "There is no such request.");
  publish(context, `user:${userId}`, { type: "channel_removed", server_id: null, channel_id: channelId });
}
