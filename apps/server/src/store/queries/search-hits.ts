import type { Message } from "@miscord/protocol";
import { sql, type Kysely } from "kysely";
import type { Tables } from "../schema.ts";
import type { SearchDb } from "../search/tables.ts";
import { presentRows } from "./messages.ts";
import { snapshot } from "./snapshot.ts";
import { canSeeChannel, visibleChannels } from "./visible-channels.ts";

/** Ids and servers of the channels that the user may see, of one server or of all. */
export function searchableChannels(search: SearchDb, userId: number, serverId: number | undefined) {
  const visible = search.selectFrom(visibleChannels(search, [userId])).select(["visible.id", "visible.server_id"]);
  return (serverId === undefined ? visible : visible.where("visible.server_id", "=", serverId)).execute();
}

export async function countChannels(search: SearchDb): Promise<number> {
  const row = await search
    .selectFrom("channels")
    .select((eb) => eb.fn.countAll<number>().as("count"))
    .executeTakeFirst();
  return Number(row?.count ?? 0);
}

/** Ids of channels of the servers that the user may not see. */
export async function hiddenChannels(
  search: SearchDb,
  userId: number,
  serverIds: readonly number[],
): Promise<number[]> {
  const rows = await search
    .selectFrom("channels")
    .where("server_id", "in", serverIds)
    .where("restricted", "=", sql.lit(1))
    .where((eb) => eb.not(canSeeChannel(search, eb.val(userId), eb.ref("channels.id"))))
    .select("id")
    .execute();
  return rows.map((row) => row.id);
}

/** The messages among these that the user may see, without those that are deleted, with what decides whether they match. */
export async function candidates(search: SearchDb, userId: number, ids: readonly number[]) {
  const rows = await visibleMessages(search, userId, ids)
    .select(["messages.id", "messages.channel_id", "messages.content", "messages.created_at"])
    .execute();
  const files = await search
    .selectFrom("attachments")
    .where("message_id", "in", ids)
    .select(["message_id", "filename"])
    .execute();
  const filesOf = Map.groupBy(files, (file) => file.message_id ?? 0);
  return rows.map((row) => ({ ...row, filenames: (filesOf.get(row.id) ?? []).map(({ filename }) => filename) }));
}

/** The messages as they are now, of those that the user may see now. */
export function hits(search: Kysely<Tables>, userId: number, ids: readonly number[]): Promise<Map<number, Message>> {
  return snapshot(search, async (trx) => {
    const rows = await visibleMessages(trx, userId, ids)
      .innerJoin("channels", "channels.id", "messages.channel_id")
      .selectAll("messages")
      .select("channels.server_id")
      .execute();
    const found = new Map<number, Message>();
    for (const [serverId, ofServer] of Map.groupBy(rows, (row) => row.server_id)) {
      for (const message of await presentRows(trx, ofServer, serverId)) found.set(message.id, message);
    }
    return found;
  });
}

function visibleMessages(search: Kysely<Tables>, userId: number, ids: readonly number[]) {
  return search
    .selectFrom("messages")
    .where("messages.id", "in", ids)
    .where("messages.deleted_at", "is", null)
    .where((eb) => canSeeChannel(search, eb.val(userId), eb.ref("messages.channel_id")));
}

/** Time of the first message with an id from this one on; null when there is none. */
export async function timeFrom(search: SearchDb, id: number): Promise<{ id: number; created_at: number } | null> {
  const row = await search
    .selectFrom("messages")
    .where("id", ">=", id)
    .select(["id", "created_at"])
    .orderBy("id")
    .limit(1)
    .executeTakeFirst();
  return row ?? null;
}

/** The highest id of a message; 0 without any. */
export async function lastId(search: SearchDb): Promise<number> {
  const row = await search.selectFrom("messages").select("id").orderBy("id", "desc").limit(1).executeTakeFirst();
  return row?.id ?? 0;
}
