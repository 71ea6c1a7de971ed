import { OwnStatus } from "./actions/own-status.ts";
import { Reactions } from "./actions/reactions.ts";
import { Typing } from "./actions/typing.ts";
import type { ClientEvents, ClientOptions } from "./client.ts";
import { createMainTransport } from "./connection/main-transport.ts";
import { socketUrl } from "./connection/socket-url.ts";
import type { CloseCause, Hello, Transport, TransportListener } from "./connection/transport.ts";
import { EventEmitter } from "./event-emitter.ts";
import { LegacyTransport } from "./legacy/legacy-transport.ts";
import { createLegacyVoiceSocket } from "./legacy/legacy-voice-socket.ts";
import { ConnectionMetrics } from "./metrics/connection-metrics.ts";
import { OutgoingMessages } from "./outbox/outgoing-messages.ts";
import { createPlatform, type Platform } from "./platform.ts";
import { AccessToken } from "./rest/access-token.ts";
import { Http } from "./rest/http.ts";
import { createRest, type Rest } from "./rest/rest.ts";
import { Session } from "./session/session.ts";
import type { ConnectionState, Mode } from "./state/types.ts";
import { AccountSync } from "./sync/account-sync.ts";
import type { SyncContext } from "./sync/context.ts";
import { EventRouter } from "./sync/event-router.ts";
import { HistoryPaging } from "./sync/history-paging.ts";
import { ReadPositions } from "./sync/read-positions.ts";
import { StateWriter } from "./sync/state-writer.ts";
import { Timelines } from "./sync/timelines.ts";
import { createNonce } from "./outbox/create-nonce.ts";
import { VoiceController } from "./voice/voice-controller.ts";
import { createVoiceSocket, type VoiceSocket, type VoiceSocketListener } from "./voice/voice-socket.ts";

/** The parts of a client and how they hang together; the only place that knows all of them. */
export class Engine {
  readonly platform: Platform;
  readonly writer = new StateWriter();
  readonly emitter = new EventEmitter<ClientEvents>();
  readonly http: Http;
  readonly rest: Rest;
  readonly token: AccessToken;
  readonly metrics: ConnectionMetrics;
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
  readonly #options: ClientOptions;
  #transport: Transport;

  constructor(options: ClientOptions) {
    this.#options = options;
    this.platform = createPlatform(options);
    this.http = new Http(this.platform, options.baseUrl ?? "");
    this.rest = createRest(this.http);
    this.token = this.http.token = this.#createToken();
    this.metrics = this.#createMetrics();
    this.context = this.#createContext();
    this.#patchConnection({ mode: options.mode ?? "enhanced" });
    this.#transport = this.#createTransport();
    this.outgoing = this.#createOutgoing(options);
    this.timelines = this.#createTimelines();
    this.paging = new HistoryPaging({
      context: this.context,
      followerOf: (channelId) => this.timelines.follower(channelId),
    });
    this.reads = new ReadPositions(this.context);
    this.account = new AccountSync({ context: this.context, withOwnReads: this.reads.over });
    this.typing = new Typing(this.context, () => this.#transport.backlog);
    this.reactions = new Reactions(this.context);
    this.ownStatus = new OwnStatus(this.context);
    this.session = this.#createSession();
    this.voice = this.#createVoice();
    this.#router = this.#createRouter();
  }

  close(): void {
    this.session.close();
    this.voice.leave();
    this.#transport.stop();
    this.metrics.stop();
    this.token.clear();
    this.outgoing.close();
    this.#forget();
  }

  reconnect(force: boolean): void {
    this.session.wake();
    if (this.context.state().session.status !== "authenticated") return;
    this.#transport.reconnect(force);
    this.voice.reconnect();
  }

  setMode(mode: Mode): void {
    if (this.#mode === mode) return;
    this.#transport.stop();
    this.#patchConnection({ mode });
    this.#transport = this.#createTransport();
    if (this.context.state().session.status !== "authenticated") return;
    this.#transport.start();
    this.voice.restart();
  }

  get #mode(): Mode {
    return this.context.state().connection.mode;
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
    this.#transport.stop();
    this.#forget();
    if (isRevoked) this.outgoing.suspend();
    else this.outgoing.clear();
    if (isRevoked) this.emitter.emit("session_lost", undefined);
  }

  #forget(): void {
    this.timelines.clear();
    this.reads.clear();
    this.typing.clear();
    this.ownStatus.clear();
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
        this.#transport.authenticate(credentials.access_token);
        this.voice.authenticate(credentials.access_token);
      },
      onLost: () => this.session.lost(),
    });
  }

  #createMetrics(): ConnectionMetrics {
    return new ConnectionMetrics({
      clock: this.platform.clock,
      isOnline: () => this.#transport.isOnline,
      measure: () => this.#transport.measure(),
      queueLength: () => this.outgoing.outbox.size,
    });
  }

  /** `path` at the origin of the sockets. */
  #urlOf(path: string): string {
    const { wsUrl, baseUrl = "" } = this.#options;
    return socketUrl(wsUrl ?? this.context.state().instance?.ws_url ?? baseUrl, path);
  }

  #createVoice(): VoiceController {
    const { clock, random, createPeerConnection: createConnection } = this.platform;
    return new VoiceController({
      clock,
      createConnection,
      newId: () => Math.floor(random() * 2 ** 48).toString(36),
      newSession: createNonce,
      selfId: () => this.context.state().session.me?.id ?? null,
      openSocket: (channelId, session, listener) => this.#openVoiceSocket(channelId, session, listener),
    });
  }

  #openVoiceSocket(channelId: number, session: string, listener: VoiceSocketListener): VoiceSocket {
    const shared = { platform: this.platform, tokens: this.token, listener };
    return this.#mode === "legacy"
      ? createLegacyVoiceSocket({ ...shared, url: () => this.#urlOf(`/ws/legacy/voice/${channelId}`) })
      : createVoiceSocket({ ...shared, url: () => this.#urlOf(`/ws/voice/${channelId}?session=${session}`) });
  }

  #createTransport(): Transport {
    const { platform, token: tokens, metrics: observer, rest } = this;
    const listener: TransportListener = {
      onStatus: (change) => this.#patchConnection(change),
      onOnline: (hello) => this.#cameOnline(hello),
      onOffline: (cause) => this.#wentOffline(cause),
      onEvents: (events) => this.#router.receive(events),
      onInterrupted: (channelId) => this.timelines.interrupted(channelId),
    };
    const shared = { platform, tokens, observer, listener };
    return this.#mode === "legacy"
      ? new LegacyTransport({ ...shared, rest, state: this.context.state, urlOf: (path) => this.#urlOf(path) })
      : createMainTransport({ ...shared, url: () => this.#urlOf("/ws/main") });
  }

  #createContext(): SyncContext {
    return {
      clock: this.platform.clock,
      rest: this.rest,
      state: () => this.writer.store.getState(),
      update: this.writer.update,
      defer: this.writer.defer,
      send: (command) => this.#transport.send(command),
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
      logoutMark: this.#options.logoutMark ?? null,
      state: this.context.state,
      update: this.writer.update,
      onBegin: (me) => {
        this.outgoing.restore(me.id);
        this.metrics.start();
        this.#transport.start();
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
