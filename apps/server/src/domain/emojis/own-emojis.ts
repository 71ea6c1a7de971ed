import type { Sticker } from "@miscord/protocol";
import { emojiMark, emojiMarksIn } from "@miscord/text";
import type { Store } from "../../store/contract.ts";
import { emojisOfMember, presentEmoji } from "../../store/queries/emojis.ts";

/** Different emoji that one text is asked about; a longer list is an attempt to make the server work. */
const mostIds = 100;

/** The text with `:name:` in place of each emoji that is of no server of the user. */
export async function withOwnEmojis({ db }: Pick<Store, "db">, userId: number, content: string): Promise<string> {
  const marks = emojiMarksIn(content);
  if (marks.length === 0) return content;
  const ids = [...new Set(marks.map(({ id }) => id))].slice(0, mostIds);
  const own = new Set((await emojisOfMember(db, "emojis", { userId, ids })).map(({ id }) => id));
  let text = "";
  let from = 0;
  for (const { id, name, start, end } of marks) {
    if (own.has(id)) continue;
    text += `${content.slice(from, start)}:${name}:`;
    from = end;
  }
  return text + content.slice(from);
}

/** Whether it is an emoji of Unicode, or the present mark of one of the user's servers. */
export async function isOwnEmoji({ db }: Pick<Store, "db">, userId: number, emoji: string): Promise<boolean> {
  const [mark] = emojiMarksIn(emoji);
  if (!mark) return true;
  const [row] = await emojisOfMember(db, "emojis", { userId, ids: [mark.id] });
  return row !== undefined && emojiMark(presentEmoji(row)) === emoji;
}

/** The sticker as a message of the user shows it; null unless it is of one of the user's servers. */
export async function ownSticker({ db }: Pick<Store, "db">, userId: number, id: number): Promise<Sticker | null> {
  const [row] = await emojisOfMember(db, "stickers", { userId, ids: [id] });
  return row ? { id, name: row.name, animated: row.animated === 1 } : null;
}
