import { createSocket } from "node:dgram";
import { once } from "node:events";

/**
 * The port itself when it is free, or a free one for 0.
 * @throws Error when the port is taken
 */
export async function findUdpPort(port: number): Promise<number> {
  const socket = createSocket({ type: "udp4" });
  try {
    const listening = once(socket, "listening");
    socket.bind(port);
    await listening;
    return socket.address().port;
  } finally {
    socket.close();
  }
}
