import { closeCodes, type MainEvent, type MembersInSight } from "@miscord/protocol";
import type { RightsChanged, Topic } from "../../bus/contract.ts";
import type { KeyedSemaphore } from "../../concurrency/keyed-semaphore.ts";
import type { TokenBuckets } from "../../concurrency/token-buckets.ts";
import type { Delivery } from "../../delivery/delivery.ts";
import { textFrame } from "../../delivery/frame.ts";
import { JoinMarker } from "../../delivery/join-marker.ts";
import { ReplayBuffer } from "../../delivery/replay-buffer.ts";
import type { Resumes } from "../../delivery/resume.ts";
import type { DomainContext, Authentication } from "../../domain/context.ts";
import type { Sent } from "../../domain/messages/send-message.ts";
import type { LivePresence } from "../../domain/presence/presence.ts";
import type { Connection } from "../connection/connection.ts";
import type { GatewayStats } from "../stats.ts";
import { FirstJoins } from "./first-joins.ts";
import { FollowedThreads, type FollowedThread } from "./followed-threads.ts";
import type { PeerReader } from "./peer-reader.ts";
import { Sight } from "./sight.ts";
import { TokenExpiry } from "./token-expiry.ts";

export interface SessionDeps {
  readonly context: DomainContext;
  readonly delivery: Delivery;
  readonly resumes: Resumes;
  /** Channels that one user joins at the same time; others wait, so that replays of one user do not delay everybody's. */
  readonly joins: KeyedSemaphore<number>;
  /** By user: messages read for replays. Whoever has had too many loads the channel over HTTP. */
  readonly replays: TokenBuckets;
  readonly presence: LivePresence;
  readonly peers: PeerReader;
  readonly memberLists: WatchedLists;
  readonly stats: GatewayStats;
}

/** Of `MemberLists`. */
interface WatchedLists {
  watch(session: ClientSession, lists: readonly MembersInSight[]): Promise<void>;
}

interface ViewedChannel {
  readonly id: number;
  readonly server_id: number;
  readonly type: string;
}

interface JoinedChannel {
  readonly serverId: number | null;
  /** Of a thread. */
  readonly parentId: number | null;
  readonly isAnnounced: boolean;
  /** True: the user may write in it, as long as no change of rights says otherwise. False: not known. */
  mayWrite: boolean;
}

/** What a session receives events of besides its user's own. */
export interface Subscribed {
  readonly serverIds: readonly number[];
  readonly restricted: readonly ViewedChannel[];
  readonly threads: readonly FollowedThread[];
}

/** Of `ClientSession.listen`. */
export interface Listening {
  readonly serverIds: number[];
  readonly missed: readonly RightsChanged[];
}

/** What differs between the endpoints that client sessions run on. */
export interface SessionOutput {
  /** Close code when the access token expires or the session is revoked. */
  readonly tokenEndCode: number;
  /** Confirms to its author that a message with a nonce is stored. */
  confirm(session: ClientSession, nonce: string, sent: Sent): void;
  /** Runs after the session has left a channel that it had joined. */
  leftChannel?(session: ClientSession, channelId: number): void;
  /** Periodic output. Returns the milliseconds until the next call is due. */
  tick?(session: ClientSession): number;
}

/** Of the many sessions whose users see no restricted channel. */
const noneViewed = new Map<number, ViewedChannel>();

/** The state of one authenticated connection: its user, its token, and the topics it is subscribed to. */
export class ClientSession<Output extends SessionOutput = SessionOutput> {
  readonly connection: Connection;
  readonly deps: SessionDeps;
  readonly output: Output;
  readonly token: TokenExpiry;
  readonly threads: FollowedThreads;
  readonly firstJoins = new FirstJoins();
  readonly sight: Sight;
  /** Joined channels; losing the membership of a server leaves its channels. */
  readonly channels = new Map<number, JoinedChannel>();
  #hasJoined = false;
  #looksAway: (() => void) | null = null;
  readonly #servers = new Set<number>();
  /** Channels that not all members of their server see and this user does, by id. */
  #viewed = noneViewed;
  /** Changes of rights since the start of setup: the rights may have been read before. */
  #missedChanges: RightsChanged[] = [];
  /** Servers left during setup: the list of servers may have been read before that. Null after setup. */
  #leftServers: Set<number> | null = new Set();
  /** Topics that are kept open during setup. */
  readonly #prepared = new Set<Topic>();
  #arriving: ReplayBuffer | null;
  /** Who sees the user's status was perhaps read before it changed. */
  hasMissedPeers = false;
  /** During setup: messages of the bus were perhaps missed since its state was read. See `startOver`. */
  isOutdated = false;
  /** See `lookUpAgain`. */
  #revision = 0;
  /** Increases with each control message that the user is a member of a server, also when the session knows it. */
  memberships = 0;

  constructor(connection: Connection, authentication: Authentication, deps: SessionDeps, output: Output) {
    this.connection = connection;
    this.deps = deps;
    this.output = output;
    this.token = new TokenExpiry(connection, authentication, {
      clock: deps.context.clock,
      send: (event) => this.send(event),
      endCode: output.tokenEndCode,
    });
    this.#arriving = new ReplayBuffer([connection.writer]);
    const topics = {
      subscribe: (topic: Topic) => this.#subscribe(topic),
      unsubscribe: (topic: Topic) => deps.delivery.unsubscribe(topic, connection.writer),
    };
    this.threads = new FollowedThreads(topics);
    this.sight = new Sight(topics);
  }

  get userId(): number {
    return this.token.authentication.userId;
  }

  get user(): Authentication["user"] {
    return this.token.authentication.user;
  }

  /** Access that was looked up under an older revision is looked up again. */
  get revision(): number {
    return this.#revision;
  }

  /** The servers that it receives events of. */
  get serverIds(): ReadonlySet<number> {
    return this.#servers;
  }

  /** True until `listen`. */
  get isSettingUp(): boolean {
    return this.#leftServers !== null;
  }

  get sessionId(): string {
    return this.token.authentication.sessionId;
  }

  /** Subscribes to the user's topic: control messages take effect from now on, events are buffered until `listen`. */
  async subscribeControl(): Promise<void> {
    if (this.#arriving) await this.deps.delivery.buffer(`user:${this.userId}`, this.#arriving);
  }

  /** Keeps this node subscribed to the servers, restricted channels and threads, so that `listen` misses no event. */
  async prepare({ serverIds, restricted, threads }: Subscribed): Promise<void> {
    const { delivery } = this.deps;
    if (delivery.isLocal) return;
    for (const serverId of serverIds) this.#prepared.add(`server:${serverId}`);
    for (const { id } of [...restricted, ...threads]) this.#prepared.add(`viewers:${id}`);
    const marker = new JoinMarker(this.connection.writer, "none");
    await Promise.all([...this.#prepared].map((topic) => delivery.mark(topic, marker)));
  }

  /**
   * To be called during setup, each time before the state is read: what came earlier is part of it. The channel of a session of
   * version 1 stays, for `SessionKind.enter` to check.
   */
  startOver(): void {
    for (const topic of this.#topicsOfState()) this.deps.delivery.unsubscribe(topic, this.connection.writer);
    this.#forgetState();
    this.#leftServers = new Set();
    this.#missedChanges = [];
    this.isOutdated = false;
  }

  /** To be called with changes of rights during setup; see `listen`. */
  missChange(change: RightsChanged): void {
    this.#missedChanges.push(change);
  }

  /**
   * Ends setup: subscribes to the servers, the restricted channels and the threads, sends the buffered events, and returns the
   * servers joined and the changes of rights that came meanwhile.
   */
  listen({ serverIds, restricted, threads }: Subscribed): Listening {
    const { delivery } = this.deps;
    if (this.#arriving) delivery.release(`user:${this.userId}`, this.#arriving, this.connection.writer);
    const joined = serverIds.filter((id) => !this.#leftServers?.has(id));
    for (const serverId of joined) this.joinedServer(serverId);
    for (const channel of restricted) if (this.#servers.has(channel.server_id)) void this.view(channel);
    for (const thread of threads) if (this.#servers.has(thread.server_id)) void this.threads.add(thread);
    const wanted = new Set(this.#topics());
    for (const topic of this.#prepared) if (!wanted.has(topic)) delivery.unsubscribe(topic, this.connection.writer);
    this.#prepared.clear();
    // Only needed during setup; freed because there are many sessions.
    this.#arriving = null;
    this.#leftServers = null;
    const missed = this.#missedChanges;
    this.#missedChanges = [];
    return { serverIds: [...this.#servers], missed };
  }

  /** See `Handlers.tick`. */
  tick(): number {
    return Math.min(this.token.tick(), this.output.tick?.(this) ?? Infinity);
  }

  /** Whether somebody looks at this client. Ends with the connection. */
  attend(isActive: boolean): void {
    this.#looksAway?.();
    this.#looksAway = isActive && this.connection.isOpen ? this.deps.context.attention.attend(this.userId) : null;
  }

  /** Sends to this connection alone, without batching. Events that its codec cannot encode are left out. */
  send(...events: MainEvent[]): void {
    const { writer } = this.connection;
    const { codec } = writer.encoding;
    const frames = events.flatMap((event) => {
      const json = codec.encode(event, this.userId);
      return json === null ? [] : [textFrame(json)];
    });
    if (frames.length > 0) writer.sendBytes(frames.length === 1 ? frames[0]! : Buffer.concat(frames));
  }

  /** See `SessionOutput.confirm`. */
  confirm(nonce: string, sent: Sent): void {
    this.output.confirm(this, nonce, sent);
  }

  joinedServer(serverId: number): void {
    this.memberships += 1;
    this.#leftServers?.delete(serverId);
    if (this.#servers.has(serverId)) return;
    this.#servers.add(serverId);
    void this.#follow(serverId);
    this.sight.joined(serverId);
    this.deps.presence.joinedServer(this.userId, serverId);
  }

  /**
   * A right in the server, or with null in any channel, may be taken away: a channel that is being joined may have been looked up
   * before. Nothing is looked up again for other servers, in some of which rights may change all the time.
   */
  lookUpAgain(serverId: number | null): void {
    if (serverId === null || this.#servers.has(serverId)) this.#revision += 1;
  }

  leftServer(serverId: number): void {
    this.lookUpAgain(null);
    this.#leftServers?.add(serverId);
    this.#servers.delete(serverId);
    this.deps.delivery.unsubscribe(`server:${serverId}`, this.connection.writer);
    for (const [channelId, channel] of this.channels) if (channel.serverId === serverId) this.leaveChannel(channelId);
    for (const channelId of this.viewedIn(serverId)) this.unview(channelId);
    this.threads.removeOf({ serverId });
    this.sight.left(serverId);
    this.deps.presence.leftServer(this.userId, serverId);
  }

  /** Counts a reconnection when the first channel that the session joins is resumed from a position. */
  joinedChannel(isResumed: boolean): void {
    if (!this.#hasJoined && isResumed) this.deps.stats.reconnections += 1;
    this.#hasJoined = true;
  }

  /** Who sees the user's status is to be read again. */
  peersChanged(): void {
    this.hasMissedPeers ||= this.isSettingUp;
    this.deps.peers.changed(this.userId);
  }

  views(channelId: number): boolean {
    return this.#viewed.has(channelId);
  }

  /** The type of a restricted channel that it receives events of, also once the channel is gone. */
  viewedType(channelId: number): string | undefined {
    return this.#viewed.get(channelId)?.type;
  }

  /** The restricted channels that it receives events of. */
  viewedIn(serverId: number): number[] {
    return [...this.#viewed.values()].filter(({ server_id }) => server_id === serverId).map(({ id }) => id);
  }

  /** Channels that it has joined, or of which it has joined or follows a thread. */
  places(): Set<number> {
    const parentIds = [...this.channels.values()].flatMap(({ parentId }) => parentId ?? []);
    return new Set([...this.channels.keys(), ...parentIds, ...this.threads.parentIds()]);
  }

  /** Subscribes to what those who see a restricted channel may know; resolves once nothing of it is missed. */
  async view(channel: ViewedChannel): Promise<void> {
    if (this.#viewed.has(channel.id)) return;
    if (this.#viewed === noneViewed) this.#viewed = new Map();
    this.#viewed.set(channel.id, channel);
    await this.#subscribe(`viewers:${channel.id}`);
  }

  unview(channelId: number): void {
    if (this.#viewed.delete(channelId)) this.deps.delivery.unsubscribe(`viewers:${channelId}`, this.connection.writer);
  }

  /** What the user may do in the channels of the server is to be looked up again. */
  rightsChanged(serverId: number): void {
    this.lookUpAgain(serverId);
    for (const channel of this.channels.values()) if (channel.serverId === serverId) channel.mayWrite = false;
  }

  /** With its threads. */
  channelRemoved(channelId: number): void {
    this.leaveChannel(channelId);
    for (const [id, { parentId }] of this.channels) if (parentId === channelId) this.leaveChannel(id);
    this.threads.remove(channelId);
    this.threads.removeOf({ parentId: channelId });
  }

  threadUnfollowed(threadId: number): void {
    this.threads.remove(threadId);
    this.send({ type: "thread_unfollowed", channel_id: threadId });
  }

  threadRemoved(serverId: number, threadId: number): void {
    const isShown = this.threads.has(threadId) || this.channels.has(threadId);
    this.channelRemoved(threadId);
    if (isShown) this.send({ type: "channel_removed", server_id: serverId, channel_id: threadId });
  }

  leaveChannel(channelId: number): void {
    const wasJoined = this.channels.delete(channelId);
    this.deps.delivery.unsubscribe(`channel:${channelId}`, this.connection.writer);
    if (wasJoined) this.output.leftChannel?.(this, channelId);
  }

  /** Unsubscribes from every topic. */
  end(): void {
    const { delivery } = this.deps;
    this.#looksAway?.();
    const { writer } = this.connection;
    delivery.unsubscribe(`user:${this.userId}`, writer);
    for (const topic of [...this.#topics(), ...this.#prepared]) delivery.unsubscribe(topic, writer);
    this.#forgetState();
    this.#prepared.clear();
    this.channels.clear();
  }

  #forgetState(): void {
    this.#viewed.clear();
    this.threads.clear();
    this.sight.clear();
    this.#servers.clear();
  }

  async #follow(serverId: number): Promise<void> {
    const { delivery, context } = this.deps;
    const topic = `server:${serverId}` as const;
    const isPrepared = delivery.isLocal || this.#prepared.has(topic);
    const isSubscribed = await this.#subscribe(topic);
    // Events of the server may have been published since its state was read for the client.
    if (isSubscribed && !isPrepared) this.send({ type: "resync", timestamp: context.clock.now() / 1_000 });
  }

  async #subscribe(topic: Topic): Promise<boolean> {
    try {
      await this.deps.delivery.subscribe(topic, this.connection.writer);
      return true;
    } catch {
      // The circuit breaker counts the failure; the client reconnects, perhaps to a node whose bus works.
      this.connection.close(closeCodes.tryAgainLater, "subscription failed");
      return false;
    }
  }

  /** Those of its servers and channels. */
  #topics(): Topic[] {
    return [...this.#topicsOfState(), ...[...this.channels.keys()].map((id) => `channel:${id}` as const)];
  }

  /** Without those of the channels that it has joined. */
  #topicsOfState(): Topic[] {
    return [
      ...[...this.#servers].map((id) => `server:${id}` as const),
      ...[...this.#viewed.keys()].map((id) => `viewers:${id}` as const),
      ...this.threads.topics(),
      ...this.sight.topics(),
    ];
  }
}
