import { createServer } from "node:http";
import { Server, type Socket } from "socket.io";
import { handleCommand, type Command, type RoomServer } from "./room.ts";

/** Peer on Socket.IO 4 with its rooms, over WebSocket only. */
const http = createServer();
const io = new Server(http, { transports: ["websocket"], serveClient: false });

const rooms: RoomServer<Socket> = {
  join: (socket, channel) => void socket.join(String(channel)),
  reply: (socket, event) => void socket.emit("event", event),
  toChannel: (channel, event) => void io.to(String(channel)).emit("event", event),
  toAll: (event) => void io.emit("event", event),
};

let lastUserId = 0;
io.on("connection", (socket) => {
  const userId = ++lastUserId;
  socket.on("command", (command: Command) => handleCommand(rooms, socket, userId, command));
});
http.listen(Number(process.argv[2] ?? 0), "127.0.0.1", () => {
  const address = http.address();
  if (address && typeof address === "object") process.send?.({ port: address.port });
});
