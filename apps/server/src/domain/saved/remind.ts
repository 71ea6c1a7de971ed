import { presentReminder, stillVisible, takeDueReminders } from "../../store/queries/saved-messages.ts";
import type { DomainContext } from "../context.ts";
import type { DueWork } from "../due-work/due-work.ts";
import { publish } from "../publish.ts";

const pauseMs = 1_000;
const atOnce = 100;

/**
 * Tells people of the reminders whose time has come, on every node: each reminder goes to one. Nobody is reminded of what they
 * do not see any more. Whoever is not connected, or
 * is told by a node that dies, finds it in the inbox. Returns the function that stops it.
 */
export function startReminding(
  context: Pick<DomainContext, "store" | "bus" | "clock">,
  due: DueWork,
  onError: (error: unknown) => void,
): () => void {
  const { store, clock } = context;
  const work = async () => {
    for (let isMore = true; isMore;) {
      const taken = await takeDueReminders(store.db, clock.now(), atOnce);
      isMore = taken.length === atOnce;
      for (const { user_id, message_id, remind_at } of await stillVisible(store.db, taken)) {
        const reminder = presentReminder(message_id, remind_at);
        publish(context, `user:${user_id}`, { type: "reminder_updated", message_id, reminder });
      }
    }
  };
  return due.add({ kinds: ["reminder"], pauseMs, work, onError });
}
