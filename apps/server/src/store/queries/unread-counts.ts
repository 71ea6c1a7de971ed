import { sql, type Kysely } from "kysely";
import { suppressesEveryone } from "../notification-levels-sql.ts";
import { missedCall } from "../present-message.ts";
import type { Tables } from "../schema.ts";
import { isByHidden, isHidden } from "./blocks.ts";

type Db = Kysely<Tables>;

/**
 * A channel counts at most so many messages as unread for a user, and among the newest so many: where nobody ever reads, each
 * further message would cost more than the one before. Screens show "99+".
 */
export const mostCounted = 200;
export const mostLookedAt = 2_000;

/** Columns of the row around: who reads, where, and up to which position they have read. */
export interface ReaderColumns {
  userId: string;
  serverId: string;
  channelId: string;
  readSeq: string;
}

/**
 * The number of unread messages in the channel of a server that address the user by name, as a reply or as everyone, but of those whom they
 * hide. As a subquery of the row around. The union counts a message once when it addresses the user in several of these ways.
 */
export function mentionsOf(db: Db, reader: ReaderColumns) {
  const userId = sql.ref<number>(reader.userId);
  const newestNamed = db
    .selectFrom("mentions")
    .where("mentions.user_id", "=", userId)
    .where("mentions.channel_id", "=", sql.ref<number>(reader.channelId))
    .where("mentions.seq", ">", readSeqOf(reader))
    .orderBy("mentions.seq", "desc")
    .limit(mostLookedAt)
    .select("mentions.message_id")
    .as("newest");
  const named = db
    .selectFrom(newestNamed)
    .where((where) => where.not(isByHidden(userId, where.ref("newest.message_id"))))
    .limit(mostCounted)
    .select("newest.message_id")
    .as("named");
  const newestToAll = newestMessages(db, reader)
    // A literal, because with a parameter the planner does not use the partial index.
    .where("messages.mentions_everyone", "=", sql.lit(1))
    .as("newest");
  const toAll = db
    .selectFrom(newestToAll)
    .where("newest.author_id", "!=", userId)
    .where((where) => where.not(isHidden(userId, where.ref("newest.author_id"))))
    .where(countsEveryone(reader))
    .limit(mostCounted)
    .select("newest.message_id")
    .as("to_all");
  const found = db.selectFrom(named).selectAll().union(db.selectFrom(toAll).selectAll()).as("found");
  return db.selectFrom(found).select(({ fn }) => fn.countAll<number>().as("count"));
}

/** The number of unread messages of others in the private channel, but of those whom the user hides. As a subquery of the row around. */
export function messagesOf(db: Db, reader: Omit<ReaderColumns, "serverId">) {
  const userId = sql.ref<number>(reader.userId);
  const found = db
    .selectFrom(newestMessages(db, reader).select(["messages.deleted_at", "messages.call_ms"]).as("newest"))
    .where("newest.author_id", "!=", userId)
    .where("newest.deleted_at", "is", null)
    // The line of a call that was answered is no news.
    .where((where) => where.or([where("newest.call_ms", "is", null), where("newest.call_ms", "=", missedCall)]))
    .where((where) => where.not(isHidden(userId, where.ref("newest.author_id"))))
    .limit(mostCounted)
    .select("newest.message_id")
    .as("found");
  return db.selectFrom(found).select(({ fn }) => fn.countAll<number>().as("count"));
}

/** Whether `@everyone` in the channel is a mention of the user. */
export function countsEveryone(reader: ReaderColumns) {
  return sql<boolean>`not ${sql.raw(suppressesEveryone(reader))}`;
}

function newestMessages(db: Db, reader: Omit<ReaderColumns, "serverId">) {
  return db
    .selectFrom("messages")
    .where("messages.channel_id", "=", sql.ref<number>(reader.channelId))
    .where("messages.seq", ">", readSeqOf(reader))
    .orderBy("messages.seq", "desc")
    .limit(mostLookedAt)
    .select(["messages.id as message_id", "messages.author_id"]);
}

function readSeqOf({ readSeq }: Pick<ReaderColumns, "readSeq">) {
  return sql<number>`coalesce(${sql.ref(readSeq)}, 0)`;
}
