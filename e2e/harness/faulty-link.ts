import { once } from "node:events";
import { connect, createServer, type AddressInfo, type Server, type Socket } from "node:net";

interface Pair {
  near: Socket;
  far: Socket;
}

/** One person's way to the server. It can be cut, go silent without a word, or carry answers slowly. */
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

  get url(): string {
    return `ws://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Both ends notice. */
  cut(): void {
    for (const { near, far } of this.#pairs) {
      near.destroy();
      far.destroy();
    }
  }

  /** No way through until `restore`: what is under way breaks, what comes is turned away. */
  sever(): void {
    this.#isSevered = true;
    this.cut();
  }

  restore(): void {
    this.#isSevered = false;
  }

  /** Neither end notices: nothing arrives any more, and nothing says so. New connections are well. */
  goSilent(): void {
    for (const { near, far } of this.#pairs) {
      near.unpipe(far).pause();
      far.unpipe(near).pause();
    }
  }

  /** Takes nothing from the server for a while, so that its buffers fill. */
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
      // An error is always followed by the close, which ends the other side too.
      one.on("error", () => {});
      one.on("close", () => {
        this.#pairs.delete(pair);
        other.destroy();
      });
    }
  }
}
