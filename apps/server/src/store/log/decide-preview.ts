import type { Embed } from "@miscord/protocol";
import { checkDeleteMessage } from "@miscord/rights";
import type { LogOutcome, PreviewCommand, RemovePreviewsCommand } from "../contract.ts";
import { webhookParts } from "../present-message.ts";
import { previewedBy, previewsOf, removedPreviews } from "../previews-column.ts";
import type { MessageRow } from "../schema.ts";
import type { ChannelFacts } from "./transaction.ts";
import type { LogBatch } from "./log-batch.ts";
import { committed, noSuchMessage, refusalOf } from "./outcome.ts";
import { storableJson } from "./text.ts";

/**
 * Changes nothing of a message whose text has become another one since, or whose previews somebody has removed. Pictures that its embeds
 * do not name any more are left out.
 */
export function decidePreview(batch: LogBatch, { messageId, content, previews }: PreviewCommand): LogOutcome {
  const row = batch.message(messageId);
  const channel = row && batch.channel(row.channel_id);
  if (!channel || row.deleted_at !== null) return noSuchMessage;
  if (row.content !== content || row.previews === removedPreviews) return committed(channel);
  const wanted = previewedBy(content, webhookParts(row)?.embeds ?? []);
  const shown = previews.filter(({ url }) => wanted.includes(url ?? ""));
  return shown.length === 0 ? committed(channel) : show(batch, channel, row, storableJson(shown));
}

/** For those who may delete the message; they do not come back, also after an edit. */
export function decideRemovePreviews(batch: LogBatch, { actorId, messageId }: RemovePreviewsCommand): LogOutcome {
  const row = batch.message(messageId);
  const channel = row && batch.channel(row.channel_id);
  if (!channel || row.deleted_at !== null) return noSuchMessage;
  const verdict = checkDeleteMessage(batch.rights.access(channel, actorId), row.author_id);
  const refusal = refusalOf(verdict, noSuchMessage, "Only who may delete a message removes its previews.");
  if (refusal) return refusal;
  return show(batch, channel, row, removedPreviews);
}

/** What the previews of a message are once its text or its embeds are others: those of what it still has. */
export function previewsAfterEdit(row: MessageRow, content: string, embeds: readonly Embed[]): string | null {
  if (row.previews === null || row.previews === removedPreviews) return row.previews;
  const wanted = previewedBy(content, embeds);
  const kept = previewsOf(row).filter(({ url }) => wanted.includes(url ?? ""));
  return kept.length === 0 ? null : JSON.stringify(kept);
}

function show(batch: LogBatch, channel: ChannelFacts, row: MessageRow, previews: string): LogOutcome {
  if (row.previews === previews) return committed(channel);
  batch.changeMessage(channel, row, { previews });
  batch.texts.showPreviews(row);
  const data = batch.present(row);
  const event = { type: "message_edited", channel_id: channel.id, seq: row.updated_seq, data } as const;
  return committed(channel, { event, message: data });
}
