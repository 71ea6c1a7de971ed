import { limits, type ChannelType, type ImportMade, type Sticker } from "@miscord/protocol";
import { bitsOf } from "@miscord/rights";
import type { Kysely } from "kysely";
import type { DiscordKind } from "../../../store/discord-tables.ts";
import { channelRoom, insertChannel, updateChannel } from "../../../store/queries/channels.ts";
import { importedItems, noteItems } from "../../../store/queries/discord.ts";
import { putOverride, refreshRestricted } from "../../../store/queries/roles.ts";
import type { Tables } from "../../../store/schema.ts";
import { storable } from "../../../store/storable.ts";
import type { ChannelExport } from "./find-exports.ts";
import { nameOf } from "./names.ts";
import type { DiscordReport } from "./report.ts";
import type { ServerPlace } from "./server-place.ts";

type Db = Kysely<Tables>;

/** What stands here for emoji and stickers of Discord, by their ids there; null: nothing does. */
export interface KnownExpressions {
  emoji(id: string): Sticker | null;
  sticker(id: string): Sticker | null;
}

/** What importing works with. */
export interface Import {
  db: Db;
  server: ServerPlace;
  report: DiscordReport;
  now: number;
  /** Emoji and stickers that are imported; without, their names are shown. */
  expressions?: KnownExpressions;
  /** Messages that threads were started from, by this import. */
  started?: Set<number>;
  /** Called as the last step of each transaction: notes in it how far the import has come. */
  note?: (db: Db) => Promise<void>;
}

interface NewPlace {
  kind: DiscordKind;
  discordId: string;
  name: string;
  type: ChannelType;
  topic?: string;
  categoryId?: number | null;
}

const voiceTypes: ReadonlySet<string> = new Set(["GuildVoiceChat", "GuildStageVoice", "2", "13"]);
const forumTypes: ReadonlySet<string> = new Set(["GuildForum", "GuildMedia", "15", "16"]);

/** The channel that the messages go into; null when there is no place for them. */
export function placeOfChannel(to: Import, { channel, firstMessageId }: ChannelExport): Promise<number | null> {
  return to.db.transaction().execute(async (trx) => {
    const id = await placeIn(trx, to, channel, firstMessageId !== null);
    await to.note?.(trx);
    return id;
  });
}

async function placeIn(
  trx: Db,
  to: Import,
  channel: ChannelExport["channel"],
  hasMessages: boolean,
): Promise<number | null> {
  const categoryId = await categoryOf(trx, to, channel);
  const { id: discordId, name, topic, type } = channel;
  const place = { discordId, name, topic, categoryId };
  if (forumTypes.has(type)) return placeFor(trx, to, { ...place, kind: "channel", type: "forum" });
  if (voiceTypes.has(type)) {
    await placeFor(trx, to, { ...place, kind: "voice", type: "voice" });
    if (!hasMessages) return null;
  }
  return placeFor(trx, to, { ...place, kind: "channel", type: "text" });
}

async function categoryOf(
  db: Db,
  to: Import,
  { categoryId, category }: { categoryId: string | null; category: string },
): Promise<number | null> {
  // Without a category the exporter writes the server's id, or none.
  if (categoryId === null || category === "") return null;
  return placeFor(db, to, { kind: "category", discordId: categoryId, name: category, type: "category" });
}

/** The channel that stands for that of Discord since an earlier run, or a new one; null when it is deleted, elsewhere, or too many. */
export async function placeFor(db: Db, to: Import, place: NewPlace): Promise<number | null> {
  const { server, report, now } = to;
  const { kind, discordId, type } = place;
  const before = (await importedItems(db, kind, [discordId])).get(discordId);
  if (before !== undefined) return (await isIn(db, server, before)) ? before : deleted(report, place.name);
  const { count, next } = await channelRoom(db, server.id);
  if (count >= limits.channelsPerServer) {
    report.lost("channels", place.name);
    return null;
  }
  const name = nameOf(place.name, limits.channelNameLength, discordId);
  const categoryId = place.categoryId ?? null;
  const { id } = await insertChannel(db, { serverId: server.id, name, type, position: next, categoryId, now });
  const topic = storable((place.topic ?? "").slice(0, limits.topicLength));
  if (topic !== "") await updateChannel(db, id, { name, topic, slow_mode_s: 0, category_id: categoryId });
  if (server.isShared) await hide(db, server, id);
  await noteItems(db, kind, server.id, [[discordId, id]]);
  report.made(madeOf[type] ?? "channels");
  return id;
}

const madeOf: Partial<Record<ChannelType, ImportMade>> = {
  category: "categories",
  text: "textChannels",
  voice: "voiceChannels",
  forum: "forums",
};

/** False for one that is deleted, and for one of another server: an export may hold the ids of any other. */
export async function isIn(db: Db, server: Pick<ServerPlace, "id">, channelId: number): Promise<boolean> {
  const row = await db.selectFrom("channels").where("id", "=", channelId).select("server_id").executeTakeFirst();
  return row?.server_id === server.id;
}

function deleted(report: DiscordReport, name: string): null {
  report.lost("goneChannels", name);
  return null;
}

async function hide(db: Db, { id: serverId, everyoneRoleId }: ServerPlace, channelId: number): Promise<void> {
  const deny = bitsOf("viewChannel");
  await putOverride(db, channelId, { type: "role", target_id: everyoneRoleId, allow: 0, deny });
  await refreshRestricted(db, serverId);
}
