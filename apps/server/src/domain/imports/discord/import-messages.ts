import { limits, type Sticker } from "@miscord/protocol";
import { isVisible } from "@miscord/text";
import type { Insertable, Kysely } from "kysely";
import { insertAttachment } from "../../../store/queries/attachments.ts";
import { importedItems, noteItems } from "../../../store/queries/discord.ts";
import { raiseReadStates } from "../../../store/queries/read-states.ts";
import { webhookColumn } from "../../../store/log/text.ts";
import type { Tables } from "../../../store/schema.ts";
import { makeRoles, usersFor } from "./authors.ts";
import type { Import } from "./channel-place.ts";
import type { ExportedMessage } from "./format.ts";
import type { Files } from "./keep-files.ts";
import { embedsOf, textOf } from "./message-text.ts";
import { nameOf } from "./names.ts";
import { reactionRows } from "./reactions.ts";

type Db = Kysely<Tables>;
type NewMessage = Insertable<Tables["messages"]> & { reply_to_id: number | null };

/** A message with its files, which are in the storage. */
export interface ReadyMessage {
  message: ExportedMessage;
  files: Files;
}

interface Drafted extends ReadyMessage {
  row: NewMessage;
}

/** Those that are not imported yet, each once. */
export async function unknownOf(db: Db, messages: readonly ExportedMessage[]): Promise<ExportedMessage[]> {
  const byId = new Map<string, ExportedMessage>();
  for (const message of messages) if (!byId.has(message.id)) byId.set(message.id, message);
  const known = await importedItems(db, "message", [...byId.keys()]);
  return [...byId.values()].filter(({ id }) => !known.has(id));
}

/**
 * Appends messages that are not imported yet to the channel, in one transaction with the note that they are: whenever the
 * process ends, none is lost or there twice.
 */
export async function importMessages(to: Import, channelId: number, ready: readonly ReadyMessage[]): Promise<void> {
  await to.db.transaction().execute(async (db) => {
    const messages = ready.map(({ message }) => message);
    await makeRoles(db, to, messages);
    const users = await usersFor(db, to, messages);
    const channel = await lockChannel(db, channelId);
    const targets = await repliedTo(db, channelId, messages);
    const pins = { left: limits.pinsPerChannel - (await countPins(db, channelId)) };
    const drafts = ready.flatMap((one) => draft(to, { channelId, users, targets, pins }, one));
    for (const [index, { row }] of drafts.entries()) row.seq = row.updated_seq = channel.seq + index + 1;
    if (drafts.length > 0) {
      await insertDrafts(db, to, drafts, users);
      await advance(db, to, { id: channelId, ...channel }, drafts);
    }
    await to.note?.(db);
  });
}

/** Others who write into the channel wait until the transaction ends. */
function lockChannel(db: Db, channelId: number) {
  return db
    .updateTable("channels")
    .set((eb) => ({ seq: eb.ref("seq") }))
    .where("id", "=", channelId)
    .returning(["seq", "parent_id"])
    .executeTakeFirstOrThrow();
}

async function insertDrafts(db: Db, to: Import, drafts: readonly Drafted[], users: ReadonlyMap<string, number>) {
  const ids = await insertRows(
    db,
    drafts.map(({ row }) => row),
  );
  const byDiscordId = new Map(drafts.map(({ message, row }) => [message.id, ids.get(row.seq)!]));
  await noteItems(db, "message", to.server.id, [...byDiscordId]);
  await linkReplies(to, db, drafts, byDiscordId);
  await attach(db, drafts, byDiscordId);
  const reactions = drafts.flatMap(({ message, row }) =>
    reactionRows(to, message, { ...row, id: byDiscordId.get(message.id)! }, users),
  );
  for (let from = 0; from < reactions.length; from += 1_000) {
    await db
      .insertInto("reactions")
      .values(reactions.slice(from, from + 1_000))
      .execute();
  }
  to.report.made("messages", drafts.length);
  to.report.made(
    "files",
    drafts.reduce((sum, { files }) => sum + files.kept.length, 0),
  );
  to.report.made("reactions", reactions.length);
}

/** Messages of this channel, imported earlier and still there, that these answer. */
async function repliedTo(
  db: Db,
  channelId: number,
  messages: readonly ExportedMessage[],
): Promise<Map<string, number>> {
  const wanted = new Set(messages.flatMap(({ reference }) => (reference ? [reference.messageId] : [])));
  const found = await importedItems(db, "message", [...wanted]);
  if (found.size === 0) return found;
  const rows = await db
    .selectFrom("messages")
    .where("id", "in", [...found.values()])
    .where("channel_id", "=", channelId)
    .select("id")
    .execute();
  const here = new Set(rows.map(({ id }) => id));
  return new Map([...found].filter(([, id]) => here.has(id)));
}

async function countPins(db: Db, channelId: number): Promise<number> {
  const rows = await db
    .selectFrom("messages")
    .where("channel_id", "=", channelId)
    .where("pinned_at", "is not", null)
    .select("id")
    .execute();
  return rows.length;
}

interface Surroundings {
  channelId: number;
  users: ReadonlyMap<string, number>;
  targets: ReadonlyMap<string, number>;
  pins: { left: number };
}

function draft(
  to: Import,
  { channelId, users, targets, pins }: Surroundings,
  { message, files }: ReadyMessage,
): Drafted[] {
  const { text, isCut } = textOf(message, files.missing, to);
  const sticker = stickerOf(to, message, files);
  const { embeds, dropped } = embedsOf(message);
  if (dropped > 0) to.report.lost("embeds", undefined, dropped);
  if (!isVisible(text) && embeds.length === 0 && files.kept.length === 0) {
    to.report.lost("emptyMessages", message.id);
    return [];
  }
  if (isCut) to.report.lost("longMessages", text);
  if (message.isPinned && pins.left <= 0) to.report.lost("pins", text);
  const isPinned = message.isPinned && pins.left > 0;
  if (isPinned) pins.left -= 1;
  const { author, timestamp, timestampEdited, reference } = message;
  const name = nameOf(author.nickname || author.name, limits.webhookNameLength, author.id);
  const row: NewMessage = {
    channel_id: channelId,
    author_id: users.get(author.id)!,
    content: text,
    nonce: null,
    fingerprint: null,
    seq: 0,
    updated_seq: 0,
    reply_to_id: (reference && targets.get(reference.messageId)) ?? null,
    mentions_everyone: 0,
    mention_roles: null,
    created_at: timestamp,
    edited_at: timestampEdited,
    deleted_at: null,
    // When it was pinned is not in the export.
    pinned_at: isPinned ? timestamp : null,
    files_removed: 0,
    call_ms: null,
    voice_ms: null,
    previews: null,
    sticker: sticker && JSON.stringify(sticker),
    webhook: embeds.length > 0 ? webhookColumn({ name, embeds }) : null,
  };
  return [{ message, files, row }];
}

/** A sticker is a message of its own; its name is the text. Beside anything else only the name is shown. */
function stickerOf({ expressions }: Import, message: ExportedMessage, { kept, missing }: Files): Sticker | null {
  const { content, stickers, forwardedMessage } = message;
  const isAlone = content.trim() === "" && kept.length + missing.length === 0 && !forwardedMessage;
  const [only, ...others] = stickers;
  if (!only || others.length > 0 || !isAlone) return null;
  return expressions?.sticker(only.id) ?? null;
}

/** Ids by position. */
async function insertRows(db: Db, rows: readonly Insertable<Tables["messages"]>[]): Promise<Map<number, number>> {
  const inserted = await db.insertInto("messages").values(rows).returning(["id", "seq"]).execute();
  return new Map(inserted.map(({ id, seq }) => [seq, id]));
}

/** To messages of the same batch; ids rise with positions, so that both orders are the same. */
async function linkReplies({ report }: Import, db: Db, drafts: readonly Drafted[], ids: ReadonlyMap<string, number>) {
  for (const { message, row } of drafts) {
    if (!message.reference || row.reply_to_id !== null) continue;
    const target = ids.get(message.reference.messageId);
    if (target === undefined) {
      if (!message.forwardedMessage) report.lost("replies", message.id);
    } else {
      await db.updateTable("messages").set({ reply_to_id: target }).where("id", "=", ids.get(message.id)!).execute();
    }
  }
}

async function attach(db: Db, drafts: readonly Drafted[], ids: ReadonlyMap<string, number>): Promise<void> {
  for (const { message, files, row } of drafts) {
    for (const file of files.kept) {
      const own = { uploader_id: row.author_id, message_id: ids.get(message.id)!, created_at: row.created_at };
      await insertAttachment(db, { ...file, ...own });
    }
  }
}

interface ChannelBefore {
  id: number;
  seq: number;
  parent_id: number | null;
}

/** The channel's position; a thread began with its first message and was active with its last. The server's owner has read all. */
async function advance(db: Db, to: Import, channel: ChannelBefore, drafts: readonly Drafted[]): Promise<void> {
  const seq = channel.seq + drafts.length;
  const [first, last] = [drafts[0]!.row, drafts.at(-1)!.row];
  const isThread = channel.parent_id !== null;
  await db
    .updateTable("channels")
    .set({
      seq,
      last_message_seq: seq,
      ...(isThread && { active_at: last.created_at }),
      ...(isThread && channel.seq === 0 && { created_at: first.created_at, owner_id: first.author_id }),
    })
    .where("id", "=", channel.id)
    .execute();
  await raiseReadStates(db, [{ userId: to.server.ownerId, channelId: channel.id, seq }]);
}
