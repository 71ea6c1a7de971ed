/** A file that is only ever downloaded. */
export const unknownType = "application/octet-stream";

/** Types that browsers display without executing any of it. All other types are served as downloads. */
const shown: ReadonlySet<string> = new Set([
  "image/png",
  "image/apng",
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

export function isShown(contentType: string): boolean {
  return shown.has(contentType);
}

/** Sound that browsers play. */
export function isSound(contentType: string): boolean {
  return contentType.startsWith("audio/") && isShown(contentType);
}
