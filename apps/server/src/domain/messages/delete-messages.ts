import { deleteNotificationsOf } from "../../store/queries/delete-in-portions.ts";
import { messagesToGroups } from "../../store/queries/messages.ts";
import { removeFiles } from "../attachments/remove-files.ts";
import type { DomainContext } from "../context.ts";

/**
 * Deletions that wait for the log together; others run in between. Of messages to groups, each of which takes thousands of rows with
 * it, each by itself, and what it notified of before that.
 */
const atOnce = 100;

/**
 * Deletes messages as part of a command that has checked the rights and is in the audit log itself. Those that are gone
 * are passed over. Resolves once all deletions are durable, with their number.
 */
export async function deleteMessages(
  context: Pick<DomainContext, "store" | "clock" | "storage">,
  actorId: number,
  messageIds: readonly number[],
): Promise<number> {
  const { store, clock } = context;
  let deleted = 0;
  for (let start = 0; start < messageIds.length; start += atOnce) {
    const some = messageIds.slice(start, start + atOnce);
    const toGroups = new Set(await messagesToGroups(store.db, some));
    await deleteNotificationsOf(store.db, [...toGroups]);
    const at = clock.now();
    const commit = (messageId: number) => store.log.commit({ kind: "delete", actorId, messageId, isPart: true, at });
    const outcomes = await Promise.all(some.filter((id) => !toGroups.has(id)).map(commit));
    for (const messageId of toGroups) outcomes.push(await commit(messageId));
    const done = outcomes.filter((outcome) => outcome.ok && outcome.event !== null);
    deleted += done.length;
    await removeFiles(
      context,
      done.flatMap((outcome) => (outcome.ok ? outcome.removedFiles : [])),
    );
  }
  return deleted;
}
