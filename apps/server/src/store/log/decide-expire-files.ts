import type { ExpireFilesCommand, LogOutcome } from "../contract.ts";
import { voiceMsOf } from "../present-message.ts";
import type { LogBatch } from "./log-batch.ts";
import { committed, noSuchMessage } from "./outcome.ts";

/** The message stays, with the number of the files that it has lost. Files that are gone already are passed over. */
export function decideExpireFiles(batch: LogBatch, { messageId, attachmentIds }: ExpireFilesCommand): LogOutcome {
  const row = batch.message(messageId);
  const channel = row && batch.channel(row.channel_id);
  if (!channel || row.deleted_at !== null) return noSuchMessage;
  const removedFiles = batch.removeAttachments(messageId, attachmentIds);
  if (removedFiles.length === 0) return committed(channel);
  batch.changeMessage(channel, row, {
    files_removed: row.files_removed + removedFiles.length,
    voice_ms: voiceMsOf(batch.attachmentsOf(messageId)),
  });
  const data = batch.present(row);
  const event = { type: "message_edited", channel_id: channel.id, seq: row.updated_seq, data } as const;
  return committed(channel, { event, message: data, removedFiles });
}
