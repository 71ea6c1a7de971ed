import type { Message } from "@miscord/protocol";
import type { Transaction } from "kysely";
import { among, listOf } from "../among.ts";
import { compiledOnce } from "../compiled-once.ts";
import { presentMessage, type AuthorRow } from "../present-message.ts";
import type { MessageRow, Tables } from "../schema.ts";

type Snapshot = Transaction<Tables>;

/** Loads the rows that belong to the messages with a fixed number of queries, however many messages there are. */
export async function presentRows<Row extends MessageRow>(
  snapshot: Snapshot,
  rows: readonly Row[],
  serverIdOf: (row: Row) => number | null,
): Promise<Message[]> {
  if (rows.length === 0) return [];
  const ids = listOf(
    snapshot,
    rows.map((row) => row.id),
  );
  const [authors, replies, attachments, reactions, mentions, threads, polls, forwards] = await Promise.all([
    readAuthors(snapshot, rows),
    readReplies(snapshot, rows),
    attachmentsOfMessages(snapshot, ids),
    reactionsTo(snapshot, ids),
    mentionsIn(snapshot, ids),
    threadsFrom(snapshot, ids),
    pollsIn(snapshot, ids),
    forwardsIn(snapshot, ids),
  ]);
  const forwardOf = new Map(forwards.map((row) => [row.message_id, row]));
  const pollOf = new Map(polls.map((row) => [row.message_id, row]));
  const attachmentsOf = Map.groupBy(attachments, (row) => row.message_id);
  const reactionsOf = Map.groupBy(reactions, (row) => row.message_id);
  const threadsOf = new Map(threads.map((row) => [row.starter_id, row]));
  const mentionsOf = Map.groupBy(mentions, (row) => row.message_id);
  return rows.map((row) =>
    presentMessage({
      row,
      serverId: serverIdOf(row),
      author: authors.get(row.author_id) ?? missingAuthor(row),
      replyTo: replies.get(row.reply_to_id ?? 0) ?? null,
      attachments: attachmentsOf.get(row.id) ?? [],
      reactions: reactionsOf.get(row.id) ?? [],
      mentions: (mentionsOf.get(row.id) ?? []).map((mention) => mention.user_id),
      thread: threadsOf.get(row.id) ?? null,
      poll: pollOf.get(row.id) ?? null,
      forward: forwardOf.get(row.id) ?? null,
    }),
  );
}

const attachmentsOfMessages = compiledOnce((db, ids: string) =>
  db
    .selectFrom("attachments")
    .selectAll()
    .where((eb) => among(db, eb.ref("message_id"), ids))
    .orderBy("ordinal")
    .orderBy("id"),
);

const reactionsTo = compiledOnce((db, ids: string) =>
  db
    .selectFrom("reactions")
    .selectAll()
    .where((eb) => among(db, eb.ref("message_id"), ids))
    .orderBy("position")
    .orderBy("seq"),
);

const mentionsIn = compiledOnce((db, ids: string) =>
  db
    .selectFrom("mentions")
    .select(["message_id", "user_id"])
    .where((eb) => among(db, eb.ref("message_id"), ids))
    .where("through_group", "=", 0)
    .orderBy("user_id"),
);

const threadsFrom = compiledOnce((db, ids: string) =>
  db
    .selectFrom("channels")
    .select(["starter_id", "id", "name"])
    .where((eb) => among(db, eb.ref("starter_id"), ids)),
);

const pollsIn = compiledOnce((db, ids: string) =>
  db
    .selectFrom("polls")
    .selectAll()
    .where((eb) => among(db, eb.ref("message_id"), ids)),
);

const forwardsIn = compiledOnce((db, ids: string) =>
  db
    .selectFrom("forwards")
    .selectAll()
    .where((eb) => among(db, eb.ref("message_id"), ids)),
);

async function readAuthors(snapshot: Snapshot, rows: readonly MessageRow[]): Promise<Map<number, AuthorRow>> {
  const authors = await authorsAmong(snapshot, listOf(snapshot, [...new Set(rows.map((row) => row.author_id))]));
  return new Map(authors.map((author) => [author.id, author]));
}

const authorsAmong = compiledOnce((db, ids: string) =>
  db
    .selectFrom("users")
    .select(["id", "username", "display_name", "avatar_color", "picture", "program"])
    .where((eb) => among(db, eb.ref("id"), ids)),
);

async function readReplies(snapshot: Snapshot, rows: readonly MessageRow[]) {
  const ids = [...new Set(rows.flatMap((row) => row.reply_to_id ?? []))];
  if (ids.length === 0) return new Map<number, never>();
  const replies = await answered(snapshot, listOf(snapshot, ids));
  return new Map(
    replies.map(({ author_id, username, display_name, avatar_color, picture, program, ...row }) => [
      row.id,
      { row, author: { id: author_id, username, display_name, avatar_color, picture, program } },
    ]),
  );
}

const answered = compiledOnce((db, ids: string) =>
  db
    .selectFrom("messages as m")
    .innerJoin("users as u", "u.id", "m.author_id")
    .select(["m.id", "m.content", "m.deleted_at", "m.webhook", "m.voice_ms"])
    .select(["u.id as author_id", "u.username", "u.display_name", "u.avatar_color", "u.picture", "u.program"])
    .where((eb) => among(db, eb.ref("m.id"), ids)),
);

function missingAuthor(row: MessageRow): never {
  throw new Error(`The author of message ${row.id} is missing.`);
}
