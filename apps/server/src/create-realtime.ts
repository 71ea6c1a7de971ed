import { limits as protocolLimits } from "@miscord/protocol";
import type { Logger } from "pino";
import type { AddressReader } from "./client-address.ts";
import { KeyedSemaphore } from "./concurrency/keyed-semaphore.ts";
import { TokenBuckets } from "./concurrency/token-buckets.ts";
import { Delivery, type DeliveryOptions } from "./delivery/delivery.ts";
import type { ChangesSince } from "./delivery/replay.ts";
import { Resumes } from "./delivery/resume.ts";
import { defaultWriteBudget, type WriteBudget } from "./delivery/writer.ts";
import type { DomainContext } from "./domain/context.ts";
import { callEnded } from "./domain/private/calls.ts";
import type { LivePresence } from "./domain/presence/presence.ts";
import type { SecurityLog } from "./domain/ports.ts";
import { channelPositions } from "./store/queries/channels.ts";
import { usersById } from "./store/queries/users.ts";
import type { OriginPolicy } from "./origin.ts";
import { ConnectionLimits, type ConnectionLimitSettings } from "./gateway/admission/connection-limits.ts";
import type { Refusal } from "./gateway/admission/refusal.ts";
import { Gateway } from "./gateway/gateway.ts";
import { legacyChatCodec } from "./gateway/legacy/chat-codec.ts";
import { legacyChatKind } from "./gateway/legacy/chat-kind.ts";
import { Names } from "./gateway/legacy/names.ts";
import { legacyNotificationsCodec } from "./gateway/legacy/notifications-codec.ts";
import { legacyNotificationsKind } from "./gateway/legacy/notifications-kind.ts";
import { legacyVoiceKind } from "./gateway/legacy/voice-kind.ts";
import { ThreadWatch } from "./gateway/rights/thread-watch.ts";
import { RightsWatch } from "./gateway/rights/rights-watch.ts";
import { PeerReader } from "./gateway/client-session/peer-reader.ts";
import { Setups } from "./gateway/client-session/setups.ts";
import { Resync } from "./gateway/client-session/resync.ts";
import type { SessionDirectory } from "./gateway/client-session/directory.ts";
import { MemberLists } from "./gateway/members/member-lists.ts";
import { mainKind } from "./gateway/main/kind.ts";
import { Rebalancing } from "./gateway/rebalancing/rebalancing.ts";
import { SessionEndpoint, type SessionEndpointOptions } from "./gateway/client-session/session-endpoint.ts";
import type { GatewayStats } from "./gateway/stats.ts";
import type { Regions } from "./voice/regions/regions.ts";
import type { VoiceHomes } from "./voice/voice-homes.ts";
import { VoiceEndpoint } from "./gateway/voice/endpoint.ts";
import { voiceKind } from "./gateway/voice/kind.ts";
import { VoiceNodeEndpoint } from "./gateway/voice/node-endpoint.ts";
import { handleRoomControl } from "./gateway/voice/room-control.ts";
import { createVoiceStats, type VoiceStats } from "./gateway/voice/stats.ts";

export interface RealtimeSettings extends ConnectionLimitSettings {
  readonly heartbeatIntervalMs: number;
  readonly cleanupTimeoutMs: number;
  readonly batchSize: number;
  readonly flushIntervalMs: number;
  readonly rebalanceIntervalMs: number;
  readonly version: string;
  readonly writeBudget?: WriteBudget;
}

export interface RealtimeOptions {
  readonly context: DomainContext;
  readonly presence: LivePresence;
  readonly homes: VoiceHomes;
  readonly regions: Regions;
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
  /** To be stopped before the gateway drains. */
  readonly rebalancing: Rebalancing;
  readonly delivery: Delivery;
  /** To be started when messages of other nodes may have been missed in a way that the bus cannot know of. */
  readonly resync: Resync;
  readonly peers: PeerReader;
  readonly memberLists: MemberLists;
  readonly directory: SessionDirectory;
  readonly voice: VoiceEndpoint;
  readonly voiceStats: VoiceStats;
  /** Closes this node's connections of a session that has been revoked. */
  readonly sessionRevoked: (userId: number, sessionId: string) => void;
}

/** How long a peer may take to answer a close frame before its socket is destroyed. */
const closeTimeoutMs = 3_000;
/**
 * Most bytes of a replay: a larger one would fill a connection's write budget; the client then reads history over HTTP.
 */
const replayBytes = 512 * 1024;
/** Messages read for one user's replays: ten full ones at once. More would make others wait for their encoding. */
const replayRate = { burst: 10 * protocolLimits.resumeMessages, perSecond: 200 };
/** Enough to keep the store busy for one user who is back with many channels. */
const joinsAtOnce = 4;

/** Creates delivery, the gateway and its endpoints: everything between the bus and the WebSockets. */
export function createRealtime(options: RealtimeOptions): Realtime {
  const { context, settings } = options;
  const { clock, cluster } = context;
  const { delivery, resumes } = createDelivery(options);
  const memberLists = showMemberLists(options, delivery);
  const endpoints: EndpointsBySort = { sessions: [], voices: [] };
  const rights = watchRights(options, delivery, endpoints);
  const limits = new ConnectionLimits(settings, cluster);
  const joins = new KeyedSemaphore<number>(joinsAtOnce);
  const replays = new TokenBuckets(replayRate, clock);
  const peers = readPeers(options);
  const setups = new Setups(clock);
  const parts = { ...options, delivery, resumes, replays, joins, limits, rights, setups, peers, memberLists };
  const main = new SessionEndpoint(mainKind(parts, settings), parts);
  const voiceStats = createVoiceStats();
  const voiceParts = { ...parts, stats: voiceStats };
  const voice = new VoiceEndpoint(voiceKind, voiceParts);
  handleRoomControl(options.homes, delivery);
  options.homes.onEmpty((channelId) => {
    const onError = (error: unknown) => options.logger.error({ err: error }, "a call left no line in the history");
    callEnded(context, channelId).catch(onError);
  });
  const legacyVoice = new VoiceEndpoint(legacyVoiceKind, voiceParts);
  const legacy = legacySessions(parts);
  endpoints.main = main.sessions;
  endpoints.sessions = [main, ...legacy].map(({ sessions }) => sessions);
  endpoints.voices = [voice, legacyVoice];
  const resync = createResync(options, { delivery, rights, endpoints });
  context.bus.onGap(() => memberLists.missedEvents());
  const gateway = new Gateway({
    ...options,
    clock,
    limits,
    endpoints: [main, voice, ...legacy, legacyVoice, new VoiceNodeEndpoint(options)],
    prepareToken: (token) => context.tokens.prepare(token),
    settings: { ...settings, closeTimeoutMs, writeBudget: settings.writeBudget ?? defaultWriteBudget },
    refusal: options.refusal ?? (() => null),
  });
  const rebalancing = startRebalancing(options, gateway);
  const sessionRevoked = (userId: number, sessionId: string) =>
    delivery.receiveLocal(`user:${userId}`, { kind: "control", control: { type: "session_revoked", sessionId } });
  return {
    gateway,
    rebalancing,
    delivery,
    resync,
    peers,
    memberLists,
    directory: main.sessions,
    voice,
    voiceStats,
    sessionRevoked,
  };
}

function createDelivery({ context, settings, stats, observeLatency, gathering }: RealtimeOptions) {
  const { bus, clock, store } = context;
  const { batchSize, flushIntervalMs } = settings;
  const changesSince: ChangesSince = (...position) => store.log.changesSince(...position);
  const limits = { messages: protocolLimits.resumeMessages, bytes: replayBytes };
  const positions = (channelIds: readonly number[]) => channelPositions(store.db, channelIds);
  const delivery = new Delivery({
    bus,
    clock,
    ...(!bus.isLocal && { order: { changesSince, positions, limits } }),
    settings: { maxIntervalMs: flushIntervalMs, batchSize },
    stats: stats.delivery,
    ...(flushIntervalMs === 0 && { endOfTurn: (flush: () => void) => flush() }),
    ...(observeLatency && { observeLatency }),
    ...gathering,
  });
  return { delivery, resumes: new Resumes({ delivery, clock, changesSince, limits: { ...limits, batchSize } }) };
}

/** Filled once the endpoints exist, which themselves need what is created with this. */
interface EndpointsBySort {
  main?: SessionDirectory;
  sessions: readonly SessionDirectory[];
  voices: readonly VoiceEndpoint[];
}

function watchRights(options: RealtimeOptions, delivery: Delivery, endpoints: EndpointsBySort): RightsWatch {
  const { bus, clock, store, voice } = options.context;
  return new RightsWatch({
    bus,
    clock,
    db: store.db,
    delivery,
    homes: options.homes,
    threads: new ThreadWatch({
      context: options.context,
      delivery,
      sessions: (userId) => [...(endpoints.main?.of(userId) ?? [])],
      onError: (error) => options.logger.error({ err: error }, "a followed thread was not shown"),
    }),
    sessions: () => endpoints.sessions.flatMap((directory) => [...directory]),
    voices: () => endpoints.voices.flatMap(({ connections }) => [...connections]),
    voiceStates: (serverId) => voice.statesOf(serverId),
    onError: (error) => options.logger.error({ err: error }, "a change of rights is applied again"),
  });
}

/** The status of a server's members goes to those who want that of all, and what of it is in sight to the others. */
function showMemberLists({ context, presence, logger }: RealtimeOptions, delivery: Delivery): MemberLists {
  const { store, clock } = context;
  const onError = (error: unknown) => logger.error({ err: error }, "a member list is read again");
  const lists = new MemberLists({ db: store.db, clock, delivery, presence, onError });
  presence.onEvent((topic, event) => {
    const [kind, id] = topic.split(":");
    if (kind === "server") lists.presenceChanged(Number(id));
    delivery.receiveLocal(kind === "server" ? `presence:${Number(id)}` : topic, { kind: "event", event });
  });
  return lists;
}

function readPeers({ context, presence, logger }: RealtimeOptions): PeerReader {
  const onError = (error: unknown) => logger.error({ err: error }, "reading who sees a status is repeated");
  return new PeerReader({ db: context.store.db, clock: context.clock, presence, onError });
}

interface ResyncParts {
  delivery: Delivery;
  rights: RightsWatch;
  endpoints: EndpointsBySort;
}

function createResync(
  { context, homes, logger }: RealtimeOptions,
  { delivery, rights, endpoints }: ResyncParts,
): Resync {
  const { bus, clock, cluster, store } = context;
  const resync = new Resync({
    delivery,
    clock,
    db: store.db,
    rights,
    directories: endpoints.sessions,
    voice: {
      places: () => homes.places(),
      missedControls() {
        for (const endpoint of endpoints.voices) endpoint.missedControls();
      },
    },
    onError: (error) => logger.error({ err: error }, "a resync failed and is repeated"),
  });
  bus.onGap(() => resync.start());
  // What was changed when the database's connections were lost may not have been published.
  store.onInterrupted(() => bus.announceGap());
  // A node that was killed may have committed changes without publishing them.
  cluster.onNodeGone(() => resync.start());
  cluster.onRejoined(() => resync.start());
  return resync;
}

/** A process without others has nobody to move connections to. */
function startRebalancing({ context, settings, logger }: RealtimeOptions, gateway: Gateway): Rebalancing {
  const { bus, clock, cluster } = context;
  const everyMs = bus.isLocal ? 0 : settings.rebalanceIntervalMs;
  return new Rebalancing({ cluster, clock, gateway, logger, everyMs });
}

function legacySessions(options: SessionEndpointOptions) {
  const { clock, store } = options.context;
  const names = new Names({ clock, find: (ids) => usersById(store.db, ids) });
  return [
    new SessionEndpoint(legacyChatKind(options, legacyChatCodec(names, options.context.fileLinks)), options),
    new SessionEndpoint(legacyNotificationsKind(options, legacyNotificationsCodec(names)), options),
  ];
}
