import { limits } from "@miscord/protocol";
import { checkInChannel } from "@miscord/rights";
import type { LogOutcome, ReactCommand } from "../contract.ts";
import { presentReactions } from "../present-message.ts";
import type { LogBatch } from "./log-batch.ts";
import { committed, noSuchMessage, notAccepted, refusalOf, refuse } from "./outcome.ts";

export function decideReact(
  batch: LogBatch,
  { actorId, messageId, emoji, on, isForeign = false, isPart = false }: ReactCommand,
): LogOutcome {
  const row = batch.message(messageId);
  const channel = row && batch.channel(row.channel_id);
  if (!channel || row.deleted_at !== null) return noSuchMessage;
  const verdict = isPart ? "allowed" : checkInChannel(batch.rights.access(channel, actorId), "addReactions");
  const refusal = refusalOf(verdict, noSuchMessage, notAccepted(channel) ?? "You may not react in this channel.");
  if (refusal) return refusal;
  const reactions = batch.reactionsOf(messageId);
  const same = reactions.filter((reaction) => reaction.emoji === emoji);
  const isThere = same.some((reaction) => reaction.user_id === actorId);
  if (isThere === on) return committed(channel);
  if (on && same.length === 0 && isForeign) return refuse("not_found", "There is no such emoji.");
  if (on && same.length === 0 && presentReactions(reactions).length >= limits.reactionsPerMessage) {
    return refuse("limit_reached", `A message takes ${limits.reactionsPerMessage} different reactions.`);
  }

  batch.changeMessage(channel, row, {});
  const seq = row.updated_seq;
  if (on) {
    // A new emoji comes after the others; an existing one keeps its position.
    const position = same[0]?.position ?? (reactions.at(-1)?.position ?? 0) + 1;
    batch.addReaction({ message_id: messageId, emoji, user_id: actorId, position, seq });
  } else {
    batch.removeReactions(messageId, (reaction) => reaction.emoji === emoji && reaction.user_id === actorId);
  }
  const [reaction] = presentReactions(batch.reactionsOf(messageId).filter((left) => left.emoji === emoji));
  const data = {
    message_id: messageId,
    channel_id: channel.id,
    emoji,
    reaction: reaction ?? { emoji, count: 0, user_ids: [] },
    was_removed: !on,
    user: batch.presentUser(actorId),
  };
  return committed(channel, { event: { type: "reaction_updated", channel_id: channel.id, seq, data } });
}
