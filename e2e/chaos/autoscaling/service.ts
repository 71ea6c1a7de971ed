import { once } from "node:events";
import { connect, createServer, type AddressInfo, type Server, type Socket } from "node:net";
import { LastFrame } from "./last-frame.ts";

/** A Service of Kubernetes: sends each new connection to the next endpoint, and leaves those that are open alone. */
export class ReplayedService {
  readonly endpoints = new Set<number>();
  /** Codes with which pods closed WebSockets; null for one that ended without a close frame. */
  readonly closes: (number | null)[] = [];
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #next = 0;

  private constructor(server: Server) {
    this.#server = server;
    server.on("connection", (inner) => this.#forward(inner));
  }

  static async open(): Promise<ReplayedService> {
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    return new ReplayedService(server);
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  close(): void {
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
  }

  #forward(inner: Socket): void {
    const ports = [...this.endpoints];
    const port = ports[this.#next++ % ports.length];
    if (port === undefined) return void inner.destroy();
    const outer = connect({ port, host: "127.0.0.1" });
    const last = new LastFrame(outer);
    outer.on("close", () => {
      if (last.isWebSocket && !inner.readableEnded && !inner.destroyed) this.closes.push(last.closeCode);
    });
    for (const [from, to] of [
      [inner, outer],
      [outer, inner],
    ] as const) {
      this.#sockets.add(from);
      from.pipe(to);
      from.on("error", () => to.destroy());
      // What was written before the end still arrives.
      from.on("close", () => {
        to.end();
        this.#sockets.delete(from);
      });
    }
  }
}
