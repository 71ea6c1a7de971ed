import { limits as protocolLimits, type QualityReport } from "@miscord/protocol";
import type { Logger } from "pino";
import type { AddressReader } from "./client-address.ts";
import { Delivery, type DeliveryOptions } from "./delivery/delivery.ts";
import { Resumes } from "./delivery/resume.ts";
import { defaultWriteBudget, type WriteBudget } from "./delivery/writer.ts";
import type { DomainContext } from "./domain/context.ts";
import type { LivePresence } from "./domain/presence/presence.ts";
import type { VoiceMetrics, VoiceQuality } from "./monitoring/metrics.ts";
import { usersById } from "./store/queries/users.ts";
import type { SecurityEvents } from "./monitoring/security-events.ts";
import type { OriginPolicy } from "./origin.ts";
import { ConnectionLimits, type ConnectionLimitSettings } from "./gateway/admission/connection-limits.ts";
import type { Endpoint } from "./gateway/endpoint.ts";
import { Gateway } from "./gateway/gateway.ts";
import { legacyChatDialect } from "./gateway/legacy/chat-codec.ts";
import { legacyChatKind } from "./gateway/legacy/chat-kind.ts";
import { Names } from "./gateway/legacy/names.ts";
import { legacyNotificationsKind } from "./gateway/legacy/notifications-kind.ts";
import { legacyVoiceKind } from "./gateway/legacy/voice-kind.ts";
import type { SessionDirectory } from "./gateway/client-session/directory.ts";
import { mainKind } from "./gateway/main/kind.ts";
import { SessionEndpoint, type SessionEndpointOptions } from "./gateway/client-session/session-endpoint.ts";
import type { GatewayStats } from "./gateway/stats.ts";
import type { VoiceRooms } from "./voice/voice-rooms.ts";
import { VoiceEndpoint } from "./gateway/voice/endpoint.ts";
import { voiceKind } from "./gateway/voice/kind.ts";
import { obeyOrders } from "./gateway/voice/room-control.ts";
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
  readonly security: SecurityEvents;
  readonly stats: GatewayStats;
  readonly addressOf: AddressReader;
  readonly origins: OriginPolicy;
  /** Why no new connection is taken now, if so. */
  readonly refusal?: () => string | null;
  readonly observeLatency?: (latencyMs: number) => void;
  /** Of the delivery. */
  readonly gathering?: Pick<DeliveryOptions, "load" | "gatheredMs">;
}

export interface Realtime {
  readonly gateway: Gateway;
  readonly delivery: Delivery;
  readonly directory: SessionDirectory;
  readonly voice: VoiceEndpoint;
  readonly voiceStats: VoiceStats;
}

/** What calls tell of themselves in `/metrics`. */
export function voiceMetrics({ voiceStats }: Realtime, rooms: VoiceRooms): VoiceMetrics {
  return {
    total_connections: rooms.connections,
    active_channels: rooms.rooms.size,
    webrtc_offers: voiceStats.offers,
    webrtc_answers: voiceStats.answers,
    ice_candidates: voiceStats.candidates,
    bitrate: rooms.bitrate,
  };
}

/** How calls sound to those whose clients tell. */
export function voiceQuality({ voice, voiceStats }: Realtime, rooms: VoiceRooms): VoiceQuality {
  const reports = [...voice.sessions].flatMap(({ quality }) => quality ?? []);
  const mean = (figure: (report: QualityReport) => number) =>
    reports.length === 0 ? null : reports.reduce((sum, report) => sum + figure(report), 0) / reports.length;
  return {
    participants: [...rooms.rooms.values()].reduce((sum, room) => sum + room.participants.size, 0),
    reports: voiceStats.qualityReports,
    rttMs: mean((report) => report.rtt_ms),
    jitterMs: mean((report) => report.jitter_ms),
    loss: mean((report) => report.loss),
    bitrate: mean((report) => report.bitrate),
  };
}

/** How long a peer may take to answer our close frame before it is let go. */
const closeTimeoutMs = 3_000;
/** A replay beyond this would fill a connection's budget at once; history over HTTP comes in pages. */
const replayBytes = 512 * 1024;

/** Puts delivery and the endpoints together: everything between the bus and the sockets. */
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
  const parts = { ...options, delivery, resumes, limits };
  const main = new SessionEndpoint(mainKind(parts, settings), parts);
  const voiceStats = createVoiceStats();
  const voiceParts = { ...parts, stats: voiceStats };
  const voice = new VoiceEndpoint(voiceKind, voiceParts);
  obeyOrders(options.rooms, delivery);
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
    new SessionEndpoint(legacyChatKind(options, legacyChatDialect(names, options.context.fileLinks)), options),
    new SessionEndpoint(legacyNotificationsKind(options), options),
  ];
}
