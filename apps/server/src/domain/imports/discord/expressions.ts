import { limits, type Sticker } from "@miscord/protocol";
import { cleanName } from "@miscord/text";
import type { Kysely } from "kysely";
import { AppError } from "../../../errors.ts";
import type { DiscordKind } from "../../../store/discord-tables.ts";
import type { EmojiRow } from "../../../store/emoji-tables.ts";
import { importedItems, noteItems } from "../../../store/queries/discord.ts";
import { emojiById, emojisOfServers, insertEmoji } from "../../../store/queries/emojis.ts";
import type { Tables } from "../../../store/schema.ts";
import type { DomainContext } from "../../context.ts";
import { emojiId, emojiKind, stickerKind, type EmojiKind } from "../../emojis/kinds.ts";
import { isAnimated } from "../../pictures/is-animated.ts";
import { removePictures, storePicture } from "../../pictures/store-picture.ts";
import type { Import, KnownExpressions } from "./channel-place.ts";
import type { ExportSource } from "./export-source.ts";
import type { ExportedEmoji, ExportedMessage, ExportedSticker } from "./format.ts";
import { customEmoji } from "./message-text.ts";

/** What pictures are encoded and stored with. */
export type PictureContext = Pick<DomainContext, "store" | "storage" | "clock" | "settings" | "pictures">;

/** Of one picture, as people upload them. */
const maxPictureBytes = 8 * 1024 * 1024;
const idOfDiscord = /^\d{1,20}$/;
/** Those without a place that are remembered, in a note that each step writes anew. Further ones are reported with each message. */
const leftAtMost = 5_000;

interface Kind {
  item: DiscordKind & ("emoji" | "sticker");
  of: EmojiKind;
  made: "emojis" | "stickers";
  noPicture: "noEmojiPicture" | "noStickerPicture";
  nameOf: (name: string) => string;
}

const emojis: Kind = {
  item: "emoji",
  of: emojiKind,
  made: "emojis",
  noPicture: "noEmojiPicture",
  nameOf: (name) => name.replaceAll(/\W/g, "_"),
};
const stickers: Kind = {
  item: "sticker",
  of: stickerKind,
  made: "stickers",
  noPicture: "noStickerPicture",
  nameOf: (name) => cleanName(name.replaceAll(/[^\p{L}\p{M}\p{N} '’!?-]+/gu, " ")),
};

interface Wanted {
  id: string;
  name: string;
  /** Name of the picture in the export; empty: it names none. */
  picture: string;
}

/**
 * Emoji and stickers of an export, which become those of the server with the first message that shows them. What an earlier run
 * has imported stays as it is, and what was deleted here since then stays deleted.
 */
export class Expressions implements KnownExpressions {
  readonly #context: PictureContext;
  readonly #to: Import;
  readonly #source: ExportSource;
  readonly #known = { emoji: new Map<string, Sticker | null>(), sticker: new Map<string, Sticker | null>() };
  /** Those that have no place, by kind and id: each is tried and reported once, by a run that goes on too. */
  readonly left: Set<string>;

  constructor(context: PictureContext, to: Import, source: ExportSource, left: Iterable<string> = []) {
    this.#context = context;
    this.#to = to;
    this.#source = source;
    this.left = new Set(left);
  }

  emoji(id: string): Sticker | null {
    return this.#known.emoji.get(id) ?? null;
  }

  sticker(id: string): Sticker | null {
    return this.#known.sticker.get(id) ?? null;
  }

  /** Makes those that these messages of the file show, before they are imported. */
  async prepare(file: string, messages: readonly ExportedMessage[]): Promise<void> {
    await this.#prepare(emojis, file, byId(messages.flatMap(emojisIn)));
    const shown = messages.flatMap((message) => [...message.stickers, ...(message.forwardedMessage?.stickers ?? [])]);
    const usable = shown.filter((sticker) => idOfDiscord.test(sticker.id) && !this.#isVector(sticker));
    const wanted = usable.map(({ id, name, sourceUrl: picture }) => ({ id, name, picture }));
    await this.#prepare(stickers, file, byId(wanted));
  }

  async #prepare(kind: Kind, file: string, wanted: ReadonlyMap<string, Wanted>): Promise<void> {
    const known = this.#known[kind.item];
    const ids = [...wanted.keys()].filter((id) => !known.has(id) && !this.left.has(keyOf(kind, id)));
    const items = await importedItems(this.#to.db, kind.item, ids);
    for (const id of ids) {
      const local = items.get(id);
      const row = local === undefined ? await this.#make(kind, file, wanted.get(id)!) : await this.#still(kind, local);
      if (row) known.set(id, { id: row.id, name: row.name, animated: row.animated === 1 });
      // One that only a text names may have its picture with a later message.
      else if (local !== undefined) known.set(id, null);
    }
  }

  async #still(kind: Kind, id: number): Promise<EmojiRow | undefined> {
    const row = await emojiById(this.#to.db, kind.of.table, id);
    return row?.server_id === this.#to.server.id ? row : undefined;
  }

  async #make(kind: Kind, file: string, wanted: Wanted): Promise<EmojiRow | null> {
    const { report, server, db } = this.#to;
    if (wanted.picture === "") return null;
    const found = await this.#source.find(file, wanted.picture);
    if (!found) return this.#leave(kind, wanted, kind.noPicture);
    const present = await emojisOfServers(db, kind.of.table, [server.id]);
    if (present.length >= kind.of.most) return this.#leave(kind, wanted, kind.made);
    const pictureId = found.size > maxPictureBytes ? null : await this.#picture(kind, found.path);
    if (pictureId === null) return this.#leave(kind, wanted, "unreadablePictures");
    const animated = (await isAnimated(this.#context, pictureId)) ? 1 : 0;
    const row = {
      id: emojiId(),
      server_id: server.id,
      ...namesFor(kind, wanted.name, new Set(present.map(({ name }) => name))),
      picture_id: pictureId,
      animated,
      created_at: this.#to.now,
    };
    const isMade = await db.transaction().execute((trx) => this.#insert(trx, kind, wanted, row));
    if (isMade) return row;
    // Somebody has taken the name meanwhile: it is tried again with the next message that shows it.
    await removePictures(this.#context, [pictureId]);
    report.lost(kind.made, wanted.name);
    return null;
  }

  async #insert(trx: Kysely<Tables>, kind: Kind, { id }: Wanted, row: EmojiRow): Promise<boolean> {
    if (!(await insertEmoji(trx, kind.of.table, row))) return false;
    await noteItems(trx, kind.item, row.server_id, [[id, row.id]]);
    this.#to.report.made(kind.made);
    await this.#to.note?.(trx);
    return true;
  }

  /** Null: it is no picture that can be read. */
  async #picture(kind: Kind, path: string): Promise<string | null> {
    const chunks: Buffer[] = [];
    for await (const chunk of await this.#source.open(path)) chunks.push(chunk as Buffer);
    try {
      return await storePicture(this.#context, Buffer.concat(chunks), kind.of.shape);
    } catch (error) {
      if (error instanceof AppError && error.code === "invalid_request") return null;
      throw error;
    }
  }

  #isVector({ id, name, format, sourceUrl }: ExportedSticker): boolean {
    const isVector = /^lottie$/i.test(format) || /\.json$/i.test(sourceUrl);
    if (isVector && !this.left.has(keyOf(stickers, id))) this.#leave(stickers, { id, name }, "vectorStickers");
    return isVector;
  }

  #leave(kind: Kind, { id, name }: Omit<Wanted, "picture">, why: Parameters<Import["report"]["lost"]>[0]): null {
    if (this.left.size < leftAtMost) this.left.add(keyOf(kind, id));
    this.#to.report.lost(why, name);
    return null;
  }
}

const keyOf = ({ item }: Kind, id: string) => `${item}:${id}`;

/** Each once, with a picture if any names one. */
function byId(all: readonly Wanted[]): Map<string, Wanted> {
  const found = new Map<string, Wanted>();
  for (const one of all) if (!found.get(one.id)?.picture) found.set(one.id, one);
  return found;
}

/** With the pictures that messages and reactions name; a text alone names none. */
function emojisIn({ content, inlineEmojis, reactions, forwardedMessage }: ExportedMessage): Wanted[] {
  const named = (text: string) =>
    [...text.matchAll(customEmoji)].map(([, name = "", id = ""]) => ({ id, name, picture: "" }));
  const shown = (emoji: ExportedEmoji) => ({ id: emoji.id, name: emoji.name, picture: emoji.imageUrl });
  return [
    ...named(content),
    ...named(forwardedMessage?.content ?? ""),
    ...[...inlineEmojis, ...(forwardedMessage?.inlineEmojis ?? []), ...reactions.map(({ emoji }) => emoji)].map(shown),
  ].filter(({ id }) => idOfDiscord.test(id));
}

/** A name that is taken gets a number; the one in Discord is then an alias, by which it is found. */
function namesFor(
  { item, nameOf }: Kind,
  given: string,
  taken: ReadonlySet<string>,
): Pick<EmojiRow, "name" | "aliases"> {
  const wanted = nameOf(given).slice(0, limits.emojiNameLength).trim();
  const base = wanted.length >= limits.emojiNameMin ? wanted : `${item}${wanted}`;
  let name = base;
  const separator = item === "emoji" ? "_" : " ";
  for (let number = 2; taken.has(name); number += 1) {
    const ending = `${separator}${number}`;
    name = `${base.slice(0, limits.emojiNameLength - ending.length).trim()}${ending}`;
  }
  return { name, aliases: JSON.stringify(name === base ? [] : [base]) };
}
