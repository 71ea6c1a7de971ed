import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer as createHttpServer } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pino, type Logger } from "pino";
import type { Bus } from "../bus/contract.ts";
import { MemoryBus } from "../bus/memory.ts";
import type { Cluster } from "../cluster/contract.ts";
import { MemoryCluster } from "../cluster/memory.ts";
import { createAddressReader } from "../client-address.ts";
import type { Clock } from "../clock.ts";
import type { Rate } from "../concurrency/token-bucket.ts";
import { TokenBuckets } from "../concurrency/token-buckets.ts";
import type { AccessTokens } from "../domain/accounts/access-tokens.ts";
import type { DomainContext } from "../domain/context.ts";
import { LivePresence } from "../domain/presence/presence.ts";
import { createPublisher } from "../domain/messages/publish-committed.ts";
import type { RateSettings } from "../domain/rate-limits.ts";
import { createRealtime, type Realtime, type RealtimeSettings } from "../create-realtime.ts";
import type { Refusal } from "../gateway/admission/refusal.ts";
import { createGatewayStats, type GatewayStats } from "../gateway/stats.ts";
import { SecurityEvents } from "../monitoring/security-events.ts";
import { createOriginPolicy } from "../origin.ts";
import { createChannel, createPerson, createServer } from "../store/conformance/world.ts";
import type { Store } from "../store/contract.ts";
import { insertSession } from "../store/queries/sessions.ts";
import { createVoice, type VoiceSettings } from "../voice/create-voice.ts";
import { ManualClock } from "./manual-clock.ts";
import { openMigratedStore } from "./migrated-database.ts";
import { createRealtimeContext } from "./realtime-context.ts";
import { TestSocket } from "./test-socket.ts";

export interface RealtimeWorldOptions {
  settings?: Partial<RealtimeSettings>;
  voice?: Partial<VoiceSettings>;
  rates?: Partial<RateSettings>;
  /** Of refused WebSockets by address; by default no test reaches it. */
  anonymousRate?: Rate;
  corsOrigins?: string[];
  refusal?: () => Refusal | null;
  /** By default the node is alone, with a clock of its own. */
  clock?: ManualClock;
  bus?: Bus;
  cluster?: Cluster;
  /** Another node of the instance, whose store and keys this one uses. */
  peer?: RealtimeWorld;
  /** Silent by default. */
  logger?: Logger;
  /** By default with one key that never changes. */
  tokens?: (store: Store, clock: Clock) => Promise<AccessTokens>;
  /** Wraps the store, for faults and delays. */
  wrapStore?: (store: Store, clock: Clock) => Store;
}

export interface TestPerson {
  id: number;
  name: string;
  sessionId: string;
  token: string;
}

/**
 * The real store, domain, bus and gateway on a real port, with a manual clock and without the HTTP API.
 */
export class RealtimeWorld {
  readonly clock: ManualClock;
  readonly bus: Bus;
  readonly store: Store;
  readonly context: DomainContext;
  readonly realtime: Realtime;
  readonly presence: LivePresence;
  readonly security: SecurityEvents;
  readonly stats: GatewayStats;
  readonly latencies: number[];
  readonly url: string;
  /** The server side of all open TCP sockets. */
  readonly sockets: Set<Socket>;
  readonly close: () => Promise<void>;
  #people = 0;

  private constructor(parts: Parts) {
    this.clock = parts.clock;
    this.bus = parts.bus;
    this.store = parts.store;
    this.context = parts.context;
    this.realtime = parts.realtime;
    this.presence = parts.presence;
    this.security = parts.security;
    this.stats = parts.stats;
    this.latencies = parts.latencies;
    this.url = parts.url;
    this.sockets = parts.sockets;
    this.close = parts.close;
  }

  static async open(options: RealtimeWorldOptions = {}): Promise<RealtimeWorld> {
    return new RealtimeWorld(await build(options));
  }

  /** Creates a user with a session and an access token that is valid for `tokenTtlMs`. */
  async person(name = "user", tokenTtlMs = 900_000): Promise<TestPerson> {
    const unique = `${name}${++this.#people}`;
    const id = await createPerson(this.store, unique);
    const session = await this.session(id, tokenTtlMs);
    return { id, name: unique, ...session };
  }

  async session(userId: number, tokenTtlMs = 900_000): Promise<{ sessionId: string; token: string }> {
    const now = this.clock.now();
    const sessionId = randomUUID();
    await insertSession(this.store.db, {
      id: sessionId,
      user_id: userId,
      kind: "web",
      refresh_hash: null,
      spent_hash: null,
      user_agent: "",
      address: "",
      created_at: now,
      last_used_at: now,
      expires_at: now + 86_400_000,
      revoked_at: null,
      confirmed_at: now,
    });
    return { sessionId, token: await this.token(userId, sessionId, tokenTtlMs) };
  }

  token(userId: number, sessionId: string, ttlMs = 900_000): Promise<string> {
    return this.context.tokens.issue("access", { userId, sessionId, expiresAt: this.clock.now() + ttlMs });
  }

  /** Creates a server with a text channel; the first person owns it. */
  async server(...people: TestPerson[]): Promise<{ serverId: number; channelId: number }> {
    const [owner, ...members] = people.map(({ id }) => id);
    const serverId = await createServer(this.store, owner!, members);
    return { serverId, channelId: await createChannel(this.store, serverId, "text") };
  }

  /** Opens a WebSocket without waiting for its setup, for tests of refusals. */
  dial(path: string, options?: ConstructorParameters<typeof TestSocket>[1]): TestSocket {
    return new TestSocket(`${this.url}${path}`, options);
  }

  async connect(
    { token }: Pick<TestPerson, "token">,
    options?: ConstructorParameters<typeof TestSocket>[1],
  ): Promise<TestSocket> {
    const socket = this.dial(`/ws/main?token=${token}`, options);
    await socket.next("connection_established");
    return socket;
  }
}

type Parts = Pick<
  RealtimeWorld,
  | "clock"
  | "bus"
  | "store"
  | "context"
  | "realtime"
  | "presence"
  | "security"
  | "stats"
  | "latencies"
  | "url"
  | "sockets"
  | "close"
>;

async function build(options: RealtimeWorldOptions): Promise<Parts> {
  const folder = mkdtempSync(join(tmpdir(), "miscord-realtime-"));
  const clock = options.clock ?? new ManualClock();
  const bus = options.bus ?? new MemoryBus();
  const cluster = options.cluster ?? new MemoryCluster(clock);
  const opened = options.peer?.store ?? (await openMigratedStore({ file: join(folder, "miscord.db") }));
  const store = options.wrapStore?.(opened, clock) ?? opened;
  const presence = new LivePresence({ cluster, clock });
  const voice = createVoice({ bus, store, clock, cluster, settings: { ...voiceDefaults, ...options.voice } });
  const tokens = options.peer?.context.tokens ?? (await options.tokens?.(store, clock));
  const given = { rates: options.rates, tokens };
  const context = createRealtimeContext(given, { store, bus, cluster, clock, presence, voice });
  const publisher = createPublisher(context, () => {});
  if (!options.peer) store.log.onCommitted((outcome, command) => publisher.committed(outcome, command));
  const security = new SecurityEvents({ clock, report: () => {} });
  const stats = createGatewayStats();
  const latencies: number[] = [];
  const realtime = createRealtime({
    context,
    presence,
    homes: voice.homes,
    regions: voice.regions,
    settings: { ...defaults, ...options.settings },
    logger: options.logger ?? pino({ level: "silent" }),
    security,
    stats,
    addressOf: createAddressReader([]),
    anonymous: new TokenBuckets(options.anonymousRate ?? { perSecond: 1_000_000, burst: 1_000_000 }, clock),
    origins: createOriginPolicy({ corsOrigins: options.corsOrigins ?? [], publicUrl: undefined }),
    ...(options.refusal && { refusal: options.refusal }),
    observeLatency: (latencyMs) => latencies.push(latencyMs),
  });
  const { url, sockets, stop } = await listen(realtime);
  const close = async () => {
    await stop();
    voice.close();
    if (!options.peer) await store.close();
    rmSync(folder, { recursive: true, force: true });
  };
  return { clock, bus, store, context, realtime, presence, security, stats, latencies, url, sockets, close };
}

const voiceDefaults: VoiceSettings = {
  forwardsVoice: false,
  voicePort: 0,
  voiceAddresses: [],
  publicUrl: undefined,
  voiceRoomLimit: 10,
  voiceMeshLimit: 10,
  voiceRegion: "main",
  stunUrls: [],
  turnUrls: [],
  turnSecret: undefined,
  turnTtlMs: 60_000,
  voiceRelayOnly: true,
};

const defaults: RealtimeSettings = {
  maxConnections: 10_000,
  maxConnectionsPerUser: 10_000,
  maxConnectionsPerAddress: 10_000,
  heartbeatIntervalMs: 15_000,
  cleanupTimeoutMs: 300_000,
  batchSize: 50,
  flushIntervalMs: 50,
  rebalanceIntervalMs: 0,
  version: "test",
};

async function listen(realtime: Realtime): Promise<{ url: string; sockets: Set<Socket>; stop: () => Promise<void> }> {
  const sockets = new Set<Socket>();
  const http = createHttpServer();
  http.on("connection", (socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
  });
  http.on("upgrade", (request, socket, head) => realtime.gateway.handleUpgrade(request, socket, head));
  await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve));
  const stop = async () => {
    const closed = new Promise((resolve) => http.close(resolve));
    for (const socket of sockets) socket.destroy();
    await closed;
  };
  return { url: `ws://127.0.0.1:${(http.address() as AddressInfo).port}`, sockets, stop };
}
