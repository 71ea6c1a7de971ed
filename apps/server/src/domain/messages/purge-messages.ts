import { Semaphore } from "../../concurrency/semaphore.ts";
import { messagesBy, type WrittenMark } from "../../store/queries/messages.ts";
import { deletePurge, purgesBefore } from "../../store/queries/purges.ts";
import type { PurgeRow } from "../../store/report-tables.ts";
import type { DomainContext } from "../context.ts";
import { deleteMessages } from "./delete-messages.ts";

type Context = Pick<DomainContext, "store" | "clock" | "storage">;

/** Messages looked at by one query: most of an author's may be elsewhere. */
const foundAtOnce = 500;
/** However many purges run, others read and write in between. */
const slices = new Semaphore(1);
/** A purge that is older than this was left by a node that is gone, or is doing the same work at the same time. */
const abandonedMs = 60_000;

/** Deletes what the author wrote in the server in the time of the purge, then the purge itself. */
export async function purgeMessages(context: Context, purge: PurgeRow): Promise<void> {
  const { server_id: serverId, author_id: authorId, actor_id: actorId, since, until } = purge;
  await deleteWritten(context, actorId, { authorId, serverId, since, until });
  await deletePurge(context.store.db, purge.id);
}

interface Written {
  authorId: number;
  /** Without one: in all servers, and in private. */
  serverId?: number;
  since: number;
  until: number;
  /** Asked before each slice: false ends the work there. */
  goesOn?: () => boolean;
}

/** Deletes what the author wrote in the time, in slices between which others use the log. */
export async function deleteWritten(context: Context, actorId: number, { goesOn, ...written }: Written): Promise<void> {
  let after: WrittenMark | undefined;
  do {
    if (goesOn?.() === false) return;
    after = await slices.run(async () => {
      const found = await messagesBy(context.store.db, { ...written, after, limit: foundAtOnce });
      const ids = found.filter((one) => one.is_in === 1).map(({ id }) => id);
      await deleteMessages(context, actorId, ids);
      return found.length === foundAtOnce ? found.at(-1) : undefined;
    });
  } while (after);
}

/** Goes on with deletions that a crash interrupted. */
export async function resumePurges(context: Context): Promise<void> {
  for (const purge of await purgesBefore(context.store.db, context.clock.now() - abandonedMs)) {
    await purgeMessages(context, purge);
  }
}
