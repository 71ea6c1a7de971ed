import type { Retention } from "@miscord/protocol";
import { sql, type Kysely } from "kysely";
import { columnsOf, type RetentionColumns } from "../retention-columns.ts";
import type { Tables } from "../schema.ts";

type Db = Kysely<Tables>;

const dayMs = 86_400_000;
const megabyte = 1_048_576;

/** A channel whose oldest messages may have to go. */
export interface KeptChannel {
  id: number;
  /** Of the server and of the channel, a thread's that of its parent; 0: none. */
  server_days: number;
  channel_days: number;
  /** When the first message after those that are deleted already was sent. */
  oldest: number;
}

/**
 * Channels with an id above `after` where messages are removed after a time, with at least one message that may not have been
 * removed, by id; `everywhere`: the instance has a rule. Reads one message a channel, by the index `messages_seq`.
 */
export async function keptChannels(
  db: Db,
  { after, limit, everywhere }: { after: number; limit: number; everywhere: boolean },
): Promise<{ channels: KeptChannel[]; last: number | null }> {
  const rows = await db
    .selectFrom("channels")
    .leftJoin("servers", "servers.id", "channels.server_id")
    .leftJoin("channels as parent", "parent.id", "channels.parent_id")
    .where("channels.id", ">", after)
    .$if(!everywhere, (query) =>
      query.where((is) =>
        is.or([
          is("channels.keep_message_days", ">", 0),
          is("servers.keep_message_days", ">", 0),
          is("parent.keep_message_days", ">", 0),
        ]),
      ),
    )
    .orderBy("channels.id")
    .limit(limit)
    .select((of) => [
      "channels.id",
      of.fn.coalesce("servers.keep_message_days", sql<number>`0`).as("server_days"),
      of.fn.coalesce("parent.keep_message_days", "channels.keep_message_days").as("channel_days"),
      of
        .selectFrom("messages")
        .whereRef("messages.channel_id", "=", "channels.id")
        .whereRef("messages.seq", ">", "channels.expired_seq")
        .orderBy("messages.seq")
        .limit(1)
        .select("messages.created_at")
        .as("oldest"),
    ])
    .execute();
  const channels = rows.flatMap(({ oldest, ...row }) => (oldest === null ? [] : [{ ...row, oldest }]));
  return { channels, last: rows.length === limit ? rows.at(-1)!.id : null };
}

export interface ExpiredMessage {
  id: number;
  seq: number;
  author_id: number;
  isDeleted: boolean;
}

/**
 * The channel's first messages after those that are deleted already, tombstones included, up to the first that was sent at or
 * after the time.
 */
export async function expiredMessages(
  db: Db,
  channelId: number,
  { before, limit }: { before: number; limit: number },
): Promise<ExpiredMessage[]> {
  const rows = await db
    .selectFrom("messages")
    .innerJoin("channels", "channels.id", "messages.channel_id")
    .where("messages.channel_id", "=", channelId)
    .whereRef("messages.seq", ">", "channels.expired_seq")
    .orderBy("messages.seq")
    .limit(limit)
    .select(["messages.id", "messages.seq", "messages.author_id", "messages.created_at", "messages.deleted_at"])
    .execute();
  const kept = rows.findIndex(({ created_at }) => created_at >= before);
  return rows.slice(0, kept === -1 ? rows.length : kept).map(({ id, seq, author_id, deleted_at }) => ({
    id,
    seq,
    author_id,
    isDeleted: deleted_at !== null,
  }));
}

/** Everything up to the position is deleted. */
export async function noteExpired(db: Db, channelId: number, seq: number): Promise<void> {
  await db.updateTable("channels").set({ expired_seq: seq }).where("id", "=", channelId).execute();
}

export interface ExpiredFile {
  id: number;
  message_id: number;
  author_id: number;
}

/**
 * Files in messages that the rule of the instance, of their server or of their channel removes, among the next `limit` with an id
 * above `after` that may be. `last`: the id above which more may be.
 */
export async function expiredFiles(
  db: Db,
  instance: Retention,
  { now, after, limit }: { now: number; after: number; limit: number },
): Promise<{ files: ExpiredFile[]; last: number | null }> {
  const smallest = await smallestSize(db, instance);
  if (smallest === null) return { files: [], last: null };
  const rules = [columnsOf(instance), "servers", "rule"] as const;
  const isAny = sql.join(
    rules.map((rule) => isExpired(rule, now)),
    sql` or `,
  );
  const rows = await filesInMessages(db)
    .where("attachments.size", ">", smallest)
    .where("attachments.id", ">", after)
    .orderBy("attachments.id")
    .limit(limit)
    .select(["attachments.id", "messages.id as message_id", "messages.author_id"])
    .select(sql<number>`case when ${isAny} then 1 else 0 end`.as("is_expired"))
    .execute();
  const files = rows.filter(({ is_expired }) => is_expired === 1);
  return { files, last: rows.length === limit ? rows.at(-1)!.id : null };
}

/** Bytes above which some rule removes a file; null without such a rule. */
async function smallestSize(db: Db, instance: Retention): Promise<number | null> {
  const smallestIn = async (table: "servers" | "channels") => {
    const row = await db
      .selectFrom(table)
      .where("keep_file_days", ">", 0)
      .select(({ fn }) => fn.min("keep_file_mb").as("mb"))
      .executeTakeFirstOrThrow();
    return row.mb as number | null;
  };
  const found = [
    instance.file_days > 0 ? instance.file_mb : null,
    await smallestIn("servers"),
    await smallestIn("channels"),
  ].filter((mb) => mb !== null);
  return found.length === 0 ? null : Math.min(...found) * megabyte;
}

/** Whether the rule removes the file of an outer row; a table's own rule, or one and the same for all. */
function isExpired(rule: "servers" | "rule" | RetentionColumns, now: number) {
  const of = (column: keyof RetentionColumns) =>
    typeof rule === "string" ? sql.ref<number>(`${rule}.${column}`) : sql`cast(${rule[column]} as bigint)`;
  return sql<boolean>`(${of("keep_file_days")} > 0 and attachments.size > ${of("keep_file_mb")} * ${sql.lit(megabyte)}
    and messages.created_at < ${now} - ${of("keep_file_days")} * ${sql.lit(dayMs)})`;
}

/** `rule`: the channel, of a thread its parent. */
function filesInMessages(db: Db) {
  return db
    .selectFrom("attachments")
    .innerJoin("messages", "messages.id", "attachments.message_id")
    .innerJoin("channels", "channels.id", "messages.channel_id")
    .innerJoin("channels as rule", (join) => join.on(sql<boolean>`rule.id = coalesce(channels.parent_id, channels.id)`))
    .leftJoin("servers", "servers.id", "channels.server_id");
}
