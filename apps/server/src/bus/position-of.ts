import type { MainEvent } from "@miscord/protocol";

/** The position that the event has in its channel's log; 0 when it is no event of a log. */
export function positionOf(event: MainEvent): number {
  switch (event.type) {
    case "new_message":
    case "message_edited":
    case "message_deleted":
    case "reaction_updated":
      return event.seq;
    default:
      return 0;
  }
}
