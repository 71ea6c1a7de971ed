import type { ConnectionEvent } from "@miscord/protocol";
import { mainCommand, type MainCommand } from "@miscord/protocol/schemas";
import type { Logger } from "pino";
import { arrive } from "../../domain/arrive.ts";
import type { SecurityEvents } from "../../monitoring/security-events.ts";
import { nodeId } from "../../node-id.ts";
import { admit, logStay } from "../admit.ts";
import type { ConnectionLimits } from "../connection-limits.ts";
import type { Connection } from "../connection.ts";
import type { Arriving, Endpoint } from "../endpoint.ts";
import { InFlight } from "../in-flight.ts";
import { Inbox } from "../inbox.ts";
import { commandParser } from "../incoming.ts";
import { handleCommand } from "./commands.ts";
import type { SessionDirectory } from "./directory.ts";
import { MainSession, type SessionDeps } from "./session.ts";

export interface MainEndpointOptions extends SessionDeps {
  readonly directory: SessionDirectory;
  readonly limits: ConnectionLimits;
  readonly security: SecurityEvents;
  readonly logger: Logger;
  readonly heartbeatIntervalMs: number;
  readonly version: string;
}

const parseCommand = commandParser(mainCommand);
/** Frames of other kinds than messages; those have their own rate, which the operator sets. */
const otherFrames = { burst: 500, perSecond: 100 };
const features = ["batch", "resume", "edit", "reactions", "read_state", "presence"];
/** After a planned stop, clients come back at this pace. */
const comebackPerSecond = 1_000;
const minComebackMs = 1_000;

/** `/ws/main`: chat and notifications on one connection. */
export class MainEndpoint implements Endpoint {
  readonly path = /^\/ws\/main\/?$/;
  readonly #options: MainEndpointOptions;
  readonly #inFlight = new InFlight();

  constructor(options: MainEndpointOptions) {
    this.#options = options;
    options.delivery.onControl((topic, control) => options.directory.obey(topic, control));
  }

  async arrive(connection: Connection, { token }: Arriving): Promise<void> {
    const { context, presence } = this.#options;
    const session = await this.#authenticate(connection, token);
    await session.subscribeOrders();
    const { serverIds, status } = await arrive(context, session);
    if (!connection.isOpen) return;
    this.#greet(session);
    presence.connected(session.user, session.listen(serverIds), status);
    connection.onClosed(() => presence.disconnected(session.userId));
    this.#begin(session);
  }

  drain(): void {
    const { directory } = this.#options;
    const spreadMs = Math.max(minComebackMs, (directory.count / comebackPerSecond) * 1_000);
    for (const session of directory) {
      session.send({ type: "server_draining", reconnect_after_ms: Math.round(Math.random() * spreadMs) });
    }
  }

  async settled(): Promise<void> {
    await this.#inFlight.settled();
    this.#options.delivery.flushAll();
  }

  async #authenticate(connection: Connection, token: string | null): Promise<MainSession> {
    const { directory } = this.#options;
    const session = new MainSession(connection, await admit(this.#options, connection, token), this.#options);
    directory.add(session);
    connection.onClosed(() => {
      directory.remove(session);
      session.end();
    });
    return session;
  }

  #greet(session: MainSession): void {
    const { context, version, heartbeatIntervalMs } = this.#options;
    const timestamp = context.clock.now() / 1_000;
    const established: ConnectionEvent = {
      type: "connection_established",
      user_id: session.userId,
      timestamp,
      server_info: { version, features, node: nodeId },
      session_id: session.sessionId,
      heartbeat_interval_ms: heartbeatIntervalMs,
      epoch: context.store.epoch,
    };
    session.send(established, { type: "pong", timestamp });
  }

  #begin(session: MainSession): void {
    const { context, logger, security } = this.#options;
    const { connection } = session;
    logStay(connection, logger, context.clock);
    const { rate } = context.rates.messages;
    const conversation = {
      parse: parseCommand,
      frames: { burst: otherFrames.burst + rate.burst, perSecond: otherFrames.perSecond + rate.perSecond },
      handle: (command: MainCommand, arrivedAt: number) => handleCommand(session, command, arrivedAt),
      sendError: (error: ConnectionEvent) => session.send(error),
    };
    const inbox = new Inbox(connection, conversation, {
      clock: context.clock,
      logger,
      security,
      inFlight: this.#inFlight,
    });
    connection.start({
      message: (data, isBinary) => inbox.receive(data, isBinary),
      tick: () => session.token.tick(),
      malformed: () => security.record("malformed", connection.address.address),
    });
  }
}
