import { once } from "node:events";
import { connect, createServer, type AddressInfo, type Server, type Socket } from "node:net";

interface Pair {
  near: Socket;
  far: Socket;
}

/** A TCP proxy in front of the server for one client. It can close its connections, refuse new ones, or stop to forward data. */
export class FaultyLink {
  readonly #server: Server;
  readonly #pairs = new Set<Pair>();
  #isSevered = false;

  private constructor(server: Server) {
    this.#server = server;
  }

  static async to(port: number): Promise<FaultyLink> {
    const server = createServer();
    const link = new FaultyLink(server);
    server.on("connection", (near) => link.#carry(near, port));
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

  #carry(near: Socket, port: number): void {
    if (this.#isSevered) return void near.destroy();
    const far = connect(port, "127.0.0.1");
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
