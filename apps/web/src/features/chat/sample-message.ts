import type { Message, User } from "@miscord/protocol";

export function sampleUser(id: number, extra: Partial<User> = {}): User {
  return { id, username: `user${id}`, display_name: `User ${id}`, avatar_url: null, avatar_color: "#336699", ...extra };
}

/** Builds a message for tests. */
export function sampleMessage({ authorId = 2, ...extra }: Partial<Message> & { authorId?: number }): Message {
  const id = extra.id ?? 1;
  return {
    id,
    seq: id,
    updated_seq: id,
    channel_id: 1,
    channelId: 1,
    server_id: 1,
    content: "hello",
    timestamp: "2026-05-10T12:00:00Z",
    edited_at: null,
    is_edited: false,
    is_deleted: false,
    author: sampleUser(authorId),
    attachments: [],
    reactions: [],
    reply_to: null,
    mentions: [],
    mentions_everyone: false,
    ...extra,
  };
}
