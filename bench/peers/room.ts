import type { WireEvent } from "../load/wire-format.ts";

export interface Command {
  type: string;
  channel_id?: number;
  content?: string;
  message_id?: number;
  emoji?: string;
  status?: string;
}

/** How one kind of server adds clients to rooms and sends to them. */
export interface RoomServer<Client> {
  join(client: Client, channel: number): void;
  reply(client: Client, event: object): void;
  toChannel(channel: number, event: object): void;
  toAll(event: object): void;
}

let lastMessageId = 0;

/** The simplest complete chat, kept in memory only; the same for all peers. */
export function handleCommand<Client>(
  server: RoomServer<Client>,
  client: Client,
  userId: number,
  command: Command,
): void {
  const channel = command.channel_id ?? 0;
  const user = { id: userId, username: `user${userId}` };
  switch (command.type) {
    case "join_channel":
      server.join(client, channel);
      return server.reply(client, { type: "channel_synced", channel_id: channel } satisfies WireEvent);
    case "chat_message":
      return server.toChannel(channel, newMessage(channel, user, command.content ?? ""));
    case "typing":
      return server.toChannel(channel, { type: "typing", channel_id: channel, user });
    case "reaction_add":
      return server.toChannel(channel, {
        type: "reaction_updated",
        channel_id: channel,
        data: reaction(command, user),
      });
    case "set_status":
      return server.toAll({ type: "user_status_changed", user_id: userId, status: command.status });
    case "heartbeat":
      return server.reply(client, { type: "heartbeat_ack", timestamp: Date.now() / 1000 });
  }
}

function newMessage(channel: number, author: object, content: string): object {
  lastMessageId += 1;
  const data = { id: lastMessageId, channel_id: channel, content, timestamp: new Date().toISOString(), author };
  return { type: "new_message", channel_id: channel, data };
}

function reaction(command: Command, user: object): object {
  return { message_id: command.message_id, emoji: command.emoji, user };
}
