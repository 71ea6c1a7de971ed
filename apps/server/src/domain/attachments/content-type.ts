const unknown = "application/octet-stream";

/** Types that browsers display without executing any of it. All other types are served as downloads. */
const shown: ReadonlySet<string> = new Set([
  "image/png",
  "image/jpeg",
  "image/gif",
  "image/webp",
  "image/avif",
  "audio/mpeg",
  "audio/ogg",
  "audio/wav",
  "audio/flac",
  "audio/aac",
  "audio/mp4",
  "audio/x-m4a",
  "audio/webm",
  "video/mp4",
  "video/webm",
  "video/ogg",
  "video/quicktime",
]);

/** Types that can carry scripts or render as a page; stored as plain bytes. */
const active = /html|xml|svg|script|x-shockwave|mhtml|multipart/;

export function isShown(contentType: string): boolean {
  return shown.has(contentType);
}

/**
 * The content type by the first bytes of the file; `application/octet-stream` when unknown or active. The declared type
 * counts only for plain text, which has no signature, and only when the bytes are valid UTF-8.
 */
export async function sniff(head: Uint8Array, declared: string): Promise<string> {
  const { fileTypeFromBuffer } = await import("file-type");
  const found = await fileTypeFromBuffer(head).catch(() => undefined);
  const mime = found?.mime.split(";")[0]!.trim().toLowerCase();
  if (mime === undefined) return declared.startsWith("text/plain") && isText(head) ? "text/plain" : unknown;
  return active.test(mime) ? unknown : mime;
}

function isText(head: Uint8Array): boolean {
  if (head.includes(0)) return false;
  try {
    // As a stream, because `head` may end in the middle of a character.
    new TextDecoder("utf-8", { fatal: true }).decode(head, { stream: true });
    return true;
  } catch {
    return false;
  }
}

/** Width and height in pixels of a displayable picture; undefined when they cannot be read. */
export async function pictureSize(
  head: Uint8Array,
  contentType: string,
): Promise<{ width: number; height: number } | undefined> {
  if (!contentType.startsWith("image/") || !isShown(contentType)) return undefined;
  const { imageSize } = await import("image-size");
  try {
    const { width, height, orientation = 1 } = imageSize(head);
    if (!(width > 0 && height > 0 && width <= 100_000 && height <= 100_000)) return undefined;
    // EXIF orientations from 5 on are rotated by 90 degrees.
    return orientation >= 5 ? { width: height, height: width } : { width, height };
  } catch {
    return undefined;
  }
}
