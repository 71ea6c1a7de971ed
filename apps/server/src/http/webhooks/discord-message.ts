import { sentEmbeds, type Message, type Poll } from "@miscord/protocol";
import type { WebhookRow } from "../../store/webhook-tables.ts";

/**
 * A webhook's message as Discord answers it. Nobody is named in `mentions`: whom a text reaches tells who sees the channel.
 */
export function discordMessage(message: Message, origin: string) {
  const id = String(message.author.id);
  return {
    id: String(message.id),
    type: 0,
    content: message.content,
    channel_id: String(message.channel_id),
    author: {
      bot: true,
      id,
      username: message.author.display_name,
      global_name: null,
      avatar: null,
      discriminator: "0000",
      public_flags: 0,
    },
    attachments: message.attachments.map(({ id: fileId, filename, size, file_url, content_type, width, height }) => {
      const url = new URL(file_url, origin).href;
      const sides = width === undefined ? {} : { width, height };
      return { id: String(fileId), filename, size, url, proxy_url: url, content_type, ...sides };
    }),
    embeds: sentEmbeds(message).map((embed) => ({ type: "rich", ...embed })),
    mentions: [],
    mention_roles: (message.mention_roles ?? []).map(String),
    ...(message.poll && { poll: discordPoll(message.poll, message.content) }),
    pinned: message.pinned_at !== undefined,
    mention_everyone: message.mentions_everyone || message.mentions_here === true,
    tts: false,
    timestamp: message.timestamp,
    edited_timestamp: message.edited_at,
    flags: 0,
    components: [],
    webhook_id: id,
  };
}

function discordPoll({ answers, multiple, ends_at: expiry }: Poll, question: string) {
  return {
    question: { text: question },
    answers: answers.map(({ text }, place) => ({ answer_id: place + 1, poll_media: { text } })),
    expiry,
    allow_multiselect: multiple,
    layout_type: 1,
  };
}

export function discordWebhook({ id, name, channel_id, server_id }: WebhookRow) {
  return {
    application_id: null,
    avatar: null,
    channel_id: String(channel_id),
    guild_id: String(server_id),
    id: String(id),
    name,
    type: 1,
  };
}
