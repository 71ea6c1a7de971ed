import type { AuditChange, CustomEmoji } from "@miscord/protocol";
import type { Kysely } from "kysely";
import { AppError } from "../../errors.ts";
import type { EmojiRow } from "../../store/emoji-tables.ts";
import { changesOf, recordAction } from "../../store/queries/audit-log.ts";
import * as queries from "../../store/queries/emojis.ts";
import { deletePictures } from "../../store/queries/pictures.ts";
import type { Tables } from "../../store/schema.ts";
import { isUniqueViolation } from "../../store/sql-dialect.ts";
import { requireStill, serverCommand } from "../access.ts";
import { removeFiles } from "../attachments/remove-files.ts";
import type { Actor, DomainContext } from "../context.ts";
import { isAnimated } from "../pictures/is-animated.ts";
import { removePictures, storePicture } from "../pictures/store-picture.ts";
import { publish } from "../publish.ts";
import { emojiId as newId, nameTaken, noSuchEmoji, requireRoom, type EmojiKind } from "./kinds.ts";

type Context = Pick<DomainContext, "store" | "bus" | "clock" | "rates" | "storage" | "settings" | "pictures">;
type Db = Kysely<Tables>;

/** Of which of a server's kinds, and in which server. */
export interface EmojiPlace {
  kind: EmojiKind;
  serverId: number;
}

/**
 * Makes an emoji or a sticker of the picture. Throws `not_found`, `forbidden`, `invalid_request` (no picture, or the name is taken),
 * `limit_reached` or `rate_limited`.
 */
export async function createEmoji(
  context: Context,
  actor: Actor,
  { kind, serverId }: EmojiPlace,
  { name, aliases, bytes }: { name: string; aliases: readonly string[]; bytes: Uint8Array },
): Promise<CustomEmoji> {
  await serverCommand(context, actor, serverId, "manageGuildExpressions");
  const { db } = context.store;
  // Before the work of the picture, and again with its row.
  requireRoom(kind, await queries.emojisOfServers(db, kind.table, [serverId]), name);
  await context.rates.newEmojis.spend(actor.userId);
  // Looks through all that the owner's servers have.
  await requireQuota(context, serverId);
  const pictureId = await storePicture(context, bytes, kind.shape);
  const row = { server_id: serverId, name, picture_id: pictureId, aliases: JSON.stringify(aliases) };
  let emoji: CustomEmoji;
  try {
    emoji = queries.presentEmoji(await insert(context, actor, kind, row));
  } catch (error) {
    await removePictures(context, [pictureId]);
    throw error;
  }
  publish(context, `server:${serverId}`, kind.created(serverId, emoji));
  return emoji;
}

/** Whoever owns many servers could fill the disk with what they have. Throws `limit_reached`. */
export async function requireQuota(
  { store, settings }: Pick<Context, "store" | "settings">,
  serverId: number,
): Promise<void> {
  const max_bytes = settings.uploadTotalBytes;
  if (max_bytes === 0 || (await queries.expressionBytes(store.db, serverId)) < max_bytes) return;
  const message = "The emoji, stickers and sounds of this server's owner take up all the room that one person has.";
  throw new AppError("limit_reached", message, { details: { max_bytes } });
}

async function insert(
  context: Context,
  actor: Actor,
  kind: EmojiKind,
  given: Pick<EmojiRow, "server_id" | "name" | "picture_id" | "aliases">,
): Promise<EmojiRow> {
  const { store, clock } = context;
  const animated = (await isAnimated(context, given.picture_id)) ? 1 : 0;
  const row = { ...given, id: newId(), animated, created_at: clock.now() };
  await store.db.transaction().execute(async (db) => {
    await requireStill(context, db, actor, { serverId: row.server_id, permission: "manageGuildExpressions" });
    requireRoom(kind, await queries.emojisOfServers(db, kind.table, [row.server_id]), row.name);
    if (!(await queries.insertEmoji(db, kind.table, row))) throw nameTaken(kind);
    await record(context, db, actor, row, kind.actions.create);
  });
  return row;
}

/** Throws `not_found`, `forbidden`, `invalid_request` (the name is taken) or `rate_limited`. */
export async function changeEmoji(
  context: Context,
  actor: Actor,
  { kind, serverId }: EmojiPlace,
  emojiId: number,
  patch: { name?: string | undefined; aliases?: readonly string[] | undefined },
): Promise<CustomEmoji> {
  await serverCommand(context, actor, serverId, "manageGuildExpressions");
  const work = context.store.db.transaction().execute(async (db) => {
    await requireStill(context, db, actor, { serverId, permission: "manageGuildExpressions" });
    const before = await emojiOf(db, { kind, serverId }, emojiId);
    const change = {
      name: patch.name ?? before.name,
      aliases: patch.aliases ? JSON.stringify(patch.aliases) : before.aliases,
    };
    const others = (await queries.emojisOfServers(db, kind.table, [serverId])).filter(({ id }) => id !== emojiId);
    if (others.some(({ name }) => name === change.name)) throw nameTaken(kind);
    await queries.updateEmoji(db, kind.table, { id: emojiId, ...change });
    const changes = changesOf(words(before), words(change));
    if (changes.length > 0) await record(context, db, actor, before, kind.actions.update, changes);
    return { ...before, ...change };
  });
  // The database refuses a name that is taken, whatever was looked at before.
  const row = await work.catch((error: unknown) => {
    throw isUniqueViolation(error) ? nameTaken(kind) : error;
  });
  const emoji = queries.presentEmoji(row);
  publish(context, `server:${serverId}`, kind.updated(serverId, emoji));
  return emoji;
}

/** Texts and reactions that hold it, and messages that are it, show its name from then on. Throws `not_found`, `forbidden` or `rate_limited`. */
export async function deleteEmoji(
  context: Context,
  actor: Actor,
  { kind, serverId }: EmojiPlace,
  emojiId: number,
): Promise<void> {
  await serverCommand(context, actor, serverId, "manageGuildExpressions");
  const row = await context.store.db.transaction().execute(async (db) => {
    await requireStill(context, db, actor, { serverId, permission: "manageGuildExpressions" });
    const before = await emojiOf(db, { kind, serverId }, emojiId);
    if (!(await queries.deleteEmoji(db, kind.table, emojiId))) throw noSuchEmoji(kind);
    await deletePictures(db, [before.picture_id]);
    await record(context, db, actor, before, kind.actions.remove);
    return before;
  });
  await removeFiles(context, [row.picture_id]);
  publish(context, `server:${serverId}`, kind.deleted(serverId, emojiId));
}

/** One of another server is not there. */
async function emojiOf(db: Db, { kind, serverId }: EmojiPlace, emojiId: number): Promise<EmojiRow> {
  const row = await queries.emojiById(db, kind.table, emojiId);
  if (row?.server_id !== serverId) throw noSuchEmoji(kind);
  return row;
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
  action: EmojiKind["actions"]["create" | "update" | "remove"],
  changes: readonly AuditChange[] = [],
): Promise<void> {
  return recordAction(db, { serverId, actorId, at: clock.now(), subject, action, changes });
}
