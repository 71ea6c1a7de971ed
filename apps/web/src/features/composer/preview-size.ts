import { limits } from "@miscord/protocol";

/** Formats state their size near the beginning; in a photo a thumbnail and a profile may stand before it. */
const headBytes = 256 * 1024;
const previewed: ReadonlySet<string> = new Set(["gif", "jpg", "png", "webp"]);

/**
 * Whether the browser may decode this file for a preview: its size is read from its first bytes, and is neither unknown
 * nor beyond the limit. Other formats have no preview.
 */
export async function isPreviewable(file: File): Promise<boolean> {
  if (!file.type.startsWith("image/")) return false;
  const { disableTypes, imageSize, types } = await import("image-size");
  disableTypes(types.filter((type) => !previewed.has(type)));
  try {
    const { width, height } = imageSize(new Uint8Array(await file.slice(0, headBytes).arrayBuffer()));
    const { pictureSide, picturePixels } = limits;
    return width <= pictureSide && height <= pictureSide && width * height <= picturePixels;
  } catch {
    return false;
  }
}
