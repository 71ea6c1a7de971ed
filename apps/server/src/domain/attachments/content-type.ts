const unknown = "application/octet-stream";

/** What browsers show without running any of it. Everything else is only ever downloaded. */
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

/** Carries scripts, or becomes a page by itself. */
const active = /html|xml|svg|script|x-shockwave|mhtml|multipart/;

export function isShown(contentType: string): boolean {
  return shown.has(contentType);
}

/**
 * What a file is by its first bytes. What the uploader calls it counts only for plain text, which has no mark of its
 * own, and only when it reads as text.
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
    // A stream: the last character may have been cut in two.
    new TextDecoder("utf-8", { fatal: true }).decode(head, { stream: true });
    return true;
  } catch {
    return false;
  }
}

/** Pixels of a picture that browsers show; undefined when they cannot be told. */
export async function pictureSize(
  head: Uint8Array,
  contentType: string,
): Promise<{ width: number; height: number } | undefined> {
  if (!contentType.startsWith("image/") || !isShown(contentType)) return undefined;
  const { imageSize } = await import("image-size");
  try {
    const { width, height, orientation = 1 } = imageSize(head);
    if (!(width > 0 && height > 0 && width <= 100_000 && height <= 100_000)) return undefined;
    // Cameras turn the picture by a note: from 5 on it lies on its side.
    return orientation >= 5 ? { width: height, height: width } : { width, height };
  } catch {
    return undefined;
  }
}
