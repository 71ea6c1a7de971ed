import { limits } from "@miscord/protocol";
import { type CleanPicture } from "./clean-picture.ts";
import { cleanGif } from "./gif.ts";
import { cleanHeif } from "./heif.ts";
import { cleanJpeg } from "./jpeg.ts";
import { cleanPng } from "./png.ts";
import { cleanWebp } from "./webp.ts";

export interface InspectedPicture extends CleanPicture {
  readonly contentType: string;
}

/** Whether this can clean pictures of the type. Other types of pictures are downloads. */
export function isCleanable(contentType: string): boolean {
  return cleaners.has(contentType);
}

/**
 * The picture without its metadata and its size. Null when it is more than browsers should decode. Throws when
 * it cannot be read; what is thrown is of any kind, since a read beyond the end throws too.
 */
export function inspectPicture(bytes: Buffer, contentType: string): InspectedPicture | null {
  const picture = cleaners.get(contentType)!(bytes);
  const sizes = [picture, ...(picture.inner ?? [])];
  return picture.isQuick !== false && sizes.every(isWithinLimits) ? { contentType, ...picture } : null;
}

type Cleaner = (bytes: Buffer) => CleanPicture & {
  contentType?: string;
  inner?: readonly { width: number; height: number }[];
  isQuick?: boolean;
};

const png: Cleaner = (bytes) => {
  const picture = cleanPng(bytes);
  return { ...picture, contentType: picture.isAnimated ? "image/apng" : "image/png" };
};

/** Browsers show none of them but those that are AVIFs as well. */
const heic: Cleaner = (bytes) => {
  const { isAvif, isQuick, ...picture } = cleanHeif(bytes);
  return { ...picture, isQuick: isQuick || !isAvif };
};

const cleaners: ReadonlyMap<string, Cleaner> = new Map<string, Cleaner>([
  ["image/jpeg", cleanJpeg],
  ["image/png", png],
  ["image/apng", png],
  ["image/gif", cleanGif],
  ["image/webp", cleanWebp],
  ["image/avif", cleanHeif],
  ["image/heic", heic],
  ["image/heif", heic],
  ["image/heic-sequence", heic],
  ["image/heif-sequence", heic],
]);

function isWithinLimits({ width, height }: { width: number; height: number }): boolean {
  const fits = (side: number) => side > 0 && side <= limits.pictureSide;
  return fits(width) && fits(height) && width * height <= limits.picturePixels;
}
