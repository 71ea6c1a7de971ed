import type { SocketEvent } from "@miscord/protocol";
import type { Logger } from "pino";
import type { WireCodec } from "../../delivery/wire-codec.ts";
import { arrive } from "../../domain/accounts/load-connection-state.ts";
import type { Session as Authentication } from "../../domain/context.ts";
import type { AppError } from "../../errors.ts";
import type { SecurityEvents } from "../../monitoring/security-events.ts";
import { admit, logStay } from "../admission/authenticate-connection.ts";
import type { ConnectionLimits } from "../admission/connection-limits.ts";
import type { Connection } from "../connection/connection.ts";
import type { Arriving, Endpoint } from "../endpoint.ts";
import { InFlight } from "../connection/in-flight.ts";
import { Inbox, type Echo } from "../connection/command-queue.ts";
import { SessionDirectory } from "./directory.ts";
import type { MainSession, SessionDeps } from "./client-session.ts";

export interface SessionEndpointOptions extends SessionDeps {
  readonly limits: ConnectionLimits;
  readonly security: SecurityEvents;
  readonly logger: Logger;
}

/** What sets one kind of socket apart from the others that people's sessions live on. */
export interface SessionKind<Session extends MainSession, Command extends Echo> {
  readonly path: RegExp;
  readonly codec: WireCodec;
  /** `params`: what the groups of the path matched. */
  open(connection: Connection, authentication: Authentication, params: readonly string[]): Session;
  /** Runs once orders reach the session, before its rights are looked up for good. An AppError refuses the socket. */
  enter?(session: Session): Promise<void>;
  /** The first that it hears. */
  greet?(session: Session): void;
  /** Throws a BadFrame. */
  parse(data: Buffer, isBinary: boolean): Command;
  handle(session: Session, command: Command, arrivedAt: number): Promise<void> | void;
  closeCodeOf?(error: AppError): number;
}

/** Frames of other kinds than messages; those have their own rate, which the operator sets. */
const otherFrames = { burst: 500, perSecond: 100 };
/** After a planned stop, clients come back at this pace. */
const comebackPerSecond = 1_000;
const minComebackMs = 1_000;

/** Sockets of people: whoever has one is online, hears their servers, and loses at once what is taken from them. */
export class SessionEndpoint<Session extends MainSession, Command extends Echo> implements Endpoint {
  readonly path: RegExp;
  readonly codec: WireCodec;
  readonly closeCodeOf?: (error: AppError) => number;
  readonly sessions = new SessionDirectory();
  readonly #kind: SessionKind<Session, Command>;
  readonly #options: SessionEndpointOptions;
  readonly #inFlight = new InFlight();

  constructor(kind: SessionKind<Session, Command>, options: SessionEndpointOptions) {
    this.#kind = kind;
    this.#options = options;
    this.path = kind.path;
    this.codec = kind.codec;
    if (kind.closeCodeOf) this.closeCodeOf = (error) => kind.closeCodeOf?.(error) ?? error.closeCode;
    options.delivery.onControl((topic, control) => this.sessions.handleControl(topic, control));
  }

  async arrive(connection: Connection, { token, params }: Arriving): Promise<void> {
    const { context, presence } = this.#options;
    const session = this.#kind.open(connection, await admit(this.#options, connection, token), params);
    this.#register(session);
    // Closed meanwhile: what it held was given back, and nothing would give back what it takes now.
    if (!connection.isOpen) return;
    await session.subscribeControl();
    await this.#kind.enter?.(session);
    const { serverIds, status } = await arrive(context, session);
    if (!connection.isOpen) return;
    this.#kind.greet?.(session);
    presence.connected(session.user, session.listen(serverIds), status);
    connection.onClosed(() => presence.disconnected(session.userId));
    this.#begin(session);
  }

  drain(): void {
    const spreadMs = Math.max(minComebackMs, (this.sessions.count / comebackPerSecond) * 1_000);
    for (const session of this.sessions) {
      session.send({ type: "server_draining", reconnect_after_ms: Math.round(Math.random() * spreadMs) });
    }
  }

  async settled(): Promise<void> {
    await this.#inFlight.settled();
    this.#options.delivery.flushAll();
  }

  #register(session: Session): void {
    this.sessions.add(session);
    session.connection.onClosed(() => {
      this.sessions.remove(session);
      session.end();
    });
  }

  #begin(session: Session): void {
    const { context, logger, security } = this.#options;
    const { connection } = session;
    logStay(connection, logger, context.clock);
    const { rate } = context.rates.messages;
    const conversation = {
      parse: (data: Buffer, isBinary: boolean) => this.#kind.parse(data, isBinary),
      frames: { burst: otherFrames.burst + rate.burst, perSecond: otherFrames.perSecond + rate.perSecond },
      handle: (command: Command, arrivedAt: number) => this.#kind.handle(session, command, arrivedAt),
      sendError: (error: SocketEvent) => session.send(error),
    };
    const deps = { clock: context.clock, logger, security, inFlight: this.#inFlight };
    new Inbox(connection, conversation, deps).start(() => session.tick());
  }
}
