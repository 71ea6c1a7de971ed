import type { MainCommand, MainEvent } from "@miscord/protocol";
import { createMainTransport } from "./connection/main-transport.ts";
import type { CloseCause, Hello, TrafficObserver, Transport, TransportListener } from "./connection/transport.ts";
import { EventEmitter } from "./event-emitter.ts";
import { LazyLegacyTransport } from "./legacy/lazy-legacy-transport.ts";
import type { Platform } from "./platform.ts";
import type { AccessToken } from "./rest/access-token.ts";
import type { Rest } from "./rest/rest.ts";
import type { ClientState, ConnectionState, Mode } from "./state/types.ts";

interface Options {
  platform: Platform;
  tokens: AccessToken;
  rest: Rest;
  observer: TrafficObserver;
  /** `connection.mode` says which transport to begin with. */
  state: () => ClientState;
  /** The WebSocket URL of a path. */
  urlOf: (path: string) => string;
}

/** The methods of `TransportListener` as events. */
interface TransportEvents {
  status: Partial<ConnectionState>;
  online: Hello;
  offline: CloseCause;
  events: readonly MainEvent[];
  /** A channel's id. */
  interrupted: number;
}

/** The main connection in either mode: `enhanced` over `/ws/main`, `legacy` over the sockets of version 1. */
export class ModeTransport implements Transport {
  readonly events = new EventEmitter<TransportEvents>();
  readonly #options: Options;
  #current: Transport;

  constructor(options: Options) {
    this.#options = options;
    this.#current = this.#create(options.state().connection.mode);
  }

  /** Stops the present transport and replaces it by a stopped one of the other mode. */
  setMode(mode: Mode): void {
    this.#current.stop();
    this.events.emit("status", { mode });
    this.#current = this.#create(mode);
  }

  start(): void {
    this.#current.start();
  }

  stop(): void {
    this.#current.stop();
  }

  reconnect(force: boolean): void {
    this.#current.reconnect(force);
  }

  get isOnline(): boolean {
    return this.#current.isOnline;
  }

  send(command: MainCommand): boolean {
    return this.#current.send(command);
  }

  measure(): void {
    this.#current.measure();
  }

  get backlog(): number {
    return this.#current.backlog;
  }

  authenticate(token: string): void {
    this.#current.authenticate(token);
  }

  #create(mode: Mode): Transport {
    const { platform, tokens, rest, observer, state, urlOf } = this.#options;
    const listener: TransportListener = {
      onStatus: (change) => this.events.emit("status", change),
      onOnline: (hello) => this.events.emit("online", hello),
      onOffline: (cause) => this.events.emit("offline", cause),
      onEvents: (events) => this.events.emit("events", events),
      onInterrupted: (channelId) => this.events.emit("interrupted", channelId),
    };
    const shared = { platform, tokens, observer, listener };
    return mode === "legacy"
      ? new LazyLegacyTransport({ ...shared, rest, state, urlOf })
      : createMainTransport({ ...shared, url: () => urlOf("/ws/main") });
  }
}
