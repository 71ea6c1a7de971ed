import { gifLimits, pictureUrl, type Attachment, type FavouriteGif } from "@miscord/protocol";
import { AppError } from "../../errors.ts";
import * as queries from "../../store/queries/favourite-gifs.ts";
import { pictureById } from "../../store/queries/pictures.ts";
import { readAttachment } from "../attachments/read-attachment.ts";
import { removeFiles } from "../attachments/remove-files.ts";
import type { Actor, DomainContext } from "../context.ts";
import { visibleMessage } from "../messages/visible-message.ts";
import { removePictures, storePicture } from "../pictures/store-picture.ts";
import { publish } from "../publish.ts";
import { gifShape, maxGifBytes, withGif } from "./encode-gif.ts";
import { openFound } from "./search-gifs.ts";
import { uploadGif } from "./upload-gif.ts";

type Context = Pick<
  DomainContext,
  "store" | "bus" | "clock" | "rates" | "storage" | "settings" | "pictures" | "gifs" | "gifSeals"
>;

/** What becomes a favourite, as a client names it. */
export type NewGif = { attachment_id: number } | { message_id: number; picture_url: string } | { found: string };

/** Where it is, for whoever may see it. */
interface Origin {
  source: string;
  title: string;
  credit: string | null;
  read: () => Promise<Buffer>;
}

/** The GIFs that the actor keeps, the latest first. */
export async function listGifs({ store }: Pick<Context, "store">, { userId }: Actor): Promise<FavouriteGif[]> {
  return (await queries.favouritesOf(store.db, userId)).map(queries.presentFavourite);
}

/**
 * Keeps a copy of an animated picture that the actor sees in a message, or of one that a search has found; it stays when that goes.
 * One that is kept already is answered with. Throws `not_found`, `invalid_request` (it does not move, or is too large),
 * `limit_reached`, `storage_full`, `unavailable` or `rate_limited`.
 */
export async function addGif(context: Context, actor: Actor, wanted: NewGif): Promise<FavouriteGif> {
  const { store, clock, rates } = context;
  const { userId } = actor;
  const { source, title, credit, read } = await originOf(context, actor, wanted);
  const known = await queries.favouriteBySource(store.db, userId, source);
  if (known) return queries.presentFavourite(known);
  // Before the work of the picture, and again with its row.
  await requirePlace(store.db, userId, 0);
  await rates.newGifs.spend(userId);
  const pictureId = await withGif(userId, read, (bytes) => storePicture(context, bytes, gifShape));
  const row = { user_id: userId, source, picture_id: pictureId, title, credit, created_at: clock.now() };
  let id: number | undefined;
  try {
    id = await store.db.transaction().execute(async (db) => {
      await queries.lockFavourites(db, userId);
      await requirePlace(db, userId, (await pictureById(db, pictureId))?.bytes ?? 0);
      return queries.insertFavourite(db, row);
    });
  } catch (error) {
    await removePictures(context, [pictureId]);
    throw error;
  }
  // Another device has kept it meanwhile.
  if (id === undefined) await removePictures(context, [pictureId]);
  const kept = await queries.favouriteBySource(store.db, userId, source);
  if (!kept) throw absent();
  const gif = queries.presentFavourite(kept);
  if (id !== undefined) publish(context, `user:${userId}`, { type: "favourite_gif_added", gif });
  return gif;
}

/** Throws `not_found` or `rate_limited`. */
export async function removeGif(context: Context, { userId }: Actor, id: number): Promise<void> {
  await context.rates.changes.spend(userId);
  const picture = await context.store.db.transaction().execute((db) => queries.deleteFavourite(db, userId, id));
  if (picture === undefined) throw absent();
  await removeFiles(context, [picture]);
  publish(context, `user:${userId}`, { type: "favourite_gif_removed", gif_id: id });
}

/** An upload of the actor's with the same picture. Throws as `uploadAttachment`, `not_found` and `rate_limited`. */
export async function uploadFavourite(
  context: Context & Parameters<typeof uploadGif>[0],
  actor: Actor,
  id: number,
): Promise<Attachment> {
  // A copy that takes whoever asks for it nothing, as of a forwarded file.
  await context.rates.changes.spend(actor.userId);
  const gif = await queries.favouriteById(context.store.db, actor.userId, id);
  if (!gif) throw absent();
  const { title, credit, bytes: size, picture_id: key } = gif;
  return uploadGif(context, actor, { title, credit, size, read: () => context.storage.read(key) });
}

function originOf(context: Context, actor: Actor, wanted: NewGif): Promise<Origin> {
  if ("attachment_id" in wanted) return ofAttachment(context, actor, wanted.attachment_id);
  if ("found" in wanted) return ofSearch(context, wanted.found);
  return ofPreview(context, actor, wanted);
}

async function ofAttachment(context: Context, actor: Actor, id: number): Promise<Origin> {
  const { filename, size, animated, credit, storage_key: key } = await readAttachment(context, actor, id);
  if (animated !== 1) throw notMoving();
  if (size > maxGifBytes) throw new AppError("invalid_request", "The picture is too large.");
  const title = filename
    .replace(/\.[^.]{1,16}$/, "")
    .slice(0, gifLimits.titleLength)
    .toWellFormed();
  return { source: `attachment:${id}`, title, credit, read: () => readWhole(context, key) };
}

async function ofPreview(
  context: Context,
  actor: Actor,
  { message_id: messageId, picture_url: url }: { message_id: number; picture_url: string },
): Promise<Origin> {
  await context.rates.files.spend(actor.userId);
  const { embeds = [] } = await visibleMessage(context, actor, messageId);
  const embed = embeds.find(({ kind, image }) => kind === "link" && image?.url === url);
  if (!embed) throw absent();
  if (!embed.image?.animated) throw notMoving();
  const id = url.slice(pictureUrl("").length);
  const title = (embed.title ?? embed.author?.name ?? "").slice(0, gifLimits.titleLength).toWellFormed();
  return { source: `picture:${id}`, title, credit: null, read: () => readWhole(context, id) };
}

async function ofSearch(context: Context, found: string): Promise<Origin> {
  const { source, title, credit, whole } = await openFound(context, found);
  return { source, title, credit, read: () => context.gifs!.read(whole) };
}

async function readWhole({ storage }: Context, key: string): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of await storage.read(key)) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

/** Throws `limit_reached` unless the user may keep one more, of so many bytes. */
async function requirePlace(
  db: Parameters<typeof queries.favouritesTaken>[0],
  userId: number,
  more: number,
): Promise<void> {
  const { count, bytes } = await queries.favouritesTaken(db, userId);
  if (count < gifLimits.favourites && bytes + more <= gifLimits.bytes) return;
  throw new AppError("limit_reached", `At most ${gifLimits.favourites} GIFs can be kept, of 100 MB together.`);
}

function notMoving(): AppError {
  return new AppError("invalid_request", "This picture does not move.");
}

function absent(): AppError {
  return new AppError("not_found", "There is no such GIF.");
}
