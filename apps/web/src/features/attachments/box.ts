import type { Attachment } from "@miscord/protocol";

const maxWidth = 420;
const maxHeight = 320;
/** A smaller picture could hardly be pressed; it is not enlarged, the place around it is. */
const minSide = 24;
/** Between the tiles of a grid. */
const gap = 4;

/** The place of a picture in a message, known before it loads; null for files that are not shown as pictures. */
export function boxOf(attachment: Attachment): { width: number; height: number } | null {
  const { width, height } = attachment;
  if (!isImage(attachment) || !width || !height) return null;
  const scale = Math.min(1, maxWidth / width, maxHeight / height);
  return { width: Math.max(minSide, Math.round(width * scale)), height: Math.max(minSide, Math.round(height * scale)) };
}

/**
 * What the page shows as a picture: of these types, and measured by the server, which measures only what browsers can
 * decode without harm. Anything else, SVG above all, is a download.
 */
export function isImage({ content_type, width, height }: Attachment): boolean {
  return /^image\/(?:a?png|jpe?g|gif|webp|avif)$/.test(content_type) && Boolean(width && height);
}

export interface PictureGrid {
  columns: number;
  /** Of all tiles together. */
  width: number;
  height: number;
}

/** Several pictures of one message as square tiles: two or four by twos, others by threes. */
export function gridOf(count: number): PictureGrid {
  const columns = count === 2 || count === 4 ? 2 : 3;
  const tile = (maxWidth - gap * (columns - 1)) / columns;
  const rows = Math.ceil(count / columns);
  return { columns, width: maxWidth, height: Math.round(rows * tile + (rows - 1) * gap) };
}

/** About the height that these files take in a message. */
export function attachmentsHeight(attachments: readonly Attachment[]): number {
  return attachments.reduce((sum, attachment) => sum + fileHeight(attachment), picturesHeight(attachments));
}

function fileHeight(attachment: Attachment): number {
  if (isImage(attachment)) return 0;
  return attachment.content_type.startsWith("video/") ? 308 : 68;
}

/** The height that the pictures among these files take in a message. */
export function picturesHeight(attachments: readonly Attachment[]): number {
  const boxes = attachments.flatMap((attachment) => boxOf(attachment) ?? []);
  const [first] = boxes;
  if (!first) return 0;
  return 8 + (boxes.length === 1 ? first.height : gridOf(boxes.length).height);
}
