import { sql, type Kysely } from "kysely";
import type { Tables } from "../schema.ts";
import { deleteInPortions } from "./delete-in-portions.ts";
import { canSeeChannel } from "./visible-channels.ts";

type Db = Kysely<Tables>;
type Value = string | number | null;
export type PersonalRow = Readonly<Record<string, Value>>;

/** A column that names a person, and the columns by which that person's rows are told apart. */
interface Place {
  table: keyof Tables;
  column: string;
  by: readonly string[];
}

/** Rows of the table that name the user, after the given one, in the order of their keys. */
export async function personalRows(
  db: Db,
  { table, column, by }: Place,
  page: { userId: number; after: PersonalRow | undefined; limit: number },
): Promise<PersonalRow[]> {
  const key = sql.join(by.map((name) => sql.ref(name)));
  const { userId, after, limit } = page;
  const later = after ? sql`and (${key}) > (${sql.join(by.map((name) => sql`${after[name] as string}`))})` : sql``;
  const query = sql<PersonalRow>`select * from ${sql.table(table)} where ${sql.ref(column)} = ${userId} ${later}
    order by ${key} limit ${limit}`;
  return (await query.execute(db)).rows;
}

/** Deletes the rows of the table that name the user. */
export async function deletePersonalRows(db: Db, place: Omit<Place, "by">, userId: number): Promise<void> {
  await deleteInPortions(db, place.table, sql<boolean>`${sql.ref(place.column)} = ${userId}`);
}

/** A message as its author takes it along. */
export interface WrittenMessage {
  id: number;
  created_at: number;
  edited_at: number | null;
  content: string;
  reply_to_id: number | null;
  channel_id: number;
  channel_name: string;
  channel_type: string;
  /** 1 when the author still sees the channel, and so its name. */
  is_seen: number;
  /** Null in private. */
  server_id: number | null;
  /** Null too when the author is no member any more. */
  server_name: string | null;
}

/** Undeleted messages of the author after the given one, in the order of time. */
export function writtenMessages(
  db: Db,
  userId: number,
  after: WrittenMessage | undefined,
  limit: number,
): Promise<WrittenMessage[]> {
  return db
    .selectFrom("messages as m")
    .innerJoin("channels as c", "c.id", "m.channel_id")
    .leftJoin("members as own", (join) =>
      join.onRef("own.server_id", "=", "c.server_id").on("own.user_id", "=", userId),
    )
    .leftJoin("servers as s", "s.id", "own.server_id")
    .where("m.author_id", "=", userId)
    .where("m.deleted_at", "is", null)
    .$if(after !== undefined, (query) =>
      query
        .where("m.created_at", ">=", after!.created_at)
        .where((is) => is.or([is("m.created_at", ">", after!.created_at), is("m.id", ">", after!.id)])),
    )
    .orderBy("m.created_at")
    .orderBy("m.id")
    .limit(limit)
    .select(["m.id", "m.created_at", "m.edited_at", "m.content", "m.reply_to_id", "m.channel_id"])
    .select((is) =>
      is
        .case()
        .when(canSeeChannel(db, is.val(userId), is.ref("m.channel_id")))
        .then(1)
        .else(0)
        .end()
        .as("is_seen"),
    )
    .select(["c.name as channel_name", "c.type as channel_type", "c.server_id", "s.name as server_name"])
    .execute();
}

/** What the messages have, and the people of the private channels that the user is still in, for `writtenMessages`. */
export async function writtenDetails(
  db: Db,
  userId: number,
  messages: readonly WrittenMessage[],
): Promise<{
  files: { message_id: number | null; id: number; filename: string }[];
  people: { channel_id: number; username: string }[];
  forwards: { message_id: number; content: string; written_at: number }[];
  polls: { message_id: number; answers: string }[];
}> {
  const ids = messages.map(({ id }) => id);
  const channelIds = messages.filter(({ server_id }) => server_id === null).map((one) => one.channel_id);
  const [files, people, forwards, polls] = await Promise.all([
    db
      .selectFrom("attachments")
      .where("message_id", "in", ids)
      .orderBy("ordinal")
      .orderBy("id")
      .select(["message_id", "id", "filename"])
      .execute(),
    channelIds.length === 0
      ? []
      : db
          .selectFrom("recipients as r")
          .innerJoin("users as u", "u.id", "r.user_id")
          .where("r.channel_id", "in", [...new Set(channelIds)])
          .where("r.user_id", "!=", userId)
          .where((is) =>
            is.exists(
              is
                .selectFrom("recipients as own")
                .whereRef("own.channel_id", "=", "r.channel_id")
                .where("own.user_id", "=", userId)
                .select("own.user_id"),
            ),
          )
          .select(["r.channel_id", "u.username"])
          .execute(),
    writtenTexts(db, "forwards", ids),
    db.selectFrom("polls").where("message_id", "in", ids).select(["message_id", "answers"]).execute(),
  ]);
  return { files, people, forwards, polls };
}

/** What messages forward, or said before they were edited: of one message that may be 50 texts. */
export function writtenTexts(
  db: Db,
  table: "earlier_texts" | "forwards",
  messageIds: readonly number[],
): Promise<{ message_id: number; content: string; written_at: number }[]> {
  return db
    .selectFrom(table)
    .where("message_id", "in", messageIds)
    .orderBy("written_at")
    .select(["message_id", "content", "written_at"])
    .execute();
}

/** Files that the user uploaded, with higher ids. */
export function uploadsAfter(
  db: Db,
  userId: number,
  after: number,
  limit: number,
): Promise<{ id: number; filename: string; storage_key: string; created_at: number }[]> {
  return db
    .selectFrom("attachments")
    .where("uploader_id", "=", userId)
    .where("id", ">", after)
    .orderBy("id")
    .limit(limit)
    .select(["id", "filename", "storage_key", "created_at"])
    .execute();
}
