import type { Message } from "@miscord/protocol";
import { AppError } from "../../errors.ts";
import { channelIdOf } from "../../store/queries/messages.ts";
import { contentAccess } from "../access.ts";
import type { Actor, DomainContext } from "../context.ts";

/** The undeleted message, for those who see its channel. Throws `not_found` otherwise, as if it did not exist. */
export async function visibleMessage(
  context: Pick<DomainContext, "store" | "clock">,
  actor: Actor,
  messageId: number,
): Promise<Message> {
  const channelId = await channelIdOf(context.store.db, messageId);
  if (channelId === undefined) throw absent();
  await contentAccess(context, actor, channelId).catch((error: unknown) => {
    throw error instanceof AppError && error.code === "not_found" ? absent() : error;
  });
  const message = await context.store.log.message(messageId);
  if (!message || message.is_deleted) throw absent();
  return message;
}

function absent(): AppError {
  return new AppError("not_found", "There is no such message.");
}
