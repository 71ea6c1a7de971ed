import sharp, { type Metadata } from "sharp";
import { isQuickAvif } from "../attachments/picture/heif.ts";
import { hasManyScans } from "../attachments/picture/jpeg.ts";
import { hasManyFrames } from "../attachments/picture/webp.ts";
import type { EncodedPicture, PictureShape } from "./shape.ts";

/** Pixels of a picture, and of all pictures of an animation together. */
const maxPixels = 40_000_000;
const maxFrames = 150;
/** Of what is stored. Many people load it, beside many others: of noise the encoder makes four times what was uploaded. */
const maxStoredBytes = 3 * 1024 * 1024;

const readable: ReadonlySet<string | undefined> = new Set(["jpeg", "png", "webp", "gif", "heif"]);

// Formats that people upload; the others' readers, such as that of SVG, are never reached.
sharp.block({ operation: ["VipsForeignLoad"] });
sharp.unblock({
  operation: ["Jpeg", "Png", "Webp", "Nsgif", "Heif"].map((format) => `VipsForeignLoad${format}`),
});
sharp.cache(false);
sharp.concurrency(1);

/** Rejects for what is no picture. Resolves with null for one that is too large. */
export async function encodePicture(
  bytes: Uint8Array,
  { width, height, fit, isAnimated, frames = maxFrames }: PictureShape,
): Promise<EncodedPicture | null> {
  // Before the reader looks at it: it takes as long as it may to count them.
  if (hasManyFrames(bytes)) return null;
  const found = await sharp(bytes, { limitInputPixels: false }).metadata();
  if (!readable.has(found.format)) throw new Error(`${found.format} is not read.`);
  if (found.format === "jpeg" && hasManyScans(bytes)) return null;
  if (found.format === "heif" && !isQuickAvif(bytes)) return null;
  const pages = isAnimated ? (found.pages ?? 1) : 1;
  if (pages > frames || pixelsOf(found) * pages > maxPixels) return null;
  const { data, info } = await sharp(bytes, { pages, limitInputPixels: maxPixels, failOn: "error" })
    .autoOrient()
    .resize({ width, height, fit, withoutEnlargement: fit === "inside" })
    .webp({ quality: 82, effort: 3 })
    .toBuffer({ resolveWithObject: true });
  if (data.length > maxStoredBytes) return null;
  // Of an animation the encoder gives the height of all frames together.
  return { bytes: data, width: info.width, height: info.pageHeight ?? info.height };
}

function pixelsOf({ width, height, pageHeight }: Metadata): number {
  return width * (pageHeight ?? height);
}
