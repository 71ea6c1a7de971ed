import { closeCodes } from "@miscord/protocol";
import type { Socket } from "node:net";
import type { ClientAddress } from "../../client-address.ts";
import type { Clock } from "../../clock.ts";
import type { SharedTurns } from "../../concurrency/shared-turns.ts";
import { mainCodec, type WireCodec } from "../../delivery/wire-codec.ts";
import { pingFrame, pongFrame } from "../../delivery/frame.ts";
import { Writer, type WriteBudget } from "../../delivery/writer.ts";
import { FrameCounter } from "./frame-counter.ts";
import { FrameQueue, type FrameReader } from "./frame-turns.ts";
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
  readonly frameTurns: SharedTurns;
  readonly codec?: WireCodec;
}

export interface Handlers {
  /** Runs before the frames of one read of the socket are handled; `count` includes fragments and control frames. */
  arriving(count: number): void;
  /** Runs as soon as a message is there, before it waits for its turn: what waits takes memory. `bytes`: after inflation. */
  arrived(bytes: number): void;
  message(data: Buffer, isBinary: boolean): void;
  /** Periodic work. Returns the milliseconds until the next call is due. */
  tick(): number;
  /** The peer violated the WebSocket protocol. The connection is closed after this call. */
  malformed(): void;
}

/**
 * Ping interval, independent of the application heartbeat: keeps proxies from timing out and detects half-open sockets.
 */
export const pingIntervalMs = 15_000;
const pingBytes = pingFrame();
/** A read below this many bytes counts as a frame even if none begins in it: a frame sent byte by byte costs work. */
const smallReadBytes = 256;
/** Bytes that are read from a peer after our close frame. */
const maxDiscardedBytes = 4 * 1024 * 1024;

/**
 * One WebSocket from its handshake to its last byte. Reading is paused until `start`, so frames that arrive during
 * setup wait in the kernel's buffer, bounded and in order.
 */
export class Connection {
  readonly id: number;
  readonly address: ClientAddress;
  readonly writer: Writer;
  openedAt: number;
  lastSeenAt: number;
  nextPingAt = Infinity;
  /** Earliest monotonic time at which `tick` needs to run; 0 runs it on every sweep. */
  checkAt = 0;
  /** Other ends are not moved to other nodes to spread the load. */
  isPinned = false;
  closing: { code: number; reason: string; at: number } | null = null;
  readonly #options: ConnectionOptions;
  #handlers: Handlers | null = null;
  #closed = false;
  #isPaused = false;
  readonly #frames: FrameQueue<{ data: Buffer; isBinary: boolean }>;
  /** The close code of a peer whose last frames wait to be handled. */
  #peerCloseCode: number | null = null;
  /** Payload of the latest ping that has no pong yet. */
  #unansweredPing: Buffer | null = null;
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
    const reader: FrameReader<{ data: Buffer; isBinary: boolean }> = {
      handle: ({ data, isBinary }) => this.#handlers?.message(data, isBinary),
      isWanted: () => this.isOpen && !this.#isPaused,
      onWaiting: () => options.receiver.pause(),
      onDone: () => this.#readOn(),
    };
    this.#frames = new FrameQueue(reader, options.frameTurns);
    options.receiver.pause();
    this.#listen(options.receiver);
  }

  /** The user, once authenticated. */
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

  /** Ends setup: frames are handled from now on, those that arrived during setup first. */
  start(handlers: Handlers): void {
    if (!this.isOpen) return;
    this.#handlers = handlers;
    this.lastSeenAt = this.#options.clock.monotonic();
    this.#countFrames(handlers);
    if (!this.#isPaused) this.#options.receiver.resume();
  }

  ping(): void {
    this.nextPingAt = this.#options.clock.monotonic() + pingIntervalMs;
    this.writer.sendBytes(pingBytes);
  }

  /** A heartbeat and its answer prove that the connection works, as a ping would, so the next ping is postponed. */
  heartbeat(): void {
    this.nextPingAt = this.#options.clock.monotonic() + 1.5 * pingIntervalMs;
  }

  /** Stops reading frames. `close` resumes reading and discards the frames that wait. */
  pause(): void {
    this.#isPaused = true;
    this.#options.receiver.pause();
  }

  /** Moves all deadlines of the connection by the time in which this process stood still and read nothing. */
  forgive(stalledMs: number): void {
    this.openedAt += stalledMs;
    this.lastSeenAt += stalledMs;
    this.nextPingAt += stalledMs;
    if (this.closing) this.closing.at += stalledMs;
  }

  tick(): number {
    return this.#handlers?.tick() ?? 0;
  }

  close(code: number, reason: string): void {
    this.writer.close(code, reason);
  }

  /** Runs the listener once, after the socket has closed; immediately when it has closed already. */
  onClosed(listener: () => void): void {
    if (this.#closed) listener();
    else this.#onClosed.push(listener);
  }

  /** Closes the TCP socket without a closing handshake. */
  destroy(): void {
    this.#options.socket.destroy();
    this.#finish();
  }

  get isDestroyed(): boolean {
    return this.#options.socket.destroyed;
  }

  #listen(receiver: ReceivingSocket): void {
    receiver.on("message", (data, isBinary) => this.#receive(data as Buffer, isBinary));
    receiver.on("ping", (payload) => this.#pong(payload));
    receiver.on("pong", () => this.#seen());
    receiver.on("close", () => this.#finish());
    // Each error is also reported by `onFault` or by the close event.
    receiver.on("error", () => {});
    receiver.onPeerClose = (code) => {
      if (this.#frames.isWaiting) this.#peerCloseCode = code;
      else this.writer.close(code, "");
    };
    receiver.onFault = (code) => {
      this.#handlers?.malformed();
      this.writer.close(closeCodes.malformed, faults[code] ?? "malformed frame");
    };
  }

  /** Puts the count before the listener of `ws`, which does not get to see a read that closes the connection. */
  #countFrames(handlers: Handlers): void {
    const { socket } = this.#options;
    const counter = new FrameCounter();
    const parsers = socket.listeners("data");
    socket.removeAllListeners("data");
    socket.on("data", (bytes: Buffer) => {
      const begun = counter.count(bytes);
      this.#frames.begin();
      handlers.arriving(begun === 0 && bytes.length < smallReadBytes ? 1 : begun);
      if (this.isOpen) for (const parse of parsers) parse.call(socket, bytes);
    });
  }

  /** Answers the latest ping of a turn of the event loop; RFC 6455, section 5.5.3, allows to skip the others. */
  #pong(payload: Buffer): void {
    this.#seen();
    const isScheduled = this.#unansweredPing !== null;
    this.#unansweredPing = payload;
    if (isScheduled) return;
    setImmediate(() => {
      const latest = this.#unansweredPing!;
      this.#unansweredPing = null;
      if (this.isOpen) this.writer.sendBytes(pongFrame(latest));
    });
  }

  #receive(data: Buffer, isBinary: boolean): void {
    this.#seen();
    if (!this.isOpen || !this.#handlers) return;
    const { stats } = this.#options;
    stats.messagesReceived += 1;
    stats.bytesReceived += data.length;
    this.#handlers.arrived(data.length);
    if (this.isOpen) this.#frames.push({ data, isBinary });
  }

  /** After frames that had waited. */
  #readOn(): void {
    if (this.#peerCloseCode !== null) this.writer.close(this.#peerCloseCode, "");
    else if (this.isOpen && !this.#isPaused) this.#options.receiver.resume();
  }

  /** Counts a command of this connection that failed with an internal error. */
  commandFailed(): void {
    this.#options.stats.failures += 1;
  }

  #seen(): void {
    this.lastSeenAt = this.#options.clock.monotonic();
  }

  /** The close frame was written. If the peer does not end its side, `Keepalive` destroys the socket after a timeout. */
  #beginClosing(code: number, reason: string): void {
    const { socket, receiver, clock } = this.#options;
    this.closing = { code, reason, at: clock.monotonic() };
    this.checkAt = 0;
    socket.end();
    this.#discardInput();
    receiver.resume();
  }

  /**
   * Reads on for the peer's end of the stream, without parsing or inflating anything. Reading stops when a peer goes on
   * sending; it can still read the close frame until `Keepalive` destroys the socket.
   */
  #discardInput(): void {
    const { socket, receiver } = this.#options;
    let left = maxDiscardedBytes;
    socket.removeAllListeners("data");
    socket.on("data", (bytes: Buffer) => {
      left -= bytes.length;
      if (left < 0) receiver.pause();
    });
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
