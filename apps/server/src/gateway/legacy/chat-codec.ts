import { createHash } from "node:crypto";
import { textBeside } from "@miscord/protocol";
import type { LegacyChatEvent, LegacyMessage, LegacyReaction, MainEvent, Message, Reaction } from "@miscord/protocol";
import type { WireCodec } from "../../delivery/wire-codec.ts";
import { type FileLinks, withFileLinks } from "../../domain/attachments/file-links.ts";
import { asText } from "../../domain/webhooks/for-version-1.ts";
import type { Names } from "./names.ts";

/**
 * Codec of `/ws/legacy/chat`. Reactions carry `current_user_reacted`, so the bytes of an event with reactions are
 * shared by readers with the same answers. Addresses of files open for one reader only, so an event with files has bytes
 * of its own for each reader. All other events are the same for every reader.
 */
export function legacyChatCodec(names: Names, fileLinks: FileLinks): WireCodec {
  return {
    name: "legacy chat",
    batches: false,
    encode(event, readerId) {
      const encoded = toWire(event, { names, fileLinks, readerId });
      return encoded && JSON.stringify(encoded);
    },
    readerKey: (event, readerId) =>
      hasFiles(event)
        ? null
        : reactionsIn(event)
            .map(({ user_ids }) => (user_ids.includes(readerId) ? "1" : "0"))
            .join(""),
    prepare(events) {
      for (const event of events) for (const user of peopleIn(event)) names.remember(user);
      return names.prepare(events.flatMap((event) => reactionsIn(event).flatMap(({ user_ids }) => user_ids)));
    },
  };
}

interface Reading {
  names: Names;
  fileLinks: FileLinks;
  readerId: number;
}

function toWire(event: MainEvent, reading: Reading): LegacyChatEvent | null {
  switch (event.type) {
    case "new_message":
    case "message_edited":
      return { type: event.type, seq: event.seq, data: legacyMessage(event.data, reading) };
    case "message_deleted": {
      const { message_id, text_channel_id } = event.data;
      return { type: event.type, seq: event.seq, data: { message_id, text_channel_id } };
    }
    case "reaction_updated":
      return { type: event.type, seq: event.seq, data: reactionUpdate(event.data, reading) };
    case "typing":
      return { type: event.type, user: event.user, text_channel_id: event.channel_id };
    case "heartbeat_ack":
    case "ping":
    case "error":
      return event;
    default:
      return null;
  }
}

function legacyMessage(sent: Message, reading: Reading): LegacyMessage {
  const message = sent.author.is_webhook ? asText(sent) : sent;
  return {
    ...message,
    content: message.content + textBeside(message),
    attachments: withFileLinks(reading.fileLinks, reading.readerId, message.attachments),
    reactions: message.reactions.map((reaction) => legacyReaction(message.id, reaction, reading)),
  };
}

type ReactionUpdate = Extract<MainEvent, { type: "reaction_updated" }>["data"];

function reactionUpdate(data: ReactionUpdate, reading: Reading) {
  const { message_id, channel_id, emoji, reaction, was_removed, user } = data;
  const { id, username, display_name, avatar_url } = user;
  return {
    message_id,
    text_channel_id: channel_id,
    emoji,
    reaction: legacyReaction(message_id, reaction, reading),
    was_removed,
    user: { id, username, display_name, avatar_url },
  };
}

function legacyReaction(messageId: number, reaction: Reaction, { names, readerId }: Reading): LegacyReaction {
  const { emoji, count, user_ids } = reaction;
  return {
    id: reactionId(messageId, emoji),
    emoji,
    count,
    users: user_ids.map((id) => names.of(id)),
    current_user_reacted: user_ids.includes(readerId),
  };
}

/** Version 1 has a numeric id per message and emoji; here it is derived from the two. */
function reactionId(messageId: number, emoji: string): number {
  return createHash("sha256").update(`${messageId} ${emoji}`).digest().readUIntBE(0, 6) + 1;
}

function hasFiles(event: MainEvent): boolean {
  const isMessage = event.type === "new_message" || event.type === "message_edited";
  return isMessage && event.data.attachments.length > 0;
}

function reactionsIn(event: MainEvent): readonly Reaction[] {
  switch (event.type) {
    case "new_message":
    case "message_edited":
      return event.data.reactions;
    case "reaction_updated":
      return [event.data.reaction];
    default:
      return [];
  }
}

function peopleIn(event: MainEvent) {
  switch (event.type) {
    case "new_message":
    case "message_edited":
      return [event.data.author];
    case "reaction_updated":
      return [event.data.user];
    default:
      return [];
  }
}
