import { sql, type Kysely } from "kysely";
import { chunks } from "../../chunks.ts";
import type { Tables } from "../schema.ts";
import { programs } from "../webhook-tables.ts";
import { holdUsers } from "./users.ts";

type Db = Kysely<Tables>;

/** Messages and reactions that change their author in one transaction, for which everybody who writes waits. */
const atOnce = 400;
/** Of one query: a message may have thousands of answers. */
const idsAtOnce = 5_000;

/**
 * Makes the user the author for whom the placeholder stands: of its threads, and of messages that are imported later. What it wrote
 * is given after that, by `giveSome`. The placeholder's row stays: reports and logs may name it, and it keeps deleted messages, of which
 * nothing is shown and which no index finds by their author. Returns the number of its messages.
 * Must run inside a transaction.
 */
export async function claimPlaceholder(db: Db, placeholderId: number, userId: number): Promise<number> {
  await db.updateTable("channels").set({ owner_id: userId }).where("owner_id", "=", placeholderId).execute();
  await db.updateTable("discord_authors").set({ user_id: userId }).where("user_id", "=", placeholderId).execute();
  const { count } = await db
    .selectFrom("messages")
    .where("author_id", "=", placeholderId)
    .where("deleted_at", "is", null)
    .select(({ fn }) => fn.countAll<number | string>().as("count"))
    .executeTakeFirstOrThrow();
  return Number(count);
}

/** Placeholders that somebody has claimed and that have something left: whoever gave it is gone, or still at it. */
export async function claimedPlaceholders(db: Db): Promise<{ id: number; user_id: number }[]> {
  const { rows } = await sql<{ id: number; user_id: number }>`select u.id, d.user_id from discord_authors d
    join users u on u.username_key = 'discord:' || d.discord_id
    where d.user_id <> u.id and u.program = ${programs.placeholder}
      and (exists (select 1 from messages m where m.author_id = u.id and m.deleted_at is null)
        or exists (select 1 from reactions r where r.user_id = u.id))
    order by u.id limit 100`.execute(db);
  return rows;
}

/**
 * Gives some of the placeholder's messages to the user with their files, or when there are none its reactions. What shows it
 * changes as by an edit, so clients that come back are told. Returns the channels in which something has changed; null: nothing is
 * left. Must run inside a transaction.
 */
export async function giveSome(db: Db, placeholderId: number, userId: number): Promise<number[] | null> {
  // One at a time of those who do this.
  await holdUsers(db, [placeholderId]);
  const written = await db
    .selectFrom("messages")
    .where("author_id", "=", placeholderId)
    .where("deleted_at", "is", null)
    .orderBy("created_at")
    .limit(atOnce)
    .select("id")
    .execute();
  return written.length > 0
    ? giveMessages(db, { placeholderId, userId, ids: written.map(({ id }) => id) })
    : giveReactions(db, placeholderId, userId);
}

async function giveMessages(
  db: Db,
  { placeholderId, userId, ids }: { placeholderId: number; userId: number; ids: readonly number[] },
): Promise<number[]> {
  const answers = await db.selectFrom("messages").where("reply_to_id", "in", ids).select("id").execute();
  const channelIds = await moveAll(db, [...new Set([...ids, ...answers.map(({ id }) => id)])]);
  await db.updateTable("messages").set({ author_id: userId }).where("id", "in", ids).execute();
  await db
    .updateTable("attachments")
    .set({ uploader_id: userId })
    .where("message_id", "in", ids)
    .where("uploader_id", "=", placeholderId)
    .execute();
  return channelIds;
}

async function giveReactions(db: Db, placeholderId: number, userId: number): Promise<number[] | null> {
  const reacted = await db
    .selectFrom("reactions")
    .where("user_id", "=", placeholderId)
    .select("message_id")
    .distinct()
    .limit(atOnce)
    .execute();
  if (reacted.length === 0) return null;
  const ids = reacted.map((row) => row.message_id);
  const channelIds = await moveAll(db, ids);
  await db
    .deleteFrom("reactions as r")
    .where("r.user_id", "=", placeholderId)
    .where("r.message_id", "in", ids)
    .where((is) =>
      is.exists(
        is
          .selectFrom("reactions as own")
          .whereRef("own.message_id", "=", "r.message_id")
          .whereRef("own.emoji", "=", "r.emoji")
          .where("own.user_id", "=", userId)
          .select("own.user_id"),
      ),
    )
    .execute();
  await db
    .updateTable("reactions")
    .set({ user_id: userId })
    .where("user_id", "=", placeholderId)
    .where("message_id", "in", ids)
    .execute();
  return channelIds;
}

/** Moves messages to the end of their channels' positions, each to one of its own, but for deleted ones. Returns the channels. */
async function moveAll(db: Db, ids: readonly number[]): Promise<number[]> {
  const channelIds = new Set<number>();
  for (const some of chunks(ids, idsAtOnce)) for (const id of await move(db, some)) channelIds.add(id);
  return [...channelIds];
}

async function move(db: Db, ids: readonly number[]): Promise<number[]> {
  const found = await db
    .selectFrom("messages")
    .where("id", "in", ids)
    .where("deleted_at", "is", null)
    .orderBy("channel_id")
    .select("channel_id")
    .distinct()
    .execute();
  const channelIds = found.map((row) => row.channel_id);
  if (channelIds.length === 0) return [];
  // Others who write into a channel wait until the transaction ends. In the order of ids, so that nobody waits in a circle.
  for (const id of channelIds) {
    await db
      .updateTable("channels")
      .set((is) => ({ seq: is.ref("seq") }))
      .where("id", "=", id)
      .execute();
  }
  const channels = sql.join(channelIds);
  await sql`update messages set updated_seq = moved.position from (
      select m.id, c.seq + row_number() over (partition by m.channel_id order by m.seq) as position
      from messages as m join channels as c on c.id = m.channel_id
      where m.deleted_at is null and m.id in (${sql.join(ids)}) and m.channel_id in (${channels})
    ) as moved where moved.id = messages.id`.execute(db);
  await sql`update channels set seq = seq + (select count(*) from messages
      where messages.channel_id = channels.id and messages.updated_seq > channels.seq)
    where id in (${channels})`.execute(db);
  return channelIds;
}
