import { closeCodes, type MainEvent, type Message } from "@miscord/protocol";
import type { Topic } from "../../bus/contract.ts";
import type { Delivery } from "../../delivery/delivery.ts";
import { textFrame } from "../../delivery/frame.ts";
import { ReplayBuffer } from "../../delivery/replay-buffer.ts";
import type { Resumes } from "../../delivery/resume.ts";
import type { DomainContext, Session as Authentication } from "../../domain/context.ts";
import type { LivePresence } from "../../domain/presence/presence.ts";
import type { Connection } from "../connection/connection.ts";
import type { GatewayStats } from "../stats.ts";
import { TokenTerm } from "./token-expiry.ts";

export interface SessionDeps {
  readonly context: DomainContext;
  readonly delivery: Delivery;
  readonly resumes: Resumes;
  readonly presence: LivePresence;
  readonly stats: GatewayStats;
}

/** One person on one socket: who they are and what they listen to. As it is, one of `/ws/main`. */
export class MainSession {
  readonly connection: Connection;
  readonly deps: SessionDeps;
  readonly token: TokenTerm;
  /** Joined channels and their servers; membership decides about both. */
  readonly channels = new Map<number, { serverId: number; isAnnounced: boolean }>();
  #hasJoined = false;
  readonly #servers = new Set<number>();
  /** Servers left during setup, when the list of servers may be from before. */
  #leftServers: Set<number> | null = new Set();
  #arriving: ReplayBuffer | null;
  /** Rises with each right that is taken away: who looked a right up before must look again. */
  revision = 0;

  /** `tokenEndCode` closes the socket when the token ends. */
  constructor(
    connection: Connection,
    authentication: Authentication,
    deps: SessionDeps,
    tokenEndCode: number = closeCodes.tokenInvalid,
  ) {
    this.connection = connection;
    this.deps = deps;
    this.token = new TokenTerm(connection, authentication, {
      clock: deps.context.clock,
      send: (event) => this.send(event),
      endCode: tokenEndCode,
    });
    this.#arriving = new ReplayBuffer([connection.writer]);
  }

  get userId(): number {
    return this.token.authentication.userId;
  }

  get user(): Authentication["user"] {
    return this.token.authentication.user;
  }

  get sessionId(): string {
    return this.token.authentication.sessionId;
  }

  /** Orders reach the session from now on; events wait until `listen`. */
  async subscribeControl(): Promise<void> {
    if (this.#arriving) await this.deps.delivery.buffer(`user:${this.userId}`, this.#arriving);
  }

  listen(serverIds: readonly number[]): number[] {
    const { delivery } = this.deps;
    if (this.#arriving) delivery.release(`user:${this.userId}`, this.#arriving, this.connection.writer);
    const joined = serverIds.filter((id) => !this.#leftServers?.has(id));
    for (const serverId of joined) this.joinedServer(serverId);
    // Of setup, and with many sessions worth its memory.
    this.#arriving = null;
    this.#leftServers = null;
    return [...this.#servers];
  }

  /** See `Handlers.tick`. */
  tick(): number {
    return this.token.tick();
  }

  /** To this connection alone and at once, as far as its dialect has words for it. */
  send(...events: MainEvent[]): void {
    const { writer } = this.connection;
    const { codec } = writer.encoding;
    const frames = events.flatMap((event) => {
      const json = codec.encode(event, this.userId);
      return json === null ? [] : [textFrame(json)];
    });
    if (frames.length > 0) writer.sendBytes(frames.length === 1 ? frames[0]! : Buffer.concat(frames));
  }

  /** The message with the nonce is durable; a repeat was so before, and is told to nobody again. */
  confirm(nonce: string, { id, channel_id, seq }: Message, _isRepeat: boolean): void {
    this.send({ type: "message_ack", nonce, id, channel_id, seq });
  }

  joinedServer(serverId: number): void {
    this.#leftServers?.delete(serverId);
    if (this.#servers.has(serverId)) return;
    this.#servers.add(serverId);
    this.#subscribe(`server:${serverId}`);
    this.deps.presence.joinedServer(this.userId, serverId);
  }

  leftServer(serverId: number): void {
    this.revision += 1;
    this.#leftServers?.add(serverId);
    this.#servers.delete(serverId);
    this.deps.delivery.unsubscribe(`server:${serverId}`, this.connection.writer);
    for (const [channelId, channel] of this.channels) if (channel.serverId === serverId) this.leaveChannel(channelId);
    this.deps.presence.leftServer(this.userId, serverId);
  }

  /** A session whose first channel it joins from a position is one that came back. */
  joinedChannel(isResumed: boolean): void {
    if (!this.#hasJoined && isResumed) this.deps.stats.reconnections += 1;
    this.#hasJoined = true;
  }

  channelRemoved(channelId: number): void {
    this.revision += 1;
    this.leaveChannel(channelId);
  }

  leaveChannel(channelId: number): void {
    this.channels.delete(channelId);
    this.deps.delivery.unsubscribe(`channel:${channelId}`, this.connection.writer);
  }

  /** Nothing of the connection stays behind. */
  end(): void {
    const { delivery } = this.deps;
    const { writer } = this.connection;
    delivery.unsubscribe(`user:${this.userId}`, writer);
    for (const serverId of this.#servers) delivery.unsubscribe(`server:${serverId}`, writer);
    for (const channelId of this.channels.keys()) delivery.unsubscribe(`channel:${channelId}`, writer);
    this.#servers.clear();
    this.channels.clear();
  }

  #subscribe(topic: Topic): void {
    // A bus that cannot subscribe is the breaker's matter; the client comes back to a node that can.
    this.deps.delivery.subscribe(topic, this.connection.writer).catch(() => {
      this.connection.close(closeCodes.tryAgainLater, "subscription failed");
    });
  }
}
