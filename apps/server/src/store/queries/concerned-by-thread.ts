import type { Kysely } from "kysely";
import { chunks } from "../../chunks.ts";
import type { Tables } from "../schema.ts";
import { followersOf } from "./threads.ts";
import { canSeeChannel } from "./visible-channels.ts";

type Db = Kysely<Tables>;

/** Messages and users looked through by one query: a thread may have as many as a channel. */
const messagesAtOnce = 2_000;
const usersAtOnce = 500;

/** Who follows the thread, and who has notifications of it, of those who may see it. */
export async function concernedBy(db: Db, threadId: number): Promise<number[]> {
  const concerned = new Set(await followersOf(db, threadId));
  let after: number | null = 0;
  while (after !== null) {
    const { userIds, last }: Notified = await notifiedAbove(db, threadId, after);
    for (const userId of userIds) concerned.add(userId);
    after = last;
  }
  return seeing(db, threadId, [...concerned]);
}

interface Notified {
  userIds: readonly number[];
  /** Position of the last message looked at; null after the last of all. */
  last: number | null;
}

/** Who has notifications of the first messages above the position. */
async function notifiedAbove(db: Db, threadId: number, after: number): Promise<Notified> {
  const messages = db
    .selectFrom("messages")
    .where("messages.channel_id", "=", threadId)
    .where("messages.seq", ">", after);
  const ofLast = messages.orderBy("messages.seq").offset(messagesAtOnce - 1);
  const last = (await ofLast.limit(1).select("messages.seq").executeTakeFirst())?.seq ?? null;
  const rows = await messages
    .$if(last !== null, (query) => query.where("messages.seq", "<=", last!))
    .innerJoin("notifications", "notifications.message_id", "messages.id")
    .select("notifications.user_id")
    .distinct()
    .execute();
  return { userIds: rows.map((row) => row.user_id), last };
}

/** Those of the users who may see the channel. */
async function seeing(db: Db, channelId: number, userIds: readonly number[]): Promise<number[]> {
  const found: number[] = [];
  for (const some of chunks(userIds, usersAtOnce)) {
    const rows = await db
      .selectFrom("users")
      .where("users.id", "in", some)
      .where((where) => canSeeChannel(db, where.ref("users.id"), where.val(channelId)))
      .select("users.id")
      .execute();
    for (const { id } of rows) found.push(id);
  }
  return found;
}
