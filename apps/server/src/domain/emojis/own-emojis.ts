import type { CustomEmoji, Sticker } from "@miscord/protocol";
import { emojiMark, emojiMarksIn } from "@miscord/text";
import type { Store } from "../../store/contract.ts";
import { emojisOfMember, presentEmoji, type EmojiTable } from "../../store/queries/emojis.ts";
import { instanceEmojis } from "../../store/queries/instance-emojis.ts";

/** Different emoji that one text is asked about; a longer list is an attempt to make the server work. */
const mostIds = 100;

/** Those of the ids that are of the user's servers or of the instance. */
async function usable(
  { db }: Pick<Store, "db">,
  table: EmojiTable,
  { userId, ids }: { userId: number; ids: readonly number[] },
): Promise<CustomEmoji[]> {
  const own = (await emojisOfMember(db, table, { userId, ids })).map(presentEmoji);
  if (own.length === ids.length) return own;
  return [...own, ...(await instanceEmojis(db, table)).filter(({ id }) => ids.includes(id))];
}

/** The text with `:name:` in place of each emoji that is neither of a server of the user nor of the instance. */
export async function withOwnEmojis(store: Pick<Store, "db">, userId: number, content: string): Promise<string> {
  const marks = emojiMarksIn(content);
  if (marks.length === 0) return content;
  const ids = [...new Set(marks.map(({ id }) => id))].slice(0, mostIds);
  const own = new Set((await usable(store, "emojis", { userId, ids })).map(({ id }) => id));
  let text = "";
  let from = 0;
  for (const { id, name, start, end } of marks) {
    if (own.has(id)) continue;
    text += `${content.slice(from, start)}:${name}:`;
    from = end;
  }
  return text + content.slice(from);
}

/** Whether it is an emoji of Unicode, or the present mark of one of the user's servers or of the instance. */
export async function isOwnEmoji(store: Pick<Store, "db">, userId: number, emoji: string): Promise<boolean> {
  const [mark] = emojiMarksIn(emoji);
  if (!mark) return true;
  const [own] = await usable(store, "emojis", { userId, ids: [mark.id] });
  return own !== undefined && emojiMark(own) === emoji;
}

/** The sticker as a message of the user shows it; null unless it is of one of the user's servers or of the instance. */
export async function ownSticker(store: Pick<Store, "db">, userId: number, id: number): Promise<Sticker | null> {
  const [own] = await usable(store, "stickers", { userId, ids: [id] });
  return own ? { id, name: own.name, animated: own.animated } : null;
}
