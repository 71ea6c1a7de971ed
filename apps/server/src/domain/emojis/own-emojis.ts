import type { CustomEmoji, Sticker } from "@miscord/protocol";
import { can, type AccessFacts } from "@miscord/rights";
import { emojiMark, emojiMarksIn } from "@miscord/text";
import type { Store } from "../../store/contract.ts";
import type { ServerChannelAccess } from "../../store/queries/access.ts";
import {
  emojiById,
  emojisOfMember,
  emojisOfServers,
  presentEmoji,
  type EmojiTable,
} from "../../store/queries/emojis.ts";
import { instanceEmojis } from "../../store/queries/instance-emojis.ts";

/** Different emoji that one text is asked about; a longer list is an attempt to make the server work. */
const mostIds = 100;

/** What the user may do where it is used; undefined in private channels, and where it is part of a profile: anything. */
export type PlaceOf = () => Promise<Pick<ServerChannelAccess, keyof AccessFacts | "serverId"> | undefined>;
const anywhere: PlaceOf = () => Promise.resolve(undefined);

interface Usable {
  emoji: CustomEmoji;
  /** Null: of the instance. */
  serverId: number | null;
}

/** Those of the ids that are of the user's servers or of the instance. */
async function ofUser(
  { db }: Pick<Store, "db">,
  table: EmojiTable,
  { userId, ids }: { userId: number; ids: readonly number[] },
): Promise<Usable[]> {
  const rows = await emojisOfMember(db, table, { userId, ids });
  const own = rows.map((row) => ({ emoji: presentEmoji(row), serverId: row.server_id }));
  if (own.length === ids.length) return own;
  const everywhere = (await instanceEmojis(db, table)).filter(({ id }) => ids.includes(id));
  return [...own, ...everywhere.map((emoji) => ({ emoji, serverId: null }))];
}

/** Those that may be used in the place: of another server only with the permission for it. */
async function usableIn(placeOf: PlaceOf, own: readonly Usable[]): Promise<readonly Usable[]> {
  if (own.every(({ serverId }) => serverId === null)) return own;
  const place = await placeOf();
  if (!place || can(place, "useExternalEmojis")) return own;
  return own.filter(({ serverId }) => serverId === null || serverId === place.serverId);
}

/**
 * The text with `:name:` in place of each emoji that is neither of a server of the user nor of the instance, or may not be used in
 * the place.
 */
export async function withOwnEmojis(
  store: Pick<Store, "db">,
  userId: number,
  content: string,
  placeOf: PlaceOf = anywhere,
): Promise<string> {
  const marks = emojiMarksIn(content);
  if (marks.length === 0) return content;
  const ids = [...new Set(marks.map(({ id }) => id))].slice(0, mostIds);
  const own = await usableIn(placeOf, await ofUser(store, "emojis", { userId, ids }));
  return withOnly(content, new Set(own.map(({ emoji }) => emoji.id)));
}

/** What another has written, where foreign emoji may not be used: only those of the place's server and of the instance are left. */
export async function withoutForeignEmojis(
  { db }: Pick<Store, "db">,
  content: string,
  place: NonNullable<Awaited<ReturnType<PlaceOf>>>,
): Promise<string> {
  if (can(place, "useExternalEmojis") || emojiMarksIn(content).length === 0) return content;
  const own = [...(await emojisOfServers(db, "emojis", [place.serverId])), ...(await instanceEmojis(db, "emojis"))];
  return withOnly(content, new Set(own.map(({ id }) => id)));
}

function withOnly(content: string, ids: ReadonlySet<number>): string {
  let text = "";
  let from = 0;
  for (const { id, name, start, end } of emojiMarksIn(content)) {
    if (ids.has(id)) continue;
    text += `${content.slice(from, start)}:${name}:`;
    from = end;
  }
  return text + content.slice(from);
}

/** Whether it is an emoji of Unicode, or the present mark of one that the user may use in the place. */
export async function isOwnEmoji(
  store: Pick<Store, "db">,
  userId: number,
  emoji: string,
  placeOf: PlaceOf = anywhere,
): Promise<boolean> {
  const [mark] = emojiMarksIn(emoji);
  if (!mark) return true;
  const [own] = await usableIn(placeOf, await ofUser(store, "emojis", { userId, ids: [mark.id] }));
  return own !== undefined && emojiMark(own.emoji) === emoji;
}

/**
 * The sticker as a message of the user shows it, and its server, which is null for one of the instance; null unless it is of one of
 * the user's servers or of the instance.
 */
export async function ownSticker(
  store: Pick<Store, "db">,
  userId: number,
  id: number,
): Promise<{ shown: Sticker; serverId: number | null } | null> {
  const [own] = await ofUser(store, "stickers", { userId, ids: [id] });
  if (!own) return null;
  const { name, animated } = own.emoji;
  return { shown: { id, name, animated }, serverId: own.serverId };
}

/** Whether it is a sticker of another server; one of the instance, or that is deleted, is not. In private, all of servers are. */
export async function isForeignSticker(
  { db }: Pick<Store, "db">,
  id: number,
  serverId: number | null,
): Promise<boolean> {
  const row = await emojiById(db, "stickers", id);
  return row !== undefined && row.server_id !== serverId;
}
