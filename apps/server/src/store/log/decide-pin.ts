import { limits } from "@miscord/protocol";
import { checkInChannel } from "@miscord/rights";
import type { Committed, LogOutcome, PinCommand } from "../contract.ts";
import { pinLine } from "../present-message.ts";
import type { MessageRow } from "../schema.ts";
import type { LogBatch } from "./log-batch.ts";
import { committed, noSuchMessage, refusalOf, refuse } from "./outcome.ts";
import type { ChannelFacts } from "./transaction.ts";

export function decidePin(batch: LogBatch, { actorId, channelId, messageId, on, at }: PinCommand): LogOutcome {
  const row = batch.message(messageId);
  const channel = row && batch.channel(row.channel_id);
  if (!channel || channel.id !== channelId || row.deleted_at !== null) return noSuchMessage;
  const verdict = checkInChannel(batch.rights.access(channel, actorId), "pinMessages");
  const refusal = refusalOf(verdict, noSuchMessage, "You may not pin messages in this channel.");
  if (refusal) return refusal;
  if ((row.pinned_at !== null) === on) return committed(channel);
  if (row.call_ms === pinLine) return refuse("invalid_request", "This line is no message.");
  if (on && batch.pinsIn(channel.id) >= limits.pinsPerChannel) {
    return refuse("limit_reached", `A channel has at most ${limits.pinsPerChannel} pinned messages.`);
  }
  batch.changeMessage(channel, row, { pinned_at: on ? at : null });
  const action = on ? "message_pin" : "message_unpin";
  batch.recordAction(channel, { actorId, action, at, userId: row.author_id, subject: channel.name });
  const data = batch.present(row);
  const event = { type: "message_edited", channel_id: channel.id, seq: row.updated_seq, data } as const;
  return committed(channel, {
    event,
    message: data,
    line: on ? leaveLine(batch, channel, row, { actorId, at }) : null,
  });
}

/** Says in the history who has pinned the message. Takes no right to write, notifies nobody and leaves a thread in the archive. */
function leaveLine(
  batch: LogBatch,
  channel: ChannelFacts,
  pinned: MessageRow,
  { actorId, at }: Pick<PinCommand, "actorId" | "at">,
): Committed {
  const row = batch.addMessage(channel, {
    author_id: actorId,
    content: "",
    nonce: null,
    fingerprint: null,
    reply_to_id: pinned.id,
    mentions_everyone: 0,
    mention_roles: null,
    created_at: at,
    edited_at: null,
    deleted_at: null,
    pinned_at: null,
    files_removed: 0,
    call_ms: pinLine,
    voice_ms: null,
    webhook: null,
    previews: null,
    sticker: null,
  });
  const message = batch.present(row);
  const event = { type: "new_message", channel_id: channel.id, seq: row.seq, data: message } as const;
  return committed(channel, { event, message, recipients: batch.rights.recipients(channel, actorId) });
}
