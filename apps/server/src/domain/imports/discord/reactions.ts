import { limits } from "@miscord/protocol";
import { emojiMark } from "@miscord/text";
import type { Insertable } from "kysely";
import type { MessageRow, Tables } from "../../../store/schema.ts";
import type { Import } from "./channel-place.ts";
import type { ExportedEmoji, ExportedMessage, ExportedPerson, ExportedReaction } from "./format.ts";

const oneEmoji = /^\p{RGI_Emoji}$/v;
/** Reactions of one message, which are written in one transaction. */
const mostOfMessage = 10_000;

/** Those whose reactions can be shown here. */
export function reactedWith(
  { emoji, users }: ExportedReaction,
  to: Pick<Import, "expressions">,
): readonly ExportedPerson[] {
  return nameOf(emoji, to) === null ? [] : users;
}

/** Reactions by those whom the export names. All others, and custom emoji that are not imported, are reported. */
export function reactionRows(
  to: Import,
  { reactions }: ExportedMessage,
  { id, seq }: Pick<MessageRow, "id" | "seq">,
  users: ReadonlyMap<string, number>,
): Insertable<Tables["reactions"]>[] {
  const { report } = to;
  const byEmoji = new Map<string, Set<number>>();
  let left = mostOfMessage;
  for (const reaction of reactions) {
    const { emoji, count } = reaction;
    const name = nameOf(emoji, to);
    if (name === null) {
      report.lost("customReactions", `:${emoji.name}:`, Math.max(count, 1));
      continue;
    }
    const ids = byEmoji.get(name) ?? new Set<number>();
    if (!byEmoji.has(name) && byEmoji.size >= limits.reactionsPerMessage) {
      report.lost("reactionKinds", undefined, count);
      continue;
    }
    const before = ids.size;
    for (const user of reactedWith(reaction, to).slice(0, left)) ids.add(users.get(user.id)!);
    left -= ids.size - before;
    if (ids.size > 0) byEmoji.set(name, ids);
    if (count > ids.size) report.lost("unnamedReactions", emoji.name, count - ids.size);
  }
  return [...byEmoji].flatMap(([emoji, ids], index) =>
    [...ids].map((userId) => ({ message_id: id, emoji, user_id: userId, position: index + 1, seq })),
  );
}

/** As reactions here name it; null: no emoji, or one of a server that is not imported. */
function nameOf({ id, name }: ExportedEmoji, { expressions }: Pick<Import, "expressions">): string | null {
  if (id === "") return withSelector(name);
  const own = expressions?.emoji(id);
  return own ? emojiMark(own) : null;
}

/** As people send it here: Discord leaves the selector of some emoji out. Null: no emoji. */
function withSelector(name: string): string | null {
  if (name.length > limits.emojiLength) return null;
  if (oneEmoji.test(name)) return name;
  const full = `${name}\u{FE0F}`;
  return oneEmoji.test(full) ? full : null;
}
