import { randomUUID } from "node:crypto";
import type { SocketEvent } from "@miscord/protocol";
import type { VoiceCommand } from "@miscord/protocol/schemas";
import type { Logger } from "pino";
import type { Control, Topic } from "../../bus/contract.ts";
import type { Delivery } from "../../delivery/delivery.ts";
import type { WireCodec } from "../../delivery/wire-codec.ts";
import { channelAccess } from "../../domain/access.ts";
import { arrive } from "../../domain/accounts/load-connection-state.ts";
import type { DomainContext } from "../../domain/context.ts";
import { AppError } from "../../errors.ts";
import type { SecurityEvents } from "../../monitoring/security-events.ts";
import type { VoiceRooms } from "../../voice/voice-rooms.ts";
import { admit, logStay, type AdmissionDeps } from "../admission/authenticate-connection.ts";
import type { Connection } from "../connection/connection.ts";
import type { Arriving, Endpoint } from "../endpoint.ts";
import { InFlight } from "../connection/in-flight.ts";
import { Inbox } from "../connection/command-queue.ts";
import { handleVoiceCommand } from "./commands.ts";
import type { VoiceKind } from "./kind.ts";
import { VoiceSession } from "./session.ts";
import type { VoiceStats } from "./stats.ts";

export interface VoiceEndpointOptions extends AdmissionDeps {
  readonly context: DomainContext;
  readonly delivery: Delivery;
  readonly rooms: VoiceRooms;
  readonly stats: VoiceStats;
  readonly security: SecurityEvents;
  readonly logger: Logger;
}

/** Voice sockets listen to topics for orders alone: of the events there they are told nothing. */
const controlOnly: WireCodec = { name: "voice", encode: () => null, batches: false };
/** Beyond what the allowances of each command add up to. */
const frames = { burst: 1_000, perSecond: 150 };
const comebackSpreadMs = 1_000;

/** Signalling of one voice channel. */
export class VoiceEndpoint implements Endpoint {
  readonly path: RegExp;
  readonly codec = controlOnly;
  readonly #kind: VoiceKind;
  readonly #options: VoiceEndpointOptions;
  readonly #sessions = new Set<VoiceSession>();
  readonly #inFlight = new InFlight();

  constructor(kind: VoiceKind, options: VoiceEndpointOptions) {
    this.#kind = kind;
    this.#options = options;
    this.path = kind.path;
    options.delivery.onControl((topic, control) => this.#handleControl(topic, control));
  }

  get sessions(): ReadonlySet<VoiceSession> {
    return this.#sessions;
  }

  async arrive(connection: Connection, { token, query, params }: Arriving): Promise<void> {
    const { context, rooms } = this.#options;
    const call = this.#kind.callOf(query);
    const authentication = await admit(this.#options, connection, token);
    const session = new VoiceSession(this.#kind, connection, authentication, context.clock);
    const channelId = Number(params[0]);
    const { serverId } = await channelAccess(context, session, channelId);
    if (!connection.isOpen) return;
    await this.#listen(session, serverId);
    // What was taken away before the orders could be heard.
    const [access] = await Promise.all([
      channelAccess(context, session, channelId),
      arrive(context, session.token.authentication),
    ]);
    if (access.type !== "voice") throw new AppError("not_found", "This is no voice channel.");
    if (!connection.isOpen) return;
    const { user } = session.token.authentication;
    const channel = { id: channelId, serverId, name: access.channelName };
    session.sit(rooms.enter({ user, channel, session: call ?? randomUUID(), port: session }), call !== null);
    this.#begin(session, channelId);
  }

  drain(): void {
    for (const session of this.#sessions) {
      session.tell({ type: "server_draining", reconnect_after_ms: Math.round(Math.random() * comebackSpreadMs) });
    }
  }

  settled(): Promise<void> {
    return this.#inFlight.settled();
  }

  async #listen(session: VoiceSession, serverId: number): Promise<void> {
    const { delivery } = this.#options;
    const { connection, userId } = session;
    const topics: Topic[] = [`user:${userId}`, `server:${serverId}`];
    this.#sessions.add(session);
    connection.onClosed(() => {
      this.#sessions.delete(session);
      for (const topic of topics) delivery.unsubscribe(topic, connection.writer);
    });
    await Promise.all(topics.map((topic) => delivery.subscribe(topic, connection.writer)));
  }

  #begin(session: VoiceSession, channelId: number): void {
    const { context, logger, security, stats } = this.#options;
    const { connection } = session;
    logStay(connection, logger, context.clock, { voice: channelId });
    const conversation = {
      parse: (data: Buffer, isBinary: boolean) => this.#kind.parse(data, isBinary),
      handle: (command: VoiceCommand) => handleVoiceCommand(session, command, { context, stats }),
      sendError: (error: SocketEvent) => session.tell(error),
      frames,
    };
    const deps = { clock: context.clock, logger, security, inFlight: this.#inFlight };
    new Inbox(connection, conversation, deps).start(() => session.token.tick());
  }

  #handleControl(topic: Topic, control: Control): void {
    if (control.type !== "session_revoked") return;
    for (const session of this.#sessions) {
      if (topic === `user:${session.userId}`) session.token.revoked(control.sessionId);
    }
  }
}
