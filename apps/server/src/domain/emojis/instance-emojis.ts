import type { CustomEmoji } from "@miscord/protocol";
import {
  instanceEmojis,
  presentInstanceEmoji,
  storeInstanceEmojis,
  type InstanceEmoji,
} from "../../store/queries/instance-emojis.ts";
import { recordInInstance } from "../../store/queries/instance.ts";
import { deletePictures } from "../../store/queries/pictures.ts";
import { requireAdmin } from "../access.ts";
import { removeFiles } from "../attachments/remove-files.ts";
import type { Actor, DomainContext } from "../context.ts";
import { requireAdminCommand } from "../instance/settings.ts";
import { isAnimated } from "../pictures/is-animated.ts";
import { removePictures, storePicture } from "../pictures/store-picture.ts";
import { emojiId, nameTaken, noSuchEmoji, requireRoom, type EmojiKind } from "./kinds.ts";

type Context = Pick<DomainContext, "store" | "clock" | "rates" | "storage" | "settings" | "pictures" | "instance">;

/**
 * Makes an emoji or a sticker of the instance. Takes effect on this node at once and on the others within a second or two.
 * Throws `forbidden`, `factor_missing`, `invalid_request` (no picture, or the name is taken), `limit_reached` or `rate_limited`.
 */
export async function createInstanceEmoji(
  context: Context,
  actor: Actor,
  kind: EmojiKind,
  { name, aliases, bytes }: { name: string; aliases: readonly string[]; bytes: Uint8Array },
): Promise<CustomEmoji> {
  await requireAdminCommand(context, actor);
  // Before the work of the picture, and again with the emoji.
  requireRoom(kind, await instanceEmojis(context.store.db, kind.table), name);
  await context.rates.newEmojis.spend(actor.userId);
  const pictureId = await storePicture(context, bytes, kind.shape);
  try {
    const animated = await isAnimated(context, pictureId);
    const emoji = { id: emojiId(), name, aliases: [...aliases], animated, picture_id: pictureId };
    await change(context, actor, kind, (all) => {
      requireRoom(kind, all, name);
      return { all: [...all, emoji], before: null, after: emoji };
    });
    return presentInstanceEmoji(emoji);
  } catch (error) {
    await removePictures(context, [pictureId]);
    throw error;
  }
}

/** Throws `forbidden`, `factor_missing`, `not_found`, `invalid_request` (the name is taken) or `rate_limited`. */
export async function changeInstanceEmoji(
  context: Context,
  actor: Actor,
  kind: EmojiKind,
  { id, name, aliases }: { id: number; name?: string | undefined; aliases?: readonly string[] | undefined },
): Promise<CustomEmoji> {
  await requireAdminCommand(context, actor);
  const { after } = await change(context, actor, kind, (all) => {
    const before = emojiIn(kind, all, id);
    const next = { ...before, name: name ?? before.name, aliases: [...(aliases ?? before.aliases)] };
    const others = all.filter((one) => one !== before);
    if (others.some((one) => one.name === next.name)) throw nameTaken(kind);
    return { all: [...others, next], before, after: next };
  });
  return presentInstanceEmoji(after!);
}

/** Throws `forbidden`, `factor_missing`, `not_found` or `rate_limited`. */
export async function deleteInstanceEmoji(context: Context, actor: Actor, kind: EmojiKind, id: number): Promise<void> {
  await requireAdminCommand(context, actor);
  const { before } = await change(context, actor, kind, (all) => {
    const removed = emojiIn(kind, all, id);
    return { all: all.filter((one) => one !== removed), before: removed, after: null };
  });
  await removeFiles(context, [before!.picture_id]);
}

interface Change {
  all: readonly InstanceEmoji[];
  before: InstanceEmoji | null;
  after: InstanceEmoji | null;
}

async function change(
  { store, clock, instance }: Context,
  actor: Actor,
  kind: EmojiKind,
  edit: (all: InstanceEmoji[]) => Change,
): Promise<Change> {
  const done = await store.db.transaction().execute(async (db) => {
    // The work of a picture takes long enough for the right to end.
    await requireAdmin({ store: { db } }, actor);
    const edited = edit(await instanceEmojis(db, kind.table));
    await storeInstanceEmojis(db, kind.table, edited.all);
    if (edited.before && !edited.after) await deletePictures(db, [edited.before.picture_id]);
    const changes = [{ field: kind.table, before: edited.before?.name ?? null, after: edited.after?.name ?? null }];
    await recordInInstance(db, { actorId: actor.userId, action: "emojis_update", changes, at: clock.now() });
    return edited;
  });
  await instance.refresh();
  return done;
}

function emojiIn(kind: EmojiKind, all: readonly InstanceEmoji[], id: number): InstanceEmoji {
  const emoji = all.find((one) => one.id === id);
  if (!emoji) throw noSuchEmoji(kind);
  return emoji;
}

/** The picture of an emoji or a sticker of the instance. Throws `not_found`. */
export async function instancePicture({ store }: Pick<Context, "store">, kind: EmojiKind, id: number): Promise<string> {
  const emoji = (await instanceEmojis(store.db, kind.table)).find((one) => one.id === id);
  if (!emoji) throw noSuchEmoji(kind);
  return emoji.picture_id;
}
