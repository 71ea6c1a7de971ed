import type { Attachment } from "@miscord/protocol";

const maxWidth = 420;
const maxHeight = 320;

/** Size in CSS pixels of a picture in a message, known before it loads; null when it is no picture of known size. */
export function boxOf(attachment: Attachment): { width: number; height: number } | null {
  const { width, height } = attachment;
  if (!isImage(attachment) || !width || !height) return null;
  const scale = Math.min(1, maxWidth / width, maxHeight / height);
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) };
}

/** Whether the browser may show the file in the page. All other types, SVG above all, are downloads. */
export function isImage({ content_type }: Attachment): boolean {
  return /^image\/(?:png|jpe?g|gif|webp|avif|bmp)$/.test(content_type);
}
