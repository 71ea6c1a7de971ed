import { OwnStatus } from "./actions/own-status.ts";
import { Reactions } from "./actions/reactions.ts";
import { Typing } from "./actions/typing.ts";
import type { ClientEvents, ClientOptions } from "./client.ts";
import { createMainTransport } from "./connection/main-transport.ts";
import { socketUrl } from "./connection/socket-url.ts";
import type { CloseCause, Hello, Transport } from "./connection/transport.ts";
import { EventEmitter } from "./event-emitter.ts";
import { ConnectionMetrics } from "./metrics/connection-metrics.ts";
import { OutgoingMessages } from "./outbox/outgoing-messages.ts";
import { createPlatform, type Platform } from "./platform.ts";
import { AccessToken } from "./rest/access-token.ts";
import { Http } from "./rest/http.ts";
import { createRest, type Rest } from "./rest/rest.ts";
import { Session } from "./session/session.ts";
import type { ConnectionState } from "./state/types.ts";
import { AccountSync } from "./sync/account-sync.ts";
import type { SyncContext } from "./sync/context.ts";
import { EventRouter } from "./sync/event-router.ts";
import { HistoryPaging } from "./sync/history-paging.ts";
import { ReadPositions } from "./sync/read-positions.ts";
import { StateWriter } from "./sync/state-writer.ts";
import { Timelines } from "./sync/timelines.ts";
import { createNonce } from "./outbox/create-nonce.ts";
import { VoiceController } from "./voice/voice-controller.ts";
import { createVoiceSocket } from "./voice/voice-socket.ts";

/** The parts of a client and how they hang together; the only place that knows all of them. */
export class Engine {
  readonly platform: Platform;
  readonly writer = new StateWriter();
  readonly emitter = new EventEmitter<ClientEvents>();
  readonly http: Http;
  readonly rest: Rest;
  readonly token: AccessToken;
  readonly metrics: ConnectionMetrics;
  readonly transport: Transport;
  readonly context: SyncContext;
  readonly outgoing: OutgoingMessages;
  readonly timelines: Timelines;
  readonly paging: HistoryPaging;
  readonly reads: ReadPositions;
  readonly account: AccountSync;
  readonly typing: Typing;
  readonly reactions: Reactions;
  readonly ownStatus: OwnStatus;
  readonly session: Session;
  readonly voice: VoiceController;
  readonly #router: EventRouter;

  constructor(options: ClientOptions) {
    this.platform = createPlatform(options);
    this.http = new Http(this.platform, options.baseUrl ?? "");
    this.rest = createRest(this.http);
    this.token = this.http.token = this.#createToken();
    this.metrics = this.#createMetrics();
    this.transport = this.#createTransport(options);
    this.context = this.#createContext();
    this.outgoing = this.#createOutgoing(options);
    this.timelines = this.#createTimelines();
    this.paging = new HistoryPaging({
      context: this.context,
      followerOf: (channelId) => this.timelines.follower(channelId),
    });
    this.reads = new ReadPositions(this.context);
    this.account = new AccountSync({ context: this.context, withOwnReads: this.reads.over });
    this.typing = new Typing(this.context, () => this.transport.backlog);
    this.reactions = new Reactions(this.context);
    this.ownStatus = new OwnStatus(this.context);
    this.session = this.#createSession();
    this.voice = this.#createVoice(options);
    this.#router = this.#createRouter();
  }

  close(): void {
    this.session.close();
    this.voice.leave();
    this.transport.stop();
    this.metrics.stop();
    this.token.clear();
    this.outgoing.close();
    this.#stopTimers();
  }

  reconnect(force: boolean): void {
    this.session.wake();
    if (this.context.state().session.status !== "authenticated") return;
    this.transport.reconnect(force);
    this.voice.reconnect();
  }

  #cameOnline(hello: Hello): void {
    this.metrics.connected();
    this.timelines.connected(hello.epoch);
    this.account.connected();
    this.reads.connected();
    this.ownStatus.connected();
    this.outgoing.outbox.connected();
  }

  #wentOffline(cause: CloseCause): void {
    this.metrics.disconnected(cause);
    this.timelines.disconnected();
    this.account.disconnected();
    this.outgoing.outbox.disconnected();
    this.#patchConnection({ ready: false, sessionId: null, node: null });
  }

  #sessionEnded(isRevoked: boolean): void {
    this.voice.leave();
    this.transport.stop();
    this.#stopTimers();
    if (isRevoked) this.outgoing.suspend();
    else this.outgoing.clear();
    if (isRevoked) this.emitter.emit("session_lost", undefined);
  }

  #stopTimers(): void {
    this.timelines.clear();
    this.reads.clear();
    this.typing.clear();
  }

  #patchConnection(change: Partial<ConnectionState>): void {
    this.writer.update((state) => ({ ...state, connection: { ...state.connection, ...change } }));
  }

  #createToken(): AccessToken {
    return new AccessToken({
      platform: this.platform,
      refresh: this.rest.refresh,
      onRenewed: (credentials) => {
        this.session.renewed(credentials);
        this.transport.authenticate(credentials.access_token);
        this.voice.authenticate(credentials.access_token);
      },
      onLost: () => this.session.lost(),
    });
  }

  #createMetrics(): ConnectionMetrics {
    return new ConnectionMetrics({
      clock: this.platform.clock,
      isOnline: () => this.transport.isOnline,
      measure: () => this.transport.measure(),
      queueLength: () => this.outgoing.outbox.size,
    });
  }

  /** `path` at the origin of the sockets. */
  #urlOf({ wsUrl, baseUrl = "" }: ClientOptions, path: string): string {
    return socketUrl(wsUrl ?? this.context.state().instance?.ws_url ?? baseUrl, path);
  }

  #createVoice(options: ClientOptions): VoiceController {
    const { clock, random, createPeerConnection: createConnection } = this.platform;
    return new VoiceController({
      clock,
      createConnection,
      newId: () => Math.floor(random() * 2 ** 48).toString(36),
      newSession: createNonce,
      selfId: () => this.context.state().session.me?.id ?? null,
      openSocket: (channelId, session, listener) =>
        createVoiceSocket({
          platform: this.platform,
          url: () => this.#urlOf(options, `/ws/voice/${channelId}?session=${session}`),
          tokens: this.token,
          listener,
        }),
    });
  }

  #createTransport(options: ClientOptions): Transport {
    return createMainTransport({
      platform: this.platform,
      url: () => this.#urlOf(options, "/ws/main"),
      tokens: this.token,
      observer: this.metrics,
      listener: {
        onStatus: (change) => this.#patchConnection(change),
        onOnline: (hello) => this.#cameOnline(hello),
        onOffline: (cause) => this.#wentOffline(cause),
        onEvents: (events) => this.#router.receive(events),
      },
    });
  }

  #createContext(): SyncContext {
    return {
      clock: this.platform.clock,
      rest: this.rest,
      state: () => this.writer.store.getState(),
      update: this.writer.update,
      defer: this.writer.defer,
      send: (command) => this.transport.send(command),
    };
  }

  #createOutgoing({ persistence }: ClientOptions): OutgoingMessages {
    return new OutgoingMessages({
      context: this.context,
      emitter: this.emitter,
      persistence: persistence ?? null,
      isFollowed: (channelId) => this.timelines.follower(channelId) !== null,
    });
  }

  #createTimelines(): Timelines {
    return new Timelines({
      context: this.context,
      outboxOf: (channelId) => this.outgoing.outbox.of(channelId),
      onMessage: (message) => this.emitter.emit("message", message),
      onArrived: (channelId, nonces) => this.outgoing.arrived(channelId, nonces),
    });
  }

  #createSession(): Session {
    return new Session({
      platform: this.platform,
      rest: this.rest,
      token: this.token,
      state: this.context.state,
      update: this.writer.update,
      onBegin: (me) => {
        this.outgoing.restore(me.id);
        this.metrics.start();
        this.transport.start();
      },
      onEnd: (isRevoked) => this.#sessionEnded(isRevoked),
    });
  }

  #createRouter(): EventRouter {
    const { context, emitter, account, timelines, outgoing, reads, typing } = this;
    const reloadMe = () => this.session.reloadMe();
    return new EventRouter({ context, emitter, account, timelines, outgoing, reads, typing, reloadMe });
  }
}
