import type { ChannelEvent, Message } from "@miscord/protocol";

/** Answer of the store's `changesSince`. */
export interface Changes {
  /** The channel's current position. */
  seq: number;
  /** Changed messages by `updated_seq`; null when there are too many or the position lies beyond the channel. */
  changes: Message[] | null;
}

/** The store's `changesSince`: messages changed after a position, from one snapshot. */
export type ChangesSince = (channelId: number, afterSeq: number, limit: number) => Promise<Changes>;

/** Most messages and approximate bytes of a replay. */
export interface ReplayLimits {
  readonly messages: number;
  readonly bytes: number;
}

/** Approximate JSON bytes of a message without its text and reactions. */
const envelopeBytes = 600;
/** Approximate JSON bytes of one user id in a reaction. */
const bytesPerUserId = 8;

/** The changed messages, or null when there are too many to be replayed. */
export function replayable({ changes }: Changes, { bytes }: ReplayLimits): readonly Message[] | null {
  return changes !== null && bytesOf(changes) <= bytes ? changes : null;
}

/** Each changed message as one event: new, edited (any change of a message known at `afterSeq`) or deleted. */
export function replayOf(changes: readonly Message[], afterSeq: number): ChannelEvent[] {
  return changes.map((message): ChannelEvent => {
    const { id, channel_id, updated_seq: seq } = message;
    if (message.is_deleted) {
      return {
        type: "message_deleted",
        channel_id,
        seq,
        data: { message_id: id, channel_id, text_channel_id: channel_id },
      };
    }
    return { type: message.seq > afterSeq ? "new_message" : "message_edited", channel_id, seq, data: message };
  });
}

/** Approximate size of the replay, computed without encoding messages that would then be discarded. */
function bytesOf(changes: readonly Message[]): number {
  return changes.reduce((sum, { content, reactions }) => {
    const userIds = reactions.reduce((count, { user_ids }) => count + user_ids.length, 0);
    return sum + envelopeBytes + Buffer.byteLength(content) + userIds * bytesPerUserId;
  }, 0);
}
