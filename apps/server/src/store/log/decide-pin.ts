import { limits } from "@miscord/protocol";
import { checkInChannel } from "@miscord/rights";
import type { LogOutcome, PinCommand } from "../contract.ts";
import type { LogBatch } from "./log-batch.ts";
import { committed, noSuchMessage, refusalOf, refuse } from "./outcome.ts";

export function decidePin(batch: LogBatch, { actorId, channelId, messageId, on, at }: PinCommand): LogOutcome {
  const row = batch.message(messageId);
  const channel = row && batch.channel(row.channel_id);
  if (!channel || channel.id !== channelId || row.deleted_at !== null) return noSuchMessage;
  const verdict = checkInChannel(batch.rights.access(channel, actorId), "pinMessages");
  const refusal = refusalOf(verdict, noSuchMessage, "You may not pin messages in this channel.");
  if (refusal) return refusal;
  if ((row.pinned_at !== null) === on) return committed(channel);
  if (on && batch.pinsIn(channel.id) >= limits.pinsPerChannel) {
    return refuse("limit_reached", `A channel has at most ${limits.pinsPerChannel} pinned messages.`);
  }
  batch.changeMessage(channel, row, { pinned_at: on ? at : null });
  const action = on ? "message_pin" : "message_unpin";
  batch.recordAction(channel, { actorId, action, at, userId: row.author_id, subject: channel.name });
  const data = batch.present(row);
  const event = { type: "message_edited", channel_id: channel.id, seq: row.updated_seq, data } as const;
  return committed(channel, { event, message: data });
}
