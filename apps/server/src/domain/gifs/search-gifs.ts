import { gifLimits, type Attachment, type FoundGif, type FoundGifs, type Locale } from "@miscord/protocol";
import { cleanName } from "@miscord/text";
import { AppError } from "../../errors.ts";
import { firstFrameOf } from "../attachments/picture/first-frame.ts";
import type { Actor, DomainContext } from "../context.ts";
import type { GifProvider, ServiceGif } from "../ports.ts";
import { encodeGif } from "./encode-gif.ts";
import { uploadGif } from "./upload-gif.ts";

type Context = Pick<DomainContext, "rates" | "gifs" | "gifSeals">;

/** What stands in the address of a small picture: the addresses of the service. */
interface SealedPreview {
  preview: string;
  still: string | null;
}

/** A GIF that a search has found, as the browser gives it back. */
export interface SealedGif {
  source: string;
  title: string;
  credit: string;
  whole: string;
}

/** Addresses are for routers too: what is longer than they take is left out. */
const maxPreviewSeal = 1_300;
/** Types of small pictures, by their bytes. */
const previewTypes: ReadonlySet<string> = new Set(["image/gif", "image/webp", "image/png", "image/jpeg"]);

/**
 * GIFs of the service that the operator has chosen. Who asks is not told to the service, and what was asked is kept nowhere but in
 * the memory of this node, for some minutes. Throws `not_found` without a service, `rate_limited` or `unavailable`.
 */
export async function searchGifs(
  context: Context,
  { userId }: Actor,
  { query, next, locale }: { query: string; next?: string | undefined; locale: Locale },
): Promise<FoundGifs> {
  const provider = required(context);
  await context.rates.gifSearches.spend(userId);
  const words = query.toWellFormed().replace(/\s+/gu, " ").trim().toLowerCase();
  const page = await provider.search({ query: words, next: next ?? null, locale });
  return { gifs: page.gifs.flatMap((gif) => present(context, provider, gif) ?? []), next: page.next };
}

function present({ gifSeals }: Context, { id, name }: GifProvider, gif: ServiceGif): FoundGif | null {
  const { width, height, preview, still, whole } = gif;
  const title = cleanName(gif.title).trim().slice(0, gifLimits.titleLength).toWellFormed();
  const source = `${id}:${gif.id}`;
  const address = gifSeals.seal({ preview, still } satisfies SealedPreview);
  const found = gifSeals.seal({ source, title, credit: name, whole } satisfies SealedGif);
  if (address.length > maxPreviewSeal || found.length > gifLimits.sealLength) return null;
  return { source, url: `/api/gifs/${address}`, width, height, title, found };
}

/** A small picture of a GIF that was found, as the service sent it, or its first frame. Throws `not_found` or `unavailable`. */
export async function foundPicture(
  context: Context,
  sealed: string,
  isStill: boolean,
): Promise<{ bytes: Buffer; contentType: string }> {
  const provider = required(context);
  const opened = (await context.gifSeals.open(sealed)) as Partial<SealedPreview> | null;
  if (typeof opened?.preview !== "string") throw absent();
  const bytes = await provider.read(isStill ? (opened.still ?? opened.preview) : opened.preview);
  // Loaded with the first picture: it knows the marks of hundreds of types.
  const { sniff } = await import("../attachments/sniff.ts");
  const contentType = await sniff(bytes, "");
  if (!previewTypes.has(contentType)) throw absent();
  // Not every service has first frames of its own.
  return { bytes: (isStill && firstFrameOf(bytes, contentType)) || bytes, contentType };
}

/** An upload of the actor's, of a GIF that a search has found. Throws as `uploadAttachment`, and `not_found` or `unavailable`. */
export async function uploadFound(
  context: Context & Parameters<typeof encodeGif>[0] & Parameters<typeof uploadGif>[0],
  actor: Actor,
  sealed: string,
): Promise<Attachment> {
  const { title, credit, whole } = await openFound(context, sealed);
  await context.rates.newGifs.spend(actor.userId);
  const { bytes } = await encodeGif(context, actor.userId, () => required(context).read(whole));
  return uploadGif(context, actor, { title, credit, size: bytes.length, read: async () => bytes });
}

/** Throws `not_found` for what this instance has not sealed, and what has expired. */
export async function openFound(context: Context, sealed: string): Promise<SealedGif> {
  required(context);
  const opened = (await context.gifSeals.open(sealed)) as Partial<SealedGif> | null;
  if (typeof opened?.whole !== "string") throw absent();
  return opened as SealedGif;
}

function required({ gifs }: Context): GifProvider {
  if (!gifs) throw new AppError("not_found", "This instance searches no GIFs.");
  return gifs;
}

function absent(): AppError {
  return new AppError("not_found", "There is no such GIF.");
}
