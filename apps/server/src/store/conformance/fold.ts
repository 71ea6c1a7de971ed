import { replyPreviewOf, type ChannelEvent, type Message } from "@miscord/protocol";

/** Applies an event to messages fetched earlier, as a client does. */
export function fold(messages: readonly Message[], event: ChannelEvent): Message[] {
  switch (event.type) {
    case "new_message":
      return [...messages, event.data];
    case "message_edited":
      return messages.map((message) => (message.id === event.data.id ? event.data : withPreview(message, event.data)));
    case "message_deleted":
      return messages
        .filter((message) => message.id !== event.data.message_id)
        .map((message) => withBlankPreview(message, event));
    case "reaction_updated": {
      const { message_id, reaction } = event.data;
      return messages.map((message) => {
        if (message.id !== message_id) return message;
        const exists = message.reactions.some((each) => each.emoji === reaction.emoji);
        const reactions = exists
          ? message.reactions.map((each) => (each.emoji === reaction.emoji ? reaction : each))
          : [...message.reactions, reaction];
        return { ...message, updated_seq: event.seq, reactions: reactions.filter((each) => each.count > 0) };
      });
    }
  }
}

/** Applies the answer of `changesSince` to messages fetched earlier, as a client does after a reconnect. */
export function catchUp(messages: readonly Message[], changes: readonly Message[]): Message[] {
  let state = [...messages];
  for (const change of changes) {
    const { id, channel_id, updated_seq: seq } = change;
    const isNew = !state.some((message) => message.id === id);
    if (change.is_deleted) {
      const data = { message_id: id, channel_id, text_channel_id: channel_id };
      state = fold(state, { type: "message_deleted", channel_id, seq, data });
    } else {
      state = fold(state, { type: isNew ? "new_message" : "message_edited", channel_id, seq, data: change });
    }
  }
  return state.toSorted((a, b) => a.seq - b.seq);
}

function withPreview(message: Message, changed: Message): Message {
  return message.reply_to?.id === changed.id ? { ...message, reply_to: replyPreviewOf(changed) } : message;
}

function withBlankPreview(message: Message, event: ChannelEvent & { type: "message_deleted" }): Message {
  if (message.reply_to?.id !== event.data.message_id) return message;
  const { voice_ms: _, ...preview } = message.reply_to;
  return { ...message, reply_to: { ...preview, content: "", is_deleted: true } };
}
