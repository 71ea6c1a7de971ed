import { limits } from "@miscord/protocol";
import type { Kysely } from "kysely";
import { importedItems, noteItems } from "../../../store/queries/discord.ts";
import { countThreads, insertThread } from "../../../store/queries/threads.ts";
import type { Tables } from "../../../store/schema.ts";
import { isIn, placeFor, type Import } from "./channel-place.ts";
import type { ChannelExport } from "./find-exports.ts";
import { nameOf } from "./names.ts";

type Db = Kysely<Tables>;

/** A week; threads without a message for so long are archived. */
const archiveAfterS = 604_800;

/** The thread, or post of a forum, that the messages go into; null when there is no place for them. */
export function placeOfThread(to: Import, thread: ChannelExport): Promise<number | null> {
  const { db, server, report, now } = to;
  const { id: discordId, name } = thread.channel;
  return db.transaction().execute(async (trx) => {
    const made = await placeIn(trx);
    await to.note?.(trx);
    return made;
  });

  async function placeIn(trx: Db): Promise<number | null> {
    const before = (await importedItems(trx, "channel", [discordId])).get(discordId);
    if (before !== undefined && (await isIn(trx, server, before))) return before;
    if (before !== undefined) {
      report.lost("goneChannels", name);
      return null;
    }
    const parent = await parentOf(trx, to, thread);
    if (!parent || (await countThreads(trx, server.id)) >= limits.threadsPerServer) {
      report.lost("threads", name);
      return null;
    }
    const isPost = parent.type === "forum";
    const place = { serverId: server.id, parentId: parent.id, isPost, archiveAfterS, now };
    const starterId = isPost ? null : await starterOf(trx, parent.id, discordId);
    const title = nameOf(name, limits.channelNameLength, discordId);
    // The author of its first message takes the owner's place, once that is imported.
    const id = await insertThread(trx, { ...place, name: title, ownerId: server.ownerId, starterId });
    await noteItems(trx, "channel", server.id, [[discordId, id]]);
    if (starterId !== null) to.started?.add(starterId);
    report.made(isPost ? "posts" : "threads");
    return id;
  }
}

/** Without an export of its own it is known from its threads: posts of forums have the id of their first message. */
async function parentOf(db: Db, to: Import, { channel, firstMessageId }: ChannelExport) {
  const { categoryId: discordId, category: name } = channel;
  if (discordId === null) return undefined;
  const type = firstMessageId === channel.id ? "forum" : "text";
  const id = await placeFor(db, to, { kind: "channel", discordId, name, type });
  if (id === null) return undefined;
  const row = await db.selectFrom("channels").where("id", "=", id).select(["id", "type"]).executeTakeFirst();
  return row?.type === "forum" || row?.type === "text" ? row : undefined;
}

/** Threads that were started from a message have its id. */
async function starterOf(db: Db, parentId: number, discordId: string): Promise<number | null> {
  const id = (await importedItems(db, "message", [discordId])).get(discordId);
  if (id === undefined) return null;
  const row = await db
    .selectFrom("messages")
    .leftJoin("channels", "channels.starter_id", "messages.id")
    .where("messages.id", "=", id)
    .where("messages.channel_id", "=", parentId)
    .where("messages.deleted_at", "is", null)
    .where("channels.id", "is", null)
    .select("messages.id")
    .executeTakeFirst();
  return row?.id ?? null;
}
