import type { MainEvent } from "@miscord/protocol";
import type { Committed } from "../../store/contract.ts";
import type { DomainContext } from "../context.ts";
import { publish } from "../publish.ts";

type Removed = Omit<Extract<MainEvent, { type: "notifications_removed" }>, "type">;

/** Tells these users' clients which of their notifications are gone. */
export function publishRemoved(context: Pick<DomainContext, "bus">, userIds: Iterable<number>, which: Removed): void {
  for (const userId of userIds) publish(context, `user:${userId}`, { type: "notifications_removed", ...which });
}

/**
 * Publishes that a deleted message has no notifications any more, or which of them an edit took back. `addressed` are all
 * who see the channel, when the message no longer addresses everyone, or those whom it addressed as a group.
 */
export function takeBackNotifications(
  context: Pick<DomainContext, "bus">,
  { event, unmentioned, retractedBefore }: Committed,
  addressed: readonly number[],
): void {
  if (event?.type === "message_deleted") {
    publishRemoved(context, new Set([...unmentioned, ...addressed]), { message_id: event.data.message_id });
  } else if (event?.type === "message_edited" && retractedBefore !== null) {
    const which = { message_id: event.data.id, before_id: retractedBefore };
    publishRemoved(context, unmentioned, { ...which, kind: "mention" });
    for (const kind of ["everyone", "here", "role"] as const) publishRemoved(context, addressed, { ...which, kind });
  }
}
