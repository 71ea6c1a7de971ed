import { bearerPrefix, closeCodes, subprotocol, type SocketEvent } from "@miscord/protocol";
import type { Platform, Timer, WebSocketLike } from "../platform.ts";
import { Heartbeat } from "./heartbeat.ts";
import type { CloseCause, TrafficObserver } from "./transport.ts";
import { utf8Length } from "./utf8-length.ts";

const connectTimeoutMs = 10_000;
const open = 1;

/** Commands that every kind of socket accepts. */
export type SocketCommand =
  | { type: "heartbeat"; timestamp: number }
  | { type: "ping" }
  | { type: "pong" }
  | { type: "auth_refresh"; token: string };

/** How a kind of socket is established and kept alive. */
export interface Keepalive<Event> {
  /**
   * Heartbeat interval in milliseconds if this event is the server's greeting, after which it accepts commands;
   * otherwise null.
   */
  heartbeatOf: (event: Event) => number | null;
  /** Command sent as a heartbeat. `ping` is for servers without heartbeats: a `pong` acknowledges the latest one. */
  beats?: "heartbeat" | "ping";
  /** The server sends no greeting by itself: a heartbeat sent on opening asks for one. */
  isSilent?: boolean;
}

interface Options<Event extends { type: string }> extends Keepalive<Event> {
  platform: Platform;
  url: string;
  token: string;
  observer: TrafficObserver;
  onGreeting: (greeting: Event) => void;
  onEvents: (events: readonly Event[]) => void;
  onTokenExpiring: () => void;
  onDraining: (reconnectAfterMs: number) => void;
  /** Called once; no other callback follows. */
  onClosed: (cause: CloseCause) => void;
}

/** One WebSocket from its creation to its close; every reconnect creates a new link. */
export class SocketLink<Command extends { type: string }, Event extends { type: string }> {
  readonly #options: Options<Event>;
  readonly #socket: WebSocketLike;
  readonly #connectTimer: Timer;
  readonly #listening = new AbortController();
  #heartbeat: Heartbeat | null = null;
  #lastBeatAt = 0;
  #isClosed = false;

  constructor(options: Options<Event>) {
    this.#options = options;
    this.#socket = new options.platform.WebSocket(options.url, [subprotocol, bearerPrefix + options.token]);
    const { signal } = this.#listening;
    if (options.isSilent) this.#socket.addEventListener("open", () => this.#beat(this.#now()), { signal });
    this.#socket.addEventListener("message", (event) => this.#receive(event.data), { signal });
    // An `error` event is always followed by `close`, which has the code and the reason.
    this.#socket.addEventListener("close", ({ code, reason }) => this.#finish({ code, reason }), { signal });
    this.#connectTimer = options.platform.clock.setTimeout(() => this.abandon("connect timeout"), connectTimeoutMs);
  }

  get backlog(): number {
    return this.#socket.bufferedAmount;
  }

  send(command: Command | SocketCommand): boolean {
    if (this.#isClosed || this.#socket.readyState !== open) return false;
    const text = JSON.stringify(command);
    this.#socket.send(text);
    this.#options.observer.onFrameOut(utf8Length(text));
    return true;
  }

  measure(): void {
    this.#heartbeat?.measure();
  }

  probe(): void {
    this.#heartbeat?.probe();
  }

  /** Closes the socket without waiting for the close frame, which a dead connection never delivers. */
  abandon(reason: string): void {
    this.#socket.close();
    this.#finish({ code: closeCodes.tooSlow, reason });
  }

  /** Closes the socket without calling `onClosed`. */
  dispose(): void {
    this.#release();
    this.#socket.close(closeCodes.normal);
  }

  #receive(data: unknown): void {
    if (this.#isClosed || typeof data !== "string") return;
    this.#heartbeat?.alive();
    const events = parseFrame(data) as readonly Event[];
    const rest = events.filter((event) => !this.#handle(event));
    this.#options.observer.onFrameIn(utf8Length(data), rest.length);
    if (rest.length > 0) this.#options.onEvents(rest);
  }

  /** True for events that only concern the connection itself. */
  #handle(event: Event): boolean {
    const intervalMs = this.#heartbeat === null ? this.#options.heartbeatOf(event) : null;
    if (intervalMs !== null) {
      this.#establish(event, intervalMs);
      return true;
    }
    return this.#keepAlive(event as unknown as SocketEvent);
  }

  #keepAlive(event: SocketEvent): boolean {
    switch (event.type) {
      case "heartbeat_ack":
        if (event.client_timestamp !== undefined) this.#heartbeat?.acknowledged(event.client_timestamp * 1_000);
        return true;
      case "ping":
        this.send({ type: "pong" });
        return true;
      case "pong":
        if (this.#options.beats === "ping") this.#heartbeat?.acknowledged(this.#lastBeatAt);
        return true;
      case "token_expiring":
        this.#options.onTokenExpiring();
        return true;
      case "server_draining":
        this.#options.onDraining(event.reconnect_after_ms);
        return true;
      default:
        return false;
    }
  }

  #establish(greeting: Event, intervalMs: number): void {
    this.#connectTimer.cancel();
    const { clock, random } = this.#options.platform;
    this.#heartbeat = new Heartbeat({
      clock,
      random,
      intervalMs,
      beat: (sentAt) => this.#beat(sentAt),
      onRoundTrip: (rttMs) => this.#options.observer.onRoundTrip(rttMs),
      onDead: () => this.abandon("heartbeat missed"),
    });
    this.#options.onGreeting(greeting);
  }

  #beat(sentAt: number): void {
    this.#lastBeatAt = sentAt;
    this.send(this.#options.beats === "ping" ? { type: "ping" } : { type: "heartbeat", timestamp: sentAt / 1_000 });
  }

  #now(): number {
    return this.#options.platform.clock.now();
  }

  #finish(cause: CloseCause): void {
    if (this.#isClosed) return;
    this.#release();
    this.#options.onClosed(cause);
  }

  #release(): void {
    this.#isClosed = true;
    this.#connectTimer.cancel();
    this.#heartbeat?.stop();
    this.#listening.abort();
  }
}

/** Frames that cannot be parsed are skipped: a newer server may send what this client does not know. */
function parseFrame(data: string): readonly { type: string }[] {
  try {
    const frame = JSON.parse(data) as { type: string; messages?: { type: string }[] } | null;
    if (typeof frame?.type !== "string") return [];
    return frame.type === "batch" ? (frame.messages ?? []) : [frame];
  } catch {
    return [];
  }
}
