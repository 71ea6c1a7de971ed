/** A frame as a client of version 1 sees it: any JSON object with a type. */
// oxlint-disable-next-line typescript/no-explicit-any -- version 1 trusted what came
export type OldFrame = { type: string } & Record<string, any>;

/**
 * A client of protocol version 1, written from the protocol alone: the platform's WebSocket, the token in the URL, one
 * event per frame, and `pong` in answer to `ping`.
 */
export class OldClient {
  readonly frames: OldFrame[] = [];
  readonly closed: Promise<{ code: number; reason: string }>;
  readonly #socket: WebSocket;
  readonly #opened: Promise<void>;
  readonly #waiting = new Set<() => void>();

  constructor(serverUrl: string, path: string, token: string) {
    this.#socket = new WebSocket(`${serverUrl.replace(/^http/, "ws")}${path}?token=${token}`);
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.#opened = promise;
    promise.catch(() => {});
    this.#socket.addEventListener("open", () => resolve());
    this.#socket.addEventListener("message", ({ data }) => this.#receive(JSON.parse(String(data)) as OldFrame));
    this.closed = new Promise((done) => {
      this.#socket.addEventListener("close", ({ code, reason }) => {
        reject(new Error(`closed with ${code} ${reason}`));
        done({ code, reason });
      });
    });
  }

  static async connect(serverUrl: string, path: string, token: string): Promise<OldClient> {
    const client = new OldClient(serverUrl, path, token);
    await client.#opened;
    return client;
  }

  get isOpen(): boolean {
    return this.#socket.readyState === WebSocket.OPEN;
  }

  send(frame: unknown): void {
    this.#socket.send(typeof frame === "string" ? frame : JSON.stringify(frame));
  }

  all(type: string): OldFrame[] {
    return this.frames.filter((frame) => frame.type === type);
  }

  /** Resolves with the first matching frame, including frames received before the call. */
  async next(type: string, matches: (frame: OldFrame) => boolean = () => true): Promise<OldFrame> {
    for (;;) {
      const found = this.all(type).find(matches);
      if (found) return found;
      await this.#change(type);
    }
  }

  close(): Promise<unknown> {
    this.#socket.close(1000);
    return this.closed;
  }

  /** Resolves once it gets what others do: it is not told, but commands are answered from then on. */
  async joined(): Promise<void> {
    this.send({ type: "heartbeat" });
    const ack = await this.next("heartbeat_ack");
    this.frames.splice(this.frames.indexOf(ack), 1);
  }

  #receive(frame: OldFrame): void {
    this.frames.push(frame);
    if (frame.type === "ping") this.send({ type: "pong" });
    for (const wake of this.#waiting) wake();
  }

  #change(type: string): Promise<void> {
    return new Promise((resolve, reject) => {
      const wake = () => {
        this.#waiting.delete(wake);
        resolve();
      };
      this.#waiting.add(wake);
      void this.closed.then(({ code, reason }) => reject(new Error(`closed with ${code} ${reason} before ${type}`)));
    });
  }
}
