import type { Me } from "@miscord/protocol";
import type { ClientEvents } from "./client.ts";
import type { ClientContext } from "./client-context.ts";
import type { CloseCause, Hello } from "./connection/transport.ts";
import type { EventEmitter } from "./event-emitter.ts";
import type { ConnectionMetrics } from "./metrics/connection-metrics.ts";
import type { ModeTransport } from "./mode-transport.ts";
import type { OutgoingMessages } from "./outbox/outgoing-messages.ts";
import type { ConnectionState, Mode } from "./state/types.ts";
import type { VoiceController } from "./voice/voice-controller.ts";

/** A part that acts when the main connection is established or lost. */
interface ConnectionFollower {
  connected(hello: Hello): void;
  disconnected?(cause: CloseCause): void;
}

/** A part that holds data of the user who is logged in. */
interface AccountCache {
  clear(): void;
}

interface Options {
  context: ClientContext;
  emitter: EventEmitter<ClientEvents>;
  transport: ModeTransport;
  voice: VoiceController;
  metrics: ConnectionMetrics;
  outgoing: OutgoingMessages;
  /** Called in their order. */
  followers: readonly ConnectionFollower[];
  caches: readonly AccountCache[];
}

/** Starts, switches and stops the parts of a client with its connection, its session and its mode. */
export class Lifecycle {
  readonly #options: Options;

  constructor(options: Options) {
    this.#options = options;
    const { transport, followers } = options;
    transport.events.on("status", (change) => this.#patchConnection(change));
    transport.events.on("online", (hello) => {
      for (const follower of followers) follower.connected(hello);
    });
    transport.events.on("offline", (cause) => {
      for (const follower of followers) follower.disconnected?.(cause);
      this.#patchConnection({ ready: false, sessionId: null, node: null });
    });
  }

  /** A user is logged in. */
  begin(me: Me): void {
    const { outgoing, metrics, transport } = this.#options;
    outgoing.restore(me.id);
    metrics.start();
    transport.start();
  }

  /** The user is logged out. `isRevoked`: by the server, so that unsent messages are kept for the next login. */
  end(isRevoked: boolean): void {
    const { voice, transport, outgoing, emitter } = this.#options;
    voice.leave();
    transport.stop();
    this.#clearCaches();
    if (isRevoked) outgoing.suspend();
    else outgoing.clear();
    if (isRevoked) emitter.emit("session_lost", undefined);
  }

  reconnect(force: boolean): void {
    if (!this.#isAuthenticated) return;
    this.#options.transport.reconnect(force);
    this.#options.voice.reconnect();
  }

  setMode(mode: Mode): void {
    const { context, transport, voice } = this.#options;
    if (context.state().connection.mode === mode) return;
    transport.setMode(mode);
    if (!this.#isAuthenticated) return;
    transport.start();
    voice.restart();
  }

  close(): void {
    const { voice, transport, metrics, outgoing } = this.#options;
    voice.leave();
    transport.stop();
    metrics.stop();
    outgoing.close();
    this.#clearCaches();
  }

  get #isAuthenticated(): boolean {
    return this.#options.context.state().session.status === "authenticated";
  }

  #clearCaches(): void {
    for (const cache of this.#options.caches) cache.clear();
  }

  #patchConnection(change: Partial<ConnectionState>): void {
    this.#options.context.update((state) => ({ ...state, connection: { ...state.connection, ...change } }));
  }
}
