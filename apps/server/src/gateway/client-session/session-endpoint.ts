import { limits, type LegacySocketEvent } from "@miscord/protocol";
import type { Logger } from "pino";
import type { RightsChanged } from "../../bus/contract.ts";
import type { WireCodec } from "../../delivery/wire-codec.ts";
import { loadConnectionState, type ConnectionState } from "../../domain/accounts/load-connection-state.ts";
import type { Authentication } from "../../domain/context.ts";
import type { SecurityLog } from "../../domain/ports.ts";
import type { AppError } from "../../errors.ts";
import { authenticateConnection, logConnection } from "../admission/authenticate-connection.ts";
import type { ConnectionLimits } from "../admission/connection-limits.ts";
import type { Connection } from "../connection/connection.ts";
import type { Handshake, Endpoint } from "../endpoint.ts";
import { CommandQueue, InFlight, type Echo, type ErrorEvent } from "../connection/command-queue.ts";
import { SessionDirectory } from "./directory.ts";
import { Turns } from "../../concurrency/turns.ts";
import type { Rate } from "../../concurrency/token-bucket.ts";
import type { ClientSession, SessionDeps, SessionOutput } from "./client-session.ts";
import type { Setups } from "./setups.ts";

export interface SessionEndpointOptions extends SessionDeps {
  readonly rights: RightsChecks;
  readonly setups: Setups;
  readonly limits: ConnectionLimits;
  readonly security: SecurityLog;
  readonly logger: Logger;
}

/** Of `RightsWatch`. */
interface RightsChecks {
  /** Resolves once this node learns of changes of rights. */
  readonly ready: Promise<void>;
  handle(change: RightsChanged): void;
}

/** What differs between `/ws/main` and the endpoints of protocol version 1. */
export interface SessionKind<Output extends SessionOutput, Command extends Echo> {
  readonly path: RegExp;
  readonly codec: WireCodec;
  /** `params`: the matches of the groups in `path`. */
  open(connection: Connection, authentication: Authentication, params: readonly string[]): ClientSession<Output>;
  /** Runs once control messages reach the session, each time before its rights are read. An AppError refuses the connection. */
  enter?(session: ClientSession<Output>): Promise<void>;
  /** Sends the first events of the session. */
  greet?(session: ClientSession<Output>): void;
  /** @throws BadFrame when the frame is not a valid command */
  parse(data: Buffer, isBinary: boolean): Command;
  handle(session: ClientSession<Output>, command: Command, arrivedAt: number): Promise<void> | void;
  /** A frame that clients of this kind expect after the error event; null when there is none. */
  besideError?(session: ClientSession<Output>, error: ErrorEvent): LegacySocketEvent | null;
  closeCodeOf?(error: AppError): number;
  /** See `Endpoint.delaysRefusals`. */
  readonly delaysRefusals?: boolean;
  /** Clients of version 1 know no threads. */
  readonly hasThreads?: boolean;
}

/** Allowance for frames other than messages; it is added to the message rate, which the operator sets. */
const otherFrames = { burst: 500, perSecond: 100 };
/** Allowance for the bytes of other commands; each message of the message rate adds `messageBytes`. */
const otherBytes = { burst: 2 * 1024 * 1024, perSecond: 64 * 1024 };
/** Largest JSON of a message: each UTF-16 unit may be escaped as six characters. */
const messageBytes = 6 * limits.messageLength + 2_048;
/** Rate at which clients are asked to reconnect after a planned stop. */
const reconnectsPerSecond = 1_000;
const minReconnectMs = 1_000;
/** Milliseconds after which other work has its turn while all sessions are told something. */
const turnMs = 5;

/**
 * An endpoint for client sessions. A session makes its user online, receives the events of the user's servers, and
 * loses access at once when a right is taken away.
 */
export class SessionEndpoint<Output extends SessionOutput, Command extends Echo> implements Endpoint {
  readonly path: RegExp;
  readonly codec: WireCodec;
  readonly closeCodeOf?: (error: AppError) => number;
  readonly delaysRefusals: boolean;
  readonly sessions = new SessionDirectory();
  readonly #kind: SessionKind<Output, Command>;
  readonly #options: SessionEndpointOptions;
  readonly #inFlight = new InFlight();

  constructor(kind: SessionKind<Output, Command>, options: SessionEndpointOptions) {
    this.#kind = kind;
    this.#options = options;
    this.path = kind.path;
    this.codec = kind.codec;
    this.delaysRefusals = kind.delaysRefusals ?? false;
    if (kind.closeCodeOf) this.closeCodeOf = (error) => kind.closeCodeOf?.(error) ?? error.closeCode;
    options.context.instance.onChanged(() => void this.#tellInstance());
    options.delivery.onControl((topic, control) => this.sessions.handleControl(topic, control));
  }

  async accept(connection: Connection, { token, params }: Handshake): Promise<void> {
    const session = this.#kind.open(connection, await authenticateConnection(this.#options, connection, token), params);
    this.#register(session);
    // Subscribing after the close would leak: the cleanup at the close has already run.
    if (!connection.isOpen) return;
    await Promise.all([session.subscribeControl(), this.#options.rights.ready]);
    await this.#options.setups.run(session.userId, () => this.#setUp(session));
  }

  /** Resolves with how much was looked at to find what the session subscribes to. */
  async #setUp(session: ClientSession<Output>): Promise<number> {
    const { connection } = session;
    // It was lost, or took too long: its client may be waiting behind it.
    if (!connection.isOpen) return 0;
    let state: ConnectionState;
    do {
      session.startOver();
      state = await this.#readState(session);
    } while (connection.isOpen && session.isOutdated);
    if (connection.isOpen) this.#enter(session, state);
    return state.serverIds.length + state.restrictedCount + state.threads.length;
  }

  #enter(
    session: ClientSession<Output>,
    { peerIds, status, customStatus, readAt, ...subscribed }: ConnectionState,
  ): void {
    const { presence, rights } = this.#options;
    this.#kind.greet?.(session);
    const listening = session.listen(subscribed);
    const read = { chosen: status, custom: customStatus };
    presence.connected(session.user, listening.serverIds, read, peerIds, readAt);
    if (session.hasMissedPeers) session.peersChanged();
    const missed = listening.missed.filter(({ serverId }) => session.serverIds.has(serverId));
    for (const change of missed) rights.handle({ ...change, userIds: [session.userId] });
    session.connection.onClosed(() => presence.disconnected(session.userId));
    this.#begin(session);
  }

  /** The state of the session, whose topics are kept open from then on. */
  async #readState(session: ClientSession<Output>): Promise<ConnectionState> {
    await this.#kind.enter?.(session);
    const state = await loadConnectionState(this.#options.context, session);
    const read = { ...state, threads: this.#kind.hasThreads ? state.threads : [] };
    if (session.connection.isOpen) await session.prepare(read);
    return read;
  }

  drain(): void {
    const spreadMs = Math.max(minReconnectMs, (this.sessions.count / reconnectsPerSecond) * 1_000);
    for (const session of this.sessions) {
      session.send({ type: "server_draining", reconnect_after_ms: Math.round(Math.random() * spreadMs) });
    }
  }

  announceClose(reconnectAfterMs: (connection: Connection) => number | null): void {
    for (const session of this.sessions) {
      const afterMs = reconnectAfterMs(session.connection);
      if (afterMs !== null) session.send({ type: "server_draining", reconnect_after_ms: Math.round(afterMs) });
    }
  }

  /** Each session is told what holds at that moment; those that are being set up are told by their greeting. */
  async #tellInstance(): Promise<void> {
    const { instance } = this.#options.context;
    const turns = new Turns(turnMs);
    for (const session of this.sessions) {
      if (session.connection.isOpen && !session.isSettingUp)
        session.send({ type: "instance_updated", instance: instance.state });
      await turns.pause();
    }
  }

  async settled(): Promise<void> {
    await this.#inFlight.settled();
    this.#options.delivery.flushAll();
  }

  #register(session: ClientSession<Output>): void {
    this.sessions.add(session);
    session.connection.onClosed(() => {
      this.sessions.remove(session);
      session.end();
    });
  }

  #begin(session: ClientSession<Output>): void {
    const { context, logger, security, stats } = this.#options;
    const { connection } = session;
    logConnection(connection, logger, context.clock);
    const { rate } = context.rates.messages;
    const options = {
      parse: (data: Buffer, isBinary: boolean) => {
        stats.accounts.add(session.userId);
        return this.#kind.parse(data, isBinary);
      },
      incoming: { frames: sum(otherFrames, rate), bytes: sum(otherBytes, rate, messageBytes) },
      handle: (command: Command, arrivedAt: number) => this.#kind.handle(session, command, arrivedAt),
      sendError: (error: ErrorEvent) => {
        session.send(error);
        const beside = this.#kind.besideError?.(session, error);
        if (beside) connection.writer.send(JSON.stringify(beside));
      },
    };
    const deps = { clock: context.clock, logger, security, inFlight: this.#inFlight };
    new CommandQueue(connection, options, deps).start(() => session.tick());
  }
}

/** The first rate plus `times` the second. */
function sum(rate: Rate, other: Rate, times = 1): Rate {
  return { burst: rate.burst + times * other.burst, perSecond: rate.perSecond + times * other.perSecond };
}
