import { WebSocketServer, type WebSocket } from "ws";
import { handleCommand, type Command, type RoomServer } from "./room.ts";

/** Sends one event to many clients. */
export type Broadcast = (clients: Iterable<WebSocket>, event: object) => void;

/** A chat server on plain `ws`. The two peers that use it differ only in `broadcast`. */
export function startWsServer(broadcast: Broadcast): void {
  const channels = new Map<number, Set<WebSocket>>();
  const sockets = new WebSocketServer({ port: Number(process.argv[2] ?? 0), host: "127.0.0.1" });
  const rooms: RoomServer<WebSocket> = {
    join(client, channel) {
      const clients = channels.get(channel) ?? new Set();
      channels.set(channel, clients.add(client));
      client.on("close", () => clients.delete(client));
    },
    reply: (client, event) => client.send(JSON.stringify(event)),
    toChannel: (channel, event) => broadcast(channels.get(channel) ?? [], event),
    toAll: (event) => broadcast(sockets.clients, event),
  };
  let lastUserId = 0;
  sockets.on("connection", (client) => {
    const userId = ++lastUserId;
    client.on("message", (data) =>
      handleCommand(rooms, client, userId, JSON.parse((data as Buffer).toString()) as Command),
    );
    rooms.reply(client, { type: "connection_established", user_id: userId });
  });
  sockets.on("listening", () => {
    const address = sockets.address();
    if (address && typeof address === "object") process.send?.({ port: address.port });
  });
}
