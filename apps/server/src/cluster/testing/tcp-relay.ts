import { once } from "node:events";
import { connect, createServer, type AddressInfo, type Socket } from "node:net";

/** Passes connections on to a port of this machine, until it is paused. */
export interface TcpRelay {
  readonly port: number;
  /** Passes nothing on; connections stay open, as with a peer that stands still. */
  pause(): void;
  resume(): void;
  close(): Promise<void>;
}

export async function startTcpRelay(toPort: number): Promise<TcpRelay> {
  const sockets = new Set<Socket>();
  let isPaused = false;
  const hold = (socket: Socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket)).on("error", () => socket.destroy());
    if (isPaused) socket.pause();
  };
  const server = createServer((near) => {
    const far = connect(toPort, "127.0.0.1");
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      from.on("data", (data) => to.write(data)).on("close", () => to.destroy());
      hold(from);
    }
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const pause = () => {
    isPaused = true;
    for (const socket of sockets) socket.pause();
  };
  return {
    port: (server.address() as AddressInfo).port,
    pause,
    resume() {
      isPaused = false;
      for (const socket of sockets) socket.resume();
    },
    async close() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, "close");
    },
  };
}
