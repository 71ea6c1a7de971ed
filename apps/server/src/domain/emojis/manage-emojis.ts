import { randomInt } from "node:crypto";
import { limits, type AuditChange, type CustomEmoji } from "@miscord/protocol";
import type { Kysely } from "kysely";
import { AppError } from "../../errors.ts";
import type { EmojiRow } from "../../store/emoji-tables.ts";
import { changesOf, recordAction } from "../../store/queries/audit-log.ts";
import * as queries from "../../store/queries/emojis.ts";
import { deletePictures } from "../../store/queries/pictures.ts";
import type { Tables } from "../../store/schema.ts";
import { requireStill, serverCommand } from "../access.ts";
import { removeFiles } from "../attachments/remove-files.ts";
import type { Actor, DomainContext } from "../context.ts";
import { isAnimated } from "../pictures/is-animated.ts";
import { removePictures, storePicture } from "../pictures/store-picture.ts";
import { publish } from "../publish.ts";

type Context = Pick<DomainContext, "store" | "bus" | "clock" | "rates" | "storage" | "settings" | "pictures">;
type Db = Kysely<Tables>;

/** Of an emoji's picture: three times the size that texts show it in, for dense screens. */
const shape = { width: 96, height: 96, fit: "inside", isAnimated: true } as const;
/** Largest id: 15 digits, and more than 47 bits of chance. */
const idRange = 2 ** 48 - 1;

/**
 * Makes an emoji of the picture. Throws `not_found`, `forbidden`, `invalid_request` (no picture, or the name is taken),
 * `limit_reached` or `rate_limited`.
 */
export async function createEmoji(
  context: Context,
  actor: Actor,
  serverId: number,
  { name, aliases, bytes }: { name: string; aliases: readonly string[]; bytes: Uint8Array },
): Promise<CustomEmoji> {
  await serverCommand(context, actor, serverId, "manageGuildExpressions");
  const { db } = context.store;
  // Before the work of the picture, and again with its row.
  requireRoom(await queries.emojisOfServers(db, [serverId]), name);
  await context.rates.newEmojis.spend(actor.userId);
  const pictureId = await storePicture(context, bytes, shape);
  const row = { server_id: serverId, name, picture_id: pictureId, aliases: JSON.stringify(aliases) };
  let emoji: CustomEmoji;
  try {
    emoji = queries.presentEmoji(await insert(context, actor, row));
  } catch (error) {
    await removePictures(context, [pictureId]);
    throw error;
  }
  publish(context, `server:${serverId}`, { type: "emoji_created", server_id: serverId, emoji });
  return emoji;
}

async function insert(
  context: Context,
  actor: Actor,
  given: Pick<EmojiRow, "server_id" | "name" | "picture_id" | "aliases">,
): Promise<EmojiRow> {
  const { store, clock } = context;
  const animated = (await isAnimated(context, given.picture_id)) ? 1 : 0;
  const row = { ...given, id: 1 + randomInt(idRange - 1), animated, created_at: clock.now() };
  await store.db.transaction().execute(async (db) => {
    await requireStill(context, db, actor, { serverId: row.server_id, permission: "manageGuildExpressions" });
    requireRoom(await queries.emojisOfServers(db, [row.server_id]), row.name);
    if (!(await queries.insertEmoji(db, row))) throw nameTaken();
    await record(context, db, actor, row, "emoji_create");
  });
  return row;
}

/** Throws `not_found`, `forbidden`, `invalid_request` (the name is taken) or `rate_limited`. */
export async function changeEmoji(
  context: Context,
  actor: Actor,
  {
    serverId,
    emojiId,
    ...patch
  }: { serverId: number; emojiId: number; name?: string | undefined; aliases?: readonly string[] | undefined },
): Promise<CustomEmoji> {
  await serverCommand(context, actor, serverId, "manageGuildExpressions");
  const row = await context.store.db.transaction().execute(async (db) => {
    const before = await emojiOf(db, serverId, emojiId);
    const change = {
      name: patch.name ?? before.name,
      aliases: patch.aliases ? JSON.stringify(patch.aliases) : before.aliases,
    };
    const others = (await queries.emojisOfServers(db, [serverId])).filter(({ id }) => id !== emojiId);
    if (others.some(({ name }) => name === change.name)) throw nameTaken();
    await queries.updateEmoji(db, emojiId, change);
    const changes = changesOf(words(before), words(change));
    if (changes.length > 0) await record(context, db, actor, before, "emoji_update", changes);
    return { ...before, ...change };
  });
  const emoji = queries.presentEmoji(row);
  publish(context, `server:${serverId}`, { type: "emoji_updated", server_id: serverId, emoji });
  return emoji;
}

/** Texts and reactions that hold the emoji show its name from then on. Throws `not_found`, `forbidden` or `rate_limited`. */
export async function deleteEmoji(
  context: Context,
  actor: Actor,
  { serverId, emojiId }: { serverId: number; emojiId: number },
): Promise<void> {
  await serverCommand(context, actor, serverId, "manageGuildExpressions");
  const row = await context.store.db.transaction().execute(async (db) => {
    const before = await emojiOf(db, serverId, emojiId);
    if (!(await queries.deleteEmoji(db, emojiId))) throw noSuchEmoji();
    await deletePictures(db, [before.picture_id]);
    await record(context, db, actor, before, "emoji_delete");
    return before;
  });
  await removeFiles(context, [row.picture_id]);
  publish(context, `server:${serverId}`, { type: "emoji_deleted", server_id: serverId, emoji_id: emojiId });
}

/** One of another server is not there. */
async function emojiOf(db: Db, serverId: number, emojiId: number): Promise<EmojiRow> {
  const row = await queries.emojiById(db, emojiId);
  if (row?.server_id !== serverId) throw noSuchEmoji();
  return row;
}

function requireRoom(present: readonly EmojiRow[], wanted: string): void {
  if (present.some(({ name }) => name === wanted)) throw nameTaken();
  if (present.length < limits.emojisPerServer) return;
  throw new AppError("limit_reached", `A server has at most ${limits.emojisPerServer} emoji.`);
}

const words = ({ name, aliases }: Pick<EmojiRow, "name" | "aliases">) => ({
  name,
  aliases: (JSON.parse(aliases) as string[]).join(", "),
});

function record(
  { clock }: Context,
  db: Db,
  { userId: actorId }: Actor,
  { server_id: serverId, name: subject }: EmojiRow,
  action: "emoji_create" | "emoji_update" | "emoji_delete",
  changes: readonly AuditChange[] = [],
): Promise<void> {
  return recordAction(db, { serverId, actorId, at: clock.now(), subject, action, changes });
}

const nameTaken = () =>
  new AppError("invalid_request", "The server has an emoji of this name.", { details: { field: "name" } });
const noSuchEmoji = () => new AppError("not_found", "There is no such emoji.");
