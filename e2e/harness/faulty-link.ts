import { once } from "node:events";
import { connect, createServer, type AddressInfo, type Server, type Socket } from "node:net";

interface Pair {
  near: Socket;
  far: Socket;
}

/**
 * A TCP proxy for one client in front of a server, or of several nodes: a new connection goes to the next one that
 * accepts it. The proxy can close its connections, refuse new ones, or stop to forward data.
 */
export class FaultyLink {
  readonly #server: Server;
  readonly #pairs = new Set<Pair>();
  #isSevered = false;

  private constructor(server: Server) {
    this.#server = server;
  }

  static async to(...ports: readonly number[]): Promise<FaultyLink> {
    const server = createServer();
    const link = new FaultyLink(server);
    let next = 0;
    server.on("connection", (near) => {
      const from = next++ % ports.length;
      link.#carry(near, [...ports.slice(from), ...ports.slice(0, from)]);
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    return link;
  }

  get wsUrl(): string {
    return `ws://${this.#host}`;
  }

  get httpUrl(): string {
    return `http://${this.#host}`;
  }

  get #host(): string {
    return `127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Closes all connections; both ends notice. */
  cut(): void {
    for (const { near, far } of this.#pairs) {
      near.destroy();
      far.destroy();
    }
  }

  /** Closes all connections and refuses new ones until `restore`. */
  sever(): void {
    this.#isSevered = true;
    this.cut();
  }

  restore(): void {
    this.#isSevered = false;
  }

  /** Stops forwarding in both directions without closing, so neither end notices. New connections work. */
  goSilent(): void {
    for (const { near, far } of this.#pairs) {
      near.unpipe(far).pause();
      far.unpipe(near).pause();
    }
  }

  /** Reads nothing from the server for this long, so that the server's buffers fill. */
  stall(forMs: number): void {
    for (const { near, far } of this.#pairs) {
      far.unpipe(near).pause();
      setTimeout(() => far.destroyed || far.pipe(near), forMs);
    }
  }

  async close(): Promise<void> {
    this.cut();
    this.#server.close();
    await once(this.#server, "close");
  }

  /** Connects to the first port that accepts. */
  #carry(near: Socket, [port, ...others]: readonly number[]): void {
    if (this.#isSevered || port === undefined) return void near.destroy();
    near.on("error", () => {});
    const far = connect(port, "127.0.0.1");
    const tryNext = () => this.#carry(near, others);
    far.once("error", tryNext).once("connect", () => {
      far.off("error", tryNext);
      this.#join(near, far);
    });
  }

  #join(near: Socket, far: Socket): void {
    if (this.#isSevered || near.destroyed) return void [near, far].map((socket) => socket.destroy());
    const pair = { near, far };
    this.#pairs.add(pair);
    near.pipe(far);
    far.pipe(near);
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      // A close follows every error, and ends the other side as well.
      one.on("error", () => {});
      one.on("close", () => {
        this.#pairs.delete(pair);
        other.destroy();
      });
    }
  }
}
