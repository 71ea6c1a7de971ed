import type { RequestAnswer } from "@miscord/protocol";
import { AppError } from "../../errors.ts";
import * as privates from "../../store/queries/private-channels.ts";
import { channelAccess } from "../access.ts";
import type { Actor, DomainContext } from "../context.ts";
import type { PrivateCalls } from "../ports.ts";
import { publish } from "../publish.ts";
import { accept } from "./dms.ts";
import { takeOutOfGroup } from "./leave-group.ts";

type Context = Pick<DomainContext, "store" | "bus" | "clock" | "rates" | "unread" | "storage"> & PrivateCalls;

/**
 * Accepts the conversation of a stranger, or ignores it from now on. Neither is told to anybody, but that whoever ignores a
 * group has left it. Throws `not_found` for those who are not in it, and when there is no request to ignore.
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
  const { db } = context.store;
  const isGroup = (await privates.groupOf(db, channelId)) !== undefined;
  const isAsked = isGroup
    ? await privates.isRequest(db, channelId, userId)
    : await privates.ignoreRequest(db, channelId, userId);
  if (!isAsked) throw new AppError("not_found", "There is no such request.");
  // Its list of people would keep them otherwise, without a way out.
  if (isGroup) return takeOutOfGroup(context, actor, channelId, userId);
  publish(context, `user:${userId}`, { type: "channel_removed", server_id: null, channel_id: channelId });
}
