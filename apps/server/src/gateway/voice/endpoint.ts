import { randomUUID } from "node:crypto";
import { closeCodes } from "@miscord/protocol";
import { can, checkInChannel } from "@miscord/rights";
import type { VoiceCommand } from "@miscord/protocol/schemas";
import type { Logger } from "pino";
import type { Control, Topic } from "../../bus/contract.ts";
import type { Delivery } from "../../delivery/delivery.ts";
import type { WireCodec } from "../../delivery/wire-codec.ts";
import { channelAccess, requireAllowed } from "../../domain/access.ts";
import { requireSession } from "../../domain/accounts/require-session.ts";
import type { DomainContext } from "../../domain/context.ts";
import { callEntered, requireAccepted } from "../../domain/private/calls.ts";
import type { SecurityLog } from "../../domain/ports.ts";
import { AppError } from "../../errors.ts";
import type { ChannelAccess } from "../../store/queries/access.ts";
import { voiceRestraintOf } from "../../store/queries/voice-restraints.ts";
import type { VoiceHomes } from "../../voice/voice-homes.ts";
import { authenticateConnection, logConnection, type AdmissionDeps } from "../admission/authenticate-connection.ts";
import type { Connection } from "../connection/connection.ts";
import type { Handshake, Endpoint } from "../endpoint.ts";
import { CommandQueue, InFlight, type ErrorEvent } from "../connection/command-queue.ts";
import { Allowances } from "./allowances.ts";
import { handleVoiceCommand } from "./commands.ts";
import type { VoiceKind } from "./kind.ts";
import { VoiceConnection } from "./voice-connection.ts";
import type { VoiceStats } from "./stats.ts";

export interface VoiceEndpointOptions extends AdmissionDeps {
  readonly context: DomainContext;
  readonly delivery: Delivery;
  readonly homes: VoiceHomes;
  readonly stats: VoiceStats;
  readonly rights: VoiceRights;
  readonly security: SecurityLog;
  readonly logger: Logger;
}

/** Of `RightsWatch`. */
interface VoiceRights {
  /** Increases with every change of rights. */
  readonly count: number;
  recheck(serverId: number, userId: number): void;
}

/** Voice connections subscribe to topics for control messages only; this codec encodes none of the events. */
const controlOnly: WireCodec = { name: "voice", encode: () => null, batches: false };
/** Frames: above the sum of the limits for the single commands. Bytes: offers of the usual size to a full room at once. */
const incoming = {
  frames: { burst: 1_000, perSecond: 150 },
  bytes: { burst: 4 * 1024 * 1024, perSecond: 512 * 1024 },
};
const reconnectSpreadMs = 1_000;

/** The voice endpoint: signalling and state of voice channels. */
export class VoiceEndpoint implements Endpoint {
  readonly path: RegExp;
  readonly codec = controlOnly;
  readonly delaysRefusals: boolean;
  readonly #kind: VoiceKind;
  readonly #options: VoiceEndpointOptions;
  readonly #connections = new Set<VoiceConnection>();
  readonly #allowances: Allowances;
  readonly #inFlight = new InFlight();
  #gaps = 0;

  constructor(kind: VoiceKind, options: VoiceEndpointOptions) {
    this.#kind = kind;
    this.#options = options;
    this.#allowances = new Allowances(options.context.clock);
    this.path = kind.path;
    this.delaysRefusals = kind.delaysRefusals ?? false;
    options.delivery.onControl((topic, control) => this.#handleControl(topic, control));
  }

  get connections(): ReadonlySet<VoiceConnection> {
    return this.#connections;
  }

  async accept(connection: Connection, { token, query, params }: Handshake): Promise<void> {
    const { context, homes, rights } = this.#options;
    const callId = this.#kind.callIdOf(query);
    const regionTimes = this.#kind.regionTimesOf(query);
    const authentication = await authenticateConnection(this.#options, connection, token);
    const deps = { clock: context.clock, allowances: this.#allowances };
    const voice = new VoiceConnection(this.#kind, connection, authentication, deps);
    const channelId = Number(params[0]);
    const { serverId } = await channelAccess(context, voice, channelId);
    if (!connection.isOpen) return;
    const changes = rights.count;
    await this.#listen(voice, { channelId, serverId });
    const access = await this.#access(voice, channelId);
    const isStage = access.type === "stage";
    const isEncrypted = access.isEncrypted && (serverId !== null || context.settings.encryptsPrivateCalls);
    // Version 1 has neither stages nor private channels.
    const isCallable = access.type === "voice" || (!this.#kind.codec.isLegacy && (isStage || serverId === null));
    if (!isCallable) throw new AppError("not_found", "This is no voice channel.");
    if (serverId === null) requireAccepted(access);
    else requireAllowed(checkInChannel(access, "connect"), "channel");
    if (!connection.isOpen) return;
    const { user } = voice.token.authentication;
    const channel = {
      id: channelId,
      serverId,
      name: access.channelName,
      isRestricted: access.isRestricted,
      isStage,
      isEncrypted,
      region: access.region,
    };
    // Clients of version 1 choose no call id, on this endpoint either.
    const isLegacy = callId === null;
    const canForward = !isLegacy && this.#kind.canForward(query);
    const canEncrypt = !isLegacy && this.#kind.canEncrypt(query);
    const { isMuted, isDeafened } = await this.#restraintOf(voice, serverId);
    // Rights may have ended during that read.
    if (!connection.isOpen) return;
    const rightsHere = { ...access, isAdmin: false };
    const restraint = {
      isServerMuted: isMuted,
      isServerDeafened: isDeafened,
      isSuppressed: !can(rightsHere, "speak"),
      isVideoSuppressed: !can(rightsHere, "stream"),
    };
    const entry = {
      user,
      channel,
      callId: callId ?? randomUUID(),
      isLegacy,
      canForward,
      canEncrypt,
      regionTimes,
      restraint,
      port: voice,
    };
    const handle = await homes.enter(entry);
    voice.joined(handle, callId !== null);
    if (!connection.isOpen) return;
    // Rights may have changed before the room was there.
    if (serverId !== null && rights.count !== changes) rights.recheck(serverId, voice.userId);
    this.#begin(voice, channelId);
    if (serverId === null) await callEntered(context, voice, channelId);
  }

  async #restraintOf({ userId }: VoiceConnection, serverId: number | null) {
    if (serverId === null) return { isMuted: false, isDeafened: false };
    return voiceRestraintOf(this.#options.context.store.db, serverId, userId);
  }

  drain(): void {
    for (const voice of this.#connections) {
      voice.sendEvents({ type: "server_draining", reconnect_after_ms: Math.round(Math.random() * reconnectSpreadMs) });
    }
  }

  announceClose(reconnectAfterMs: (connection: Connection) => number | null): void {
    for (const voice of this.#connections) {
      const afterMs = reconnectAfterMs(voice.connection);
      if (afterMs !== null) voice.sendEvents({ type: "server_draining", reconnect_after_ms: Math.round(afterMs) });
    }
  }

  settled(): Promise<void> {
    return this.#inFlight.settled();
  }

  /** Control messages were lost: rights that are being read are read again. Those in a call are for others to check. */
  missedControls(): void {
    this.#gaps += 1;
  }

  /** Reads again what may have been lost before the subscription could carry the control message, or in a gap since. */
  async #access(voice: VoiceConnection, channelId: number): Promise<ChannelAccess> {
    const { context } = this.#options;
    for (;;) {
      const gaps = this.#gaps;
      const [access] = await Promise.all([
        channelAccess(context, voice, channelId),
        requireSession(context, voice.token.authentication),
      ]);
      if (gaps === this.#gaps) return access;
    }
  }

  async #listen(voice: VoiceConnection, place: { channelId: number; serverId: number | null }): Promise<void> {
    const { delivery } = this.#options;
    const { connection, userId } = voice;
    Object.assign(voice, place);
    const topics: Topic[] = [
      `user:${userId}`,
      ...(place.serverId === null ? [] : [`server:${place.serverId}` as const]),
    ];
    this.#connections.add(voice);
    connection.onClosed(() => {
      this.#connections.delete(voice);
      for (const topic of topics) delivery.unsubscribe(topic, connection.writer);
    });
    await Promise.all(topics.map((topic) => delivery.subscribe(topic, connection.writer)));
  }

  #begin(voice: VoiceConnection, channelId: number): void {
    const { context, logger, security, stats } = this.#options;
    const { connection } = voice;
    logConnection(connection, logger, context.clock, { voice: channelId });
    const options = {
      parse: (data: Buffer, isBinary: boolean) => this.#kind.parse(data, isBinary),
      handle: (command: VoiceCommand) => handleVoiceCommand(voice, command, { context, stats }),
      sendError: (error: ErrorEvent) => {
        voice.sendEvents(error);
        const beside = this.#kind.besideError?.(error);
        if (beside) connection.writer.send(JSON.stringify(beside));
      },
      incoming,
    };
    const deps = { clock: context.clock, logger, security, inFlight: this.#inFlight };
    new CommandQueue(connection, options, deps).start(() => voice.token.tick());
  }

  #handleControl(topic: Topic, control: Control): void {
    // Those who take part are for `handleRoomControl`; here also a connection that has not entered the room yet.
    if (control.type === "recipient_removed" || control.type === "call_refused") {
      const { userId, channelId } = control;
      this.#closeWhere((voice) => voice.userId === userId && voice.channelId === channelId, "no longer allowed");
    } else if (control.type === "membership_removed") {
      const { userId, serverId } = control;
      this.#closeWhere((voice) => voice.userId === userId && voice.serverId === serverId, "no longer a member");
    } else if (control.type === "channel_removed") {
      const { channelId } = control;
      this.#closeWhere((voice) => voice.channelId === channelId, "the channel was deleted", closeCodes.notFound);
    }
    if (control.type !== "session_revoked") return;
    for (const voice of this.#connections) {
      if (topic === `user:${voice.userId}`) voice.token.revoked(control.sessionId);
    }
  }

  #closeWhere(isMeant: (voice: VoiceConnection) => boolean, reason: string, code: number = closeCodes.forbidden): void {
    for (const voice of this.#connections) if (isMeant(voice)) voice.close(code, reason);
  }
}
