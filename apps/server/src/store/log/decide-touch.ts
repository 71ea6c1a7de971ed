import type { LogOutcome, TouchCommand } from "../contract.ts";
import type { LogBatch } from "./log-batch.ts";
import { committed, noSuchMessage } from "./outcome.ts";

/** What is shown with the message has changed outside of the log; its command has checked the rights. */
export function decideTouch(batch: LogBatch, { messageId }: TouchCommand): LogOutcome {
  const row = batch.message(messageId);
  const channel = row && batch.channel(row.channel_id);
  if (!channel || row.deleted_at !== null) return noSuchMessage;
  batch.changeMessage(channel, row, {});
  const data = batch.present(row);
  const event = { type: "message_edited", channel_id: channel.id, seq: row.updated_seq, data } as const;
  return committed(channel, { event, message: data });
}
