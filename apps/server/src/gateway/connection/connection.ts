import { closeCodes } from "@miscord/protocol";
import type { Socket } from "node:net";
import type { ClientAddress } from "../../client-address.ts";
import type { Clock } from "../../clock.ts";
import { mainCodec, type WireCodec } from "../../delivery/wire-codec.ts";
import { pingFrame, pongFrame } from "../../delivery/frame.ts";
import { Writer, type WriteBudget } from "../../delivery/writer.ts";
import type { ReceivingSocket } from "./receiving-socket.ts";
import type { GatewayStats } from "../stats.ts";

export interface ConnectionOptions {
  readonly id: number;
  readonly socket: Socket;
  readonly receiver: ReceivingSocket;
  readonly address: ClientAddress;
  readonly clock: Clock;
  readonly stats: GatewayStats;
  readonly budget: WriteBudget;
  readonly deflate: boolean;
  readonly codec?: WireCodec;
}

export interface Handlers {
  message(data: Buffer, isBinary: boolean): void;
  /** Looks at what the time brings, and answers in how many milliseconds it wants to look again. */
  tick(): number;
  /** The peer broke the protocol beyond what can be answered; the connection closes by itself. */
  malformed(): void;
}

/** Whatever the heartbeat that clients are asked for, proxies and half-open sockets want this. */
export const pingIntervalMs = 15_000;
const pingBytes = pingFrame();

/**
 * One socket from handshake to the last byte. Reading is paused until `start`, so what arrives during setup waits in
 * the kernel, bounded and in order.
 */
export class Connection {
  readonly id: number;
  readonly address: ClientAddress;
  readonly writer: Writer;
  readonly openedAt: number;
  lastSeenAt: number;
  nextPingAt = Infinity;
  /** Before this nothing falls due; 0: look at the next opportunity, and at each one until there is another time. */
  checkAt = 0;
  closing: { code: number; reason: string; at: number } | null = null;
  readonly #options: ConnectionOptions;
  #handlers: Handlers | null = null;
  #closed = false;
  #isPaused = false;
  readonly #onClosed: (() => void)[] = [];

  constructor(options: ConnectionOptions) {
    this.#options = options;
    this.id = options.id;
    this.address = options.address;
    this.openedAt = options.clock.monotonic();
    this.lastSeenAt = this.openedAt;
    this.writer = new Writer(options.socket, {
      encoding: { codec: options.codec ?? mainCodec, deflate: options.deflate },
      budget: options.budget,
      stats: options.stats.delivery,
      onClosing: (code, reason) => this.#beginClosing(code, reason),
    });
    options.receiver.pause();
    this.#listen(options.receiver);
  }

  /** Who it is, once known. */
  get userId(): number | null {
    return this.writer.readerId || null;
  }

  identify(userId: number): void {
    this.writer.readerId = userId;
  }

  get isStarted(): boolean {
    return this.#handlers !== null;
  }

  get isOpen(): boolean {
    return this.closing === null && !this.#closed;
  }

  /** Sets the connection up: from now on frames are handled, those that waited first. */
  start(handlers: Handlers): void {
    if (!this.isOpen) return;
    this.#handlers = handlers;
    this.lastSeenAt = this.#options.clock.monotonic();
    if (!this.#isPaused) this.#options.receiver.resume();
  }

  ping(): void {
    this.nextPingAt = this.#options.clock.monotonic() + pingIntervalMs;
    this.writer.sendBytes(pingBytes);
  }

  /** A heartbeat and its answer show both sides, and all between them, what a ping would: it is left out then. */
  heartbeat(): void {
    this.nextPingAt = this.#options.clock.monotonic() + 1.5 * pingIntervalMs;
  }

  /** Takes no more frames; closing lets go of those that wait. */
  pause(): void {
    this.#isPaused = true;
    this.#options.receiver.pause();
  }

  tick(): number {
    return this.#handlers?.tick() ?? 0;
  }

  close(code: number, reason: string): void {
    this.writer.close(code, reason);
  }

  /** Runs once, after the last byte; at once when that has been. */
  onClosed(listener: () => void): void {
    if (this.#closed) listener();
    else this.#onClosed.push(listener);
  }

  /** Lets go of the socket, whatever the peer does. */
  destroy(): void {
    this.#options.socket.destroy();
    this.#finish();
  }

  get isDestroyed(): boolean {
    return this.#options.socket.destroyed;
  }

  #listen(receiver: ReceivingSocket): void {
    receiver.on("message", (data, isBinary) => this.#receive(data as Buffer, isBinary));
    receiver.on("ping", (payload) => {
      this.#seen();
      if (this.isOpen) this.writer.sendBytes(pongFrame(payload));
    });
    receiver.on("pong", () => this.#seen());
    receiver.on("close", () => this.#finish());
    // Its consequence arrives as onFault or as a closed socket.
    receiver.on("error", () => {});
    receiver.onPeerClose = (code) => this.writer.close(code, "");
    receiver.onFault = (code) => {
      this.#handlers?.malformed();
      this.writer.close(closeCodes.malformed, faults[code] ?? "malformed frame");
    };
  }

  #receive(data: Buffer, isBinary: boolean): void {
    this.#seen();
    if (!this.isOpen || !this.#handlers) return;
    const { stats } = this.#options;
    stats.messagesReceived += 1;
    stats.bytesReceived += data.length;
    this.#handlers.message(data, isBinary);
  }

  /** A command of its failed by our own fault. */
  commandFailed(): void {
    this.#options.stats.failures += 1;
  }

  #seen(): void {
    this.lastSeenAt = this.#options.clock.monotonic();
  }

  /** The close frame is on its way; the peer answers it or is let go after a while. */
  #beginClosing(code: number, reason: string): void {
    const { socket, receiver, clock } = this.#options;
    this.closing = { code, reason, at: clock.monotonic() };
    this.checkAt = 0;
    socket.end();
    receiver.resume();
  }

  #finish(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.writer.abandon();
    for (const listener of this.#onClosed.splice(0)) listener();
  }
}

const faults: Readonly<Record<number, string>> = {
  1002: "malformed frame",
  1007: "not UTF-8",
  1009: "frame too large",
};
