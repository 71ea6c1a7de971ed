import { chunks } from "../chunks.ts";
import type { Store } from "../store/contract.ts";
import { insertPlaceholder } from "../store/queries/discord.ts";

/** Somebody who wrote in Discord. */
export interface ImportedAuthor {
  readonly id: number;
  /** In Discord. */
  readonly name: string;
  /** The first of their messages. */
  readonly messageId: number;
}

interface Amounts {
  authors: number;
  messagesEach: number;
}

const rowsAtOnce = 500;

/**
 * Adds authors as an import does, who have written in the channel by turns, and have all reacted to the first message; a tenth of
 * the messages answers the one before. The channel has no messages yet.
 */
export async function addImportedAuthors(
  { db }: Store,
  channelId: number,
  { authors, messagesEach }: Amounts,
): Promise<ImportedAuthor[]> {
  const now = Date.now();
  const people: { id: number; name: string }[] = [];
  for (let number = 0; number < authors; number += 1) {
    const name = `old-${channelId}-${number}`;
    const author = { discordId: `${channelId}00${number}`, name, displayName: `Old ${number}`, color: "#123456", now };
    people.push({ id: await db.transaction().execute((trx) => insertPlaceholder(trx, author)), name });
  }
  const last = authors * messagesEach;
  const rows = Array.from({ length: last }, (_, place) => ({
    channel_id: channelId,
    author_id: people[place % authors]!.id,
    content: `${people[place % authors]!.name} says ${place}`,
    seq: place + 1,
    updated_seq: place + 1,
    mentions_everyone: 0,
    files_removed: 0,
    created_at: now,
  }));
  for (const some of chunks(rows, rowsAtOnce)) await db.insertInto("messages").values(some).execute();
  await db.updateTable("channels").set({ seq: last, last_message_seq: last }).where("id", "=", channelId).execute();
  const added = await db.selectFrom("messages").where("channel_id", "=", channelId).select(["id", "seq"]).execute();
  const idAt = new Map(added.map(({ id, seq }) => [seq, id]));
  for (let seq = 10; seq <= last; seq += 10) {
    await db
      .updateTable("messages")
      .set({ reply_to_id: idAt.get(seq - 1)! })
      .where("id", "=", idAt.get(seq)!)
      .execute();
  }
  const reaction = { message_id: idAt.get(1)!, emoji: "👍", position: 1, seq: 1 };
  await db
    .insertInto("reactions")
    .values(people.map(({ id }) => ({ ...reaction, user_id: id })))
    .execute();
  return people.map((person, number) => ({ ...person, messageId: idAt.get(number + 1)! }));
}
