import type { Attachment } from "@miscord/protocol";
import { isImage, picturesHeight } from "../attachments/box.ts";
import type { Row } from "./rows.ts";

const linePx = 22;
/** What an empty line leaves between two blocks. */
const gapPx = 12;
const characterPx = 7.6;

/**
 * About how high a row will be before it is drawn. The nearer, the less the scrollbar moves while one scrolls through
 * messages that were never on the screen.
 */
export function estimateRowPx(row: Row, widthPx: number): number {
  const { content, ...shown } = row.kind === "message" ? row.message : row.outgoing;
  const attachments: readonly Attachment[] = shown.attachments;
  const perLine = Math.max(20, Math.floor((widthPx - 100) / characterPx));
  const textPx = content
    ? content.split("\n").reduce((sum, line) => sum + (Math.ceil(line.length / perLine) * linePx || gapPx), 0)
    : 0;
  const reply = row.kind === "message" ? row.message.reply_to : row.outgoing.replyTo;
  return (
    4 +
    textPx +
    (row.startsGroup ? 40 : 0) +
    (row.startsDay || (row.kind === "message" && row.line) ? 36 : 0) +
    (reply ? 24 : 0) +
    (row.kind === "message" && row.message.reactions.length > 0 ? 34 : 0) +
    picturesHeight(attachments) +
    attachments.reduce((sum, attachment) => sum + attachmentPx(attachment), 0)
  );
}

function attachmentPx(attachment: Attachment): number {
  if (isImage(attachment)) return 0;
  return attachment.content_type.startsWith("video/") ? 308 : 68;
}
