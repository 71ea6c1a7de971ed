import { z } from "zod";
import { gifLimits } from "./gif-limits.ts";
import { id, locale } from "./model.ts";

const size = { width: z.number().int().positive(), height: z.number().int().positive() };

/** A GIF that a person keeps: a copy of this instance, whatever becomes of the message or the service where it was found. */
export const favouriteGif = z.object({
  id,
  /** Of the picture on this instance. */
  url: z.string(),
  ...size,
  title: z.string(),
  /** Where it was found, as its person may know it: nothing is kept twice. */
  source: z.string(),
  /** The service that it comes from, which wants to be named. */
  credit: z.string().optional(),
});
/** The latest first. */
export const favouriteGifs = z.object({ gifs: z.array(favouriteGif) });

/** What a search has found, sealed by the server: addresses of the service stay between the two. */
const sealed = z.string().min(1).max(gifLimits.sealLength);

/** An animated picture of a message that the person sees, that of a preview in it, or one that a search has found. */
export const newGifBody = z.union([
  z.strictObject({ attachment_id: id }),
  z.strictObject({ message_id: id, picture_url: z.string().max(100) }),
  z.strictObject({ found: sealed }),
]);
export const gifUploadBody = z.object({ found: sealed });

/** An empty query asks for what is popular now. `next`: from the answer before. */
export const gifSearchBody = z.object({
  query: z.string().max(gifLimits.queryLength).default(""),
  next: z.string().min(1).max(200).optional(),
  locale: locale.default("en"),
});
export const foundGif = z.object({
  /** What a favourite that was made of it has as its `source`. */
  source: z.string(),
  /** A small moving picture, through this instance. */
  url: z.string(),
  ...size,
  title: z.string(),
  found: sealed,
});
export const foundGifs = z.object({ gifs: z.array(foundGif), next: z.string().nullable() });

export type FavouriteGif = z.infer<typeof favouriteGif>;
export type FavouriteGifs = z.infer<typeof favouriteGifs>;
export type NewGifBody = z.input<typeof newGifBody>;
export type GifSearchBody = z.input<typeof gifSearchBody>;
export type FoundGif = z.infer<typeof foundGif>;
export type FoundGifs = z.infer<typeof foundGifs>;
