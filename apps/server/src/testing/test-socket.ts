import type { MainEvent, VoiceEvent } from "@miscord/protocol";
import { WebSocket, type ClientOptions } from "ws";

type AnyEvent = MainEvent | VoiceEvent;
type EventOf<Type extends AnyEvent["type"]> = Extract<AnyEvent, { type: Type }>;
type Frame = AnyEvent | { type: "batch"; messages: AnyEvent[]; timestamp: number };

/** A WebSocket client based on `ws`, independent of this project's client, which validates the server's frames. */
export class TestSocket {
  readonly ws: WebSocket;
  /** Received frames, with batches as they are. */
  readonly frames: Frame[] = [];
  readonly events: AnyEvent[] = [];
  readonly closed: Promise<{ code: number; reason: string }>;
  pings = 0;
  readonly #waiting = new Set<() => void>();

  constructor(url: string, options: { protocols?: string[] } & ClientOptions = {}) {
    const { protocols = [], ...rest } = options;
    this.ws = new WebSocket(url, protocols, { perMessageDeflate: false, ...rest });
    this.ws.on("message", (data: Buffer) => this.#receive(JSON.parse(data.toString()) as Frame));
    this.ws.on("ping", () => (this.pings += 1));
    this.ws.on("error", () => {});
    this.closed = new Promise((resolve) => {
      this.ws.once("close", (code, reason) => resolve({ code, reason: reason.toString() }));
    });
  }

  send(frame: unknown): void {
    this.ws.send(typeof frame === "string" || Buffer.isBuffer(frame) ? frame : JSON.stringify(frame));
  }

  /** Resolves with the first matching event, including events received before the call. */
  async next<Type extends AnyEvent["type"]>(
    type: Type,
    matches: (event: EventOf<Type>) => boolean = () => true,
  ): Promise<EventOf<Type>> {
    for (;;) {
      const found = this.all(type).find(matches);
      if (found) return found;
      await this.#change();
    }
  }

  all<Type extends AnyEvent["type"]>(type: Type): EventOf<Type>[] {
    return this.events.filter((event): event is EventOf<Type> => event.type === type);
  }

  /** Resolves once `count` events of the type have been received. */
  async count(type: AnyEvent["type"], count: number): Promise<void> {
    while (this.all(type).length < count) await this.#change();
  }

  /** Resolves when all events sent so far have arrived: the server answers a ping in order. */
  async roundTrip(): Promise<void> {
    const before = this.all("pong").length;
    this.send({ type: "ping" });
    await this.count("pong", before + 1);
  }

  async join(channelId: number, afterSeq?: number): Promise<EventOf<"channel_synced">> {
    const before = this.all("channel_synced").length;
    this.send({ type: "join_channel", channel_id: channelId, ...(afterSeq !== undefined && { after_seq: afterSeq }) });
    await this.count("channel_synced", before + 1);
    return this.all("channel_synced")[before]!;
  }

  close(): Promise<unknown> {
    this.ws.close();
    return this.closed;
  }

  #receive(frame: Frame): void {
    this.frames.push(frame);
    this.events.push(...(frame.type === "batch" ? frame.messages : [frame]));
    for (const wake of this.#waiting) wake();
  }

  #change(): Promise<void> {
    return new Promise((resolve, reject) => {
      const wake = () => {
        this.#waiting.delete(wake);
        resolve();
      };
      this.#waiting.add(wake);
      void this.closed.then(({ code, reason }) => reject(new Error(`closed with ${code} ${reason}`)));
    });
  }
}
