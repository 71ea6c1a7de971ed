import { textBeside } from "@miscord/protocol";
import type {
  ChannelEvent,
  ChatMessage,
  LegacyChatCommand,
  LegacyChatEvent,
  LegacyMessage,
  LegacyReaction,
  MainEvent,
  Message,
  Reaction,
} from "@miscord/protocol";

interface DecodeContext {
  channelId: number;
  /** The user whose own messages count as acknowledgements. */
  ownId: number | null;
  /** Milliseconds since the epoch. */
  now: number;
}

/** Converts an event of the legacy chat socket to events of `/ws/main`; none for events that keep the socket alive. */
export function decodeChatEvent(event: LegacyChatEvent, { channelId, ownId, now }: DecodeContext): MainEvent[] {
  switch (event.type) {
    case "new_message": {
      const arrived: ChannelEvent = { ...event, channel_id: channelId, data: toMessage(event.data) };
      const ack = event.data.author.id === ownId ? acknowledgement(arrived.data) : null;
      return ack ? [ack, arrived] : [arrived];
    }
    case "message_edited":
      return [{ ...event, channel_id: channelId, data: toMessage(event.data) }];
    case "message_deleted":
      return [{ ...event, channel_id: channelId, data: { ...event.data, channel_id: channelId } }];
    case "reaction_updated":
      return [toReactionEvent(event, channelId)];
    case "typing":
      return [{ type: "typing", user: event.user, channel_id: channelId, timestamp: now / 1_000 }];
    case "error":
      return [event];
    default:
      return [];
  }
}

export function encodeChatMessage({ channel_id, ...message }: ChatMessage): LegacyChatCommand {
  return { ...message, type: "message", text_channel_id: channel_id };
}

/** The legacy socket has no acknowledgements: receiving the user's own message is one. Null without a nonce. */
export function acknowledgement({ nonce, id, channel_id, seq }: Message): MainEvent | null {
  return nonce === undefined ? null : { type: "message_ack", nonce, id, channel_id, seq };
}

function toMessage(message: LegacyMessage): Message {
  // This client opens files by its cookie: the token for pages that have none would make an address differ each hour.
  const attachments = message.attachments.map((file) => ({ ...file, file_url: file.file_url.split("?", 1)[0]! }));
  // The text ends with what version 1 does not know.
  const content = message.content.slice(0, message.content.length - textBeside(message).length);
  return { ...message, content, attachments, reactions: message.reactions.map(toReaction) };
}

function toReaction({ emoji, count, users }: LegacyReaction): Reaction {
  return { emoji, count, user_ids: users.map(({ id }) => id) };
}

/** Version 1 does not carry avatar colours. */
const unknownColor = "#808080";

function toReactionEvent(
  event: Extract<LegacyChatEvent, { type: "reaction_updated" }>,
  channelId: number,
): ChannelEvent {
  const { type, seq, data } = event;
  const { message_id, emoji, was_removed, user } = data;
  const reaction = toReaction(data.reaction);
  return {
    type,
    seq,
    channel_id: channelId,
    data: {
      message_id,
      channel_id: channelId,
      emoji,
      reaction,
      was_removed,
      user: { ...user, avatar_color: unknownColor },
    },
  };
}
