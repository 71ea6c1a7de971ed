import { limits as protocolLimits } from "@miscord/protocol";
import type { Logger } from "pino";
import type { AddressReader } from "./client-address.ts";
import { KeyedSemaphore } from "./concurrency/keyed-semaphore.ts";
import type { TokenBuckets } from "./concurrency/token-buckets.ts";
import { Delivery, type DeliveryOptions } from "./delivery/delivery.ts";
import { Resumes } from "./delivery/resume.ts";
import { defaultWriteBudget, type WriteBudget } from "./delivery/writer.ts";
import type { DomainContext } from "./domain/context.ts";
import type { LivePresence } from "./domain/presence/presence.ts";
import type { SecurityLog } from "./domain/ports.ts";
import { usersById } from "./store/queries/users.ts";
import type { OriginPolicy } from "./origin.ts";
import { ConnectionLimits, type ConnectionLimitSettings } from "./gateway/admission/connection-limits.ts";
import type { Refusal } from "./gateway/admission/refusal.ts";
import type { Endpoint } from "./gateway/endpoint.ts";
import { Gateway } from "./gateway/gateway.ts";
import { legacyChatCodec } from "./gateway/legacy/chat-codec.ts";
import { legacyChatKind } from "./gateway/legacy/chat-kind.ts";
import { Names } from "./gateway/legacy/names.ts";
import { legacyNotificationsCodec } from "./gateway/legacy/notifications-codec.ts";
import { legacyNotificationsKind } from "./gateway/legacy/notifications-kind.ts";
import { legacyVoiceKind } from "./gateway/legacy/voice-kind.ts";
import type { SessionDirectory } from "./gateway/client-session/directory.ts";
import { mainKind } from "./gateway/main/kind.ts";
import { SessionEndpoint, type SessionEndpointOptions } from "./gateway/client-session/session-endpoint.ts";
import type { GatewayStats } from "./gateway/stats.ts";
import type { VoiceRooms } from "./voice/voice-rooms.ts";
import { VoiceEndpoint } from "./gateway/voice/endpoint.ts";
import { voiceKind } from "./gateway/voice/kind.ts";
import { handleRoomControl } from "./gateway/voice/room-control.ts";
import { createVoiceStats, type VoiceStats } from "./gateway/voice/stats.ts";

export interface RealtimeSettings extends ConnectionLimitSettings {
  readonly heartbeatIntervalMs: number;
  readonly cleanupTimeoutMs: number;
  readonly batchSize: number;
  readonly flushIntervalMs: number;
  readonly version: string;
  readonly writeBudget?: WriteBudget;
}

export interface RealtimeOptions {
  readonly context: DomainContext;
  readonly presence: LivePresence;
  readonly rooms: VoiceRooms;
  readonly settings: RealtimeSettings;
  readonly logger: Logger;
  readonly security: SecurityLog;
  readonly stats: GatewayStats;
  readonly addressOf: AddressReader;
  /** By client address: WebSockets that were refused. */
  readonly anonymous: TokenBuckets;
  readonly origins: OriginPolicy;
  /** Not null while new connections are refused. */
  readonly refusal?: () => Refusal | null;
  readonly observeLatency?: (latencyMs: number) => void;
  /** Settings that make delivery wait less for events that group commit has delayed. */
  readonly gathering?: Pick<DeliveryOptions, "load" | "gatheredMs">;
}

export interface Realtime {
  readonly gateway: Gateway;
  readonly delivery: Delivery;
  readonly directory: SessionDirectory;
  readonly voice: VoiceEndpoint;
  readonly voiceStats: VoiceStats;
}

/** How long a peer may take to answer a close frame before its socket is destroyed. */
const closeTimeoutMs = 3_000;
/**
 * Most bytes of a replay: a larger one would fill a connection's write budget; the client then reads history over HTTP.
 */
const replayBytes = 512 * 1024;
/** Enough to keep the store busy for one user who is back with many channels. */
const joinsAtOnce = 4;

/** Creates delivery, the gateway and its endpoints: everything between the bus and the WebSockets. */
export function createRealtime(options: RealtimeOptions): Realtime {
  const { context, settings, stats, observeLatency, gathering } = options;
  const { bus, clock, store } = context;
  const delivery = new Delivery({
    bus,
    clock,
    settings: { maxIntervalMs: settings.flushIntervalMs, batchSize: settings.batchSize },
    stats: stats.delivery,
    ...(settings.flushIntervalMs === 0 && { endOfTurn: (flush: () => void) => flush() }),
    ...(observeLatency && { observeLatency }),
    ...gathering,
  });
  const resumes = new Resumes({
    delivery,
    clock,
    changesSince: (channelId, afterSeq, limit) => store.log.changesSince(channelId, afterSeq, limit),
    limits: { messages: protocolLimits.resumeMessages, bytes: replayBytes, batchSize: settings.batchSize },
  });
  const limits = new ConnectionLimits(settings);
  const joins = new KeyedSemaphore<number>(joinsAtOnce);
  const parts = { ...options, delivery, resumes, joins, limits };
  const main = new SessionEndpoint(mainKind(parts, settings), parts);
  const voiceStats = createVoiceStats();
  const voiceParts = { ...parts, stats: voiceStats };
  const voice = new VoiceEndpoint(voiceKind, voiceParts);
  handleRoomControl(options.rooms, delivery);
  const legacyVoice = new VoiceEndpoint(legacyVoiceKind, voiceParts);
  const gateway = new Gateway({
    ...options,
    clock,
    limits,
    endpoints: [main, voice, ...legacySessions(parts), legacyVoice],
    settings: { ...settings, closeTimeoutMs, writeBudget: settings.writeBudget ?? defaultWriteBudget },
    refusal: options.refusal ?? (() => null),
  });
  return { gateway, delivery, directory: main.sessions, voice, voiceStats };
}

function legacySessions(options: SessionEndpointOptions): Endpoint[] {
  const { clock, store } = options.context;
  const names = new Names({ clock, find: (ids) => usersById(store.db, ids) });
  return [
    new SessionEndpoint(legacyChatKind(options, legacyChatCodec(names, options.context.fileLinks)), options),
    new SessionEndpoint(legacyNotificationsKind(options, legacyNotificationsCodec(names)), options),
  ];
}
