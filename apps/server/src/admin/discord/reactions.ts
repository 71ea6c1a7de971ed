import { limits } from "@miscord/protocol";
import type { Insertable } from "kysely";
import type { MessageRow, Tables } from "../../store/schema.ts";
import type { Import } from "./channel-place.ts";
import type { ExportedAuthor, ExportedMessage, ExportedReaction } from "./format.ts";

const oneEmoji = /^\p{RGI_Emoji}$/v;
const usersAtMost = 5_000;

/** Those whose reactions can be shown here. */
export function reactedWith({ emoji, users }: ExportedReaction): ExportedAuthor[] {
  return emoji.id === "" && withSelector(emoji.name) !== null ? users.slice(0, usersAtMost) : [];
}

/** Reactions by those whom the export names. All others, and custom emoji, are reported. */
export function reactionRows(
  { report }: Import,
  { reactions }: ExportedMessage,
  { id, seq }: Pick<MessageRow, "id" | "seq">,
  users: ReadonlyMap<string, number>,
): Insertable<Tables["reactions"]>[] {
  const byEmoji = new Map<string, Set<number>>();
  for (const reaction of reactions) {
    const { emoji, count } = reaction;
    const name = withSelector(emoji.name);
    if (emoji.id !== "" || name === null) {
      report.lost("reactions with custom emoji", `:${emoji.name}:`, Math.max(count, 1));
      continue;
    }
    const ids = byEmoji.get(name) ?? new Set<number>();
    if (!byEmoji.has(name) && byEmoji.size >= limits.reactionsPerMessage) {
      report.lost("reactions beyond what a message may have", undefined, count);
      continue;
    }
    for (const user of reactedWith(reaction)) ids.add(users.get(user.id)!);
    if (ids.size > 0) byEmoji.set(name, ids);
    if (count > ids.size)
      report.lost("reactions of people whom the export does not name", emoji.name, count - ids.size);
  }
  return [...byEmoji].flatMap(([emoji, ids], index) =>
    [...ids].map((userId) => ({ message_id: id, emoji, user_id: userId, position: index + 1, seq })),
  );
}

/** As people send it here: Discord leaves the selector of some emoji out. Null: no emoji. */
function withSelector(name: string): string | null {
  if (name.length > limits.emojiLength) return null;
  if (oneEmoji.test(name)) return name;
  const full = `${name}\u{FE0F}`;
  return oneEmoji.test(full) ? full : null;
}
