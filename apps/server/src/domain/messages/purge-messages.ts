import { messageIdsBy } from "../../store/queries/messages.ts";
import { deletePurge, purgesBefore } from "../../store/queries/purges.ts";
import type { PurgeRow } from "../../store/report-tables.ts";
import type { DomainContext } from "../context.ts";
import { deleteMessages } from "./delete-messages.ts";

type Context = Pick<DomainContext, "store" | "clock" | "storage">;

/** Messages found by one query. */
const foundAtOnce = 500;
/** A purge that is older than this was left by a node that is gone, or is doing the same work at the same time. */
const abandonedMs = 60_000;

/** Deletes what the author wrote in the server in the time of the purge, then the purge itself. */
export async function purgeMessages(context: Context, purge: PurgeRow): Promise<void> {
  const { server_id: serverId, author_id: authorId, actor_id: actorId, since, until } = purge;
  let ids: number[] = [];
  do {
    const page = { serverId, authorId, since, until, after: ids.at(-1) ?? 0, limit: foundAtOnce };
    ids = await messageIdsBy(context.store.db, page);
    await deleteMessages(context, actorId, ids);
  } while (ids.length === foundAtOnce);
  await deletePurge(context.store.db, purge.id);
}

/** Goes on with deletions that a crash interrupted. */
export async function resumePurges(context: Context): Promise<void> {
  for (const purge of await purgesBefore(context.store.db, context.clock.now() - abandonedMs)) {
    await purgeMessages(context, purge);
  }
}
