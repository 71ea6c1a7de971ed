import { availableParallelism } from "node:os";
import { join } from "node:path";
import type { FastifyInstance } from "fastify";
import type { Logger } from "pino";
import { openBackends, type Closers } from "./backends.ts";
import type { Bus } from "./bus/contract.ts";
import { createAddressReader } from "./client-address.ts";
import type { Cluster } from "./cluster/contract.ts";
import { systemClock, type Clock } from "./clock.ts";
import type { Config } from "./config.ts";
import { prepareDataFolder } from "./data-folder.ts";
import { lockDataFolder } from "./data-folder-lock.ts";
import { issueClaim } from "./domain/accounts/claim.ts";
import { watchRevocations } from "./domain/accounts/watch-revocations.ts";
import type { AttachmentStorage } from "./domain/attachments/storage.ts";
import { LoadMeter } from "./delivery/flush-policy.ts";
import { shareLoad } from "./share-load.ts";
import type { DomainContext } from "./domain/context.ts";
import { DueWork } from "./domain/due-work/due-work.ts";
import type { UnreadAnnouncer } from "./domain/ports.ts";
import { watchLag } from "./domain/search/watch-lag.ts";
import { LivePresence } from "./domain/presence/presence.ts";
import { createContext } from "./create-context.ts";
import { createPace } from "./create-pace.ts";
import { createRealtime, type Realtime, type RealtimeOptions } from "./create-realtime.ts";
import { tryAgainLater } from "./gateway/admission/refusal.ts";
import { createGatewayStats } from "./gateway/stats.ts";
import { TokenBuckets } from "./concurrency/token-buckets.ts";
import { createHttpServer } from "./http/http-server.ts";
import { closeHttp, listen, localUrl } from "./http/listen.ts";
import type { CircuitBreaker } from "./resilience/circuit-breaker.ts";
import { LatencyWindow } from "./monitoring/latency-window.ts";
import { createLogger, type ServerLogger } from "./monitoring/logging.ts";
import { createHttpStats, type HttpStats } from "./monitoring/metrics.ts";
import { Monitoring } from "./monitoring/monitoring.ts";
import { Operator, type AllWorkers, type OperatorAnswers } from "./monitoring/operator.ts";
import { Readiness } from "./monitoring/readiness.ts";
import type { SearchLag } from "./monitoring/search-lag.ts";
import { SecurityEvents } from "./monitoring/security-events.ts";
import { openMonitoring } from "./open-monitoring.ts";
import { createOriginPolicy } from "./origin.ts";
import { startMailing } from "./domain/mail/send-mails.ts";
import { startReminding } from "./domain/saved/remind.ts";
import { startSendingScheduled } from "./domain/scheduled/send-scheduled.ts";
import { startPushing } from "./domain/push/pusher.ts";
import type { IssuerRules } from "./oidc/bounded-fetch.ts";
import type { AddressRules } from "./outgoing/address-rules.ts";
import { startImports } from "./domain/imports/run-imports.ts";
import { startDuties } from "./start-duties.ts";
import type { Store } from "./store/contract.ts";
import { version } from "./version.ts";
import { createVoice, type Voice } from "./voice/create-voice.ts";

export interface Overrides {
  clock?: Clock;
  logger?: Logger;
  store?: Store;
  bus?: Bus;
  cluster?: Cluster;
  /** Puts something between the server and its storage of uploads. */
  storage?: (storage: AttachmentStorage) => AttachmentStorage;
  /** Addresses that pushes may go to: by default the public internet. */
  push?: AddressRules;
  /** Addresses that pages are read from for previews: by default the public internet. */
  pages?: AddressRules;
  /** How login providers may be called: by default over https. */
  issuers?: IssuerRules;
  /** Folder of the built web client. */
  webRoot?: string;
  /** Set in a worker process, whose primary holds the data folder. */
  worker?: WorkerRole;
}

/** What differs in one of several worker processes that serve the same data folder on the same port. */
export interface WorkerRole {
  /** From 1. */
  readonly number: number;
  /** False with the embedded database: the primary publishes what is committed, and keeps house. */
  readonly hasDuties: boolean;
  readonly issuesClaim: boolean;
  /** Listens on a socket of its own beside those of the other workers. */
  readonly reusePort: boolean;
  /** Counts for the users of all workers in one place. */
  readonly unread?: UnreadAnnouncer;
  /** Counts this worker's deliveries. */
  readonly load: LoadMeter;
  /** Asks all workers, this one included. */
  readonly all: AllWorkers;
  /** How long the log gathers commands before it commits them, where another process has the log. */
  readonly gatheredMs?: () => number;
}

export interface RunningServer {
  /** The URL as seen from this machine. */
  readonly url: string;
  readonly port: number;
  readonly address: string;
  /** A link that makes its first user the administrator; null when there is an administrator. */
  readonly claimUrl: string | null;
  /** Resolves when the database has failed permanently; only a restart helps. */
  readonly failure: Promise<Error>;
  /** Lets commands and requests finish, then closes everything. Further calls wait for the same stop. */
  stop(): Promise<void>;
}

/** A server in this process, with what this process alone answers to its operator. */
export type StartedServer = RunningServer & { answers: OperatorAnswers };

const webRoot = join(import.meta.dirname, "../../web/dist");

/** The composition root: creates the implementations and connects them. */
export async function startServer(config: Config, overrides: Overrides = {}): Promise<StartedServer> {
  const { clock = systemClock, worker } = overrides;
  const unlock = worker ? () => {} : await takeDataFolder(config.dataDir);
  const log = overrides.logger ? injected(overrides.logger) : createLogger(config);
  const { logger } = log;
  const logError = (message: string) => (error: unknown) => logger.error({ err: error }, message);
  const closers: Closers = [unlock, () => log.close()];
  const stop = once(async () => {
    // A failure of one closer must not keep the others from running.
    for (const close of closers.toReversed()) await Promise.try(close).catch(logError("stopping failed"));
  });
  try {
    const load = worker?.load ?? new LoadMeter(availableParallelism());
    const pace = createPace(config, clock, () => load.perSecond(clock.monotonic()));
    const readiness = new Readiness(clock);
    const failure = Promise.withResolvers<Error>();
    const onFailure = (error: Error) => {
      logger.fatal({ err: error }, "the database failed");
      readiness.failed();
      failure.resolve(error);
    };
    const base = { clock, logger, pace, closers, onFailure };
    const { store, bus, cluster, breaker } = await openBackends(config, overrides, base);
    const presence = new LivePresence({ cluster, clock });
    const settings = { ...config, voicePort: voicePortOf(config, worker) };
    const voice = createVoice({ bus, store, clock, cluster, settings, onFailure: logError("voice failed") });
    closers.push(() => voice.close());
    const security = createSecurityEvents(clock, logger);
    const domainParts = { store, bus, cluster, clock, presence, voice, security };
    const context = await createContext(config, overrides, domainParts, base);
    const due = startWork(context, worker, { logger, closers });
    const search = watchLag(context, logError("looking at the search index failed"));
    closers.push(() => search.stop());
    closers.push(shareLoad({ cluster, clock, load, pace }));

    const shared = { context, logger, security, ...createAdmission(config, clock) };
    const stats = createHttpStats();
    const gathering = { load, gatheredMs: worker?.gatheredMs ?? (() => pace.gatheredMs()) };
    const parts = { ...shared, clock, gathering, presence, voice, breaker, http: stats, search };
    const { realtime, monitoring } = await startRealtime(config, parts, worker?.number);
    closers.push(() => monitoring.stop());
    const answers: OperatorAnswers = {
      figures: () => monitoring.figures(),
      shed: (share) => realtime.gateway.shed(share),
    };
    const served = { monitoring, stats, readiness, operator: new Operator(answers, worker?.all) };
    const http = await createHttpServer({ ...shared, ...served, config, webRoot: overrides.webRoot ?? webRoot });
    closers.push(() => closeHttp(http));
    attach(http, realtime);
    closers.push(...watchStore(context, due, realtime, logError));
    closers.push(() => drain(readiness, realtime));

    const { address, port } = await listen(http.server, { ...config, reusePort: worker?.reusePort === true });
    const url = localUrl(config.host, port);
    const claimUrl = worker?.issuesClaim === false ? null : await newClaimUrl(context, config.publicUrl ?? url);
    readiness.started();
    return { url, port, address, claimUrl, answers, stop, failure: failure.promise };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Starts the look for what is due, and all that is done without a request. Returns the look. */
function startWork(
  context: DomainContext,
  worker: WorkerRole | undefined,
  { logger, closers }: { logger: Logger; closers: Closers },
): DueWork {
  const logError = (message: string) => (err: unknown) => logger.error({ err }, message);
  const due = new DueWork(context, logError("looking for what is due failed"));
  closers.push(() => due.stop(), context.instance.watch(due, logError("reading the settings failed")));
  if (worker?.hasDuties !== false) closers.push(startDuties(context, due, logger));
  closers.push(...startSending(context, due, logger));
  // Not beside the database of several workers: what is imported comes from anybody, and a worker can be replaced.
  closers.push(startImports(context, due, logError("an import failed and is tried again")));
  return due;
}

/** Sends what is in the outboxes: scheduled messages, reminders, pushes and mails. Returns the functions that stop it. */
function startSending(context: DomainContext, due: DueWork, logger: Logger): Closers {
  const logError = (message: string) => (err: unknown) => logger.error({ err }, message);
  return [
    startSendingScheduled(context, due, logError("sending scheduled messages failed")),
    startReminding(context, due, logError("sending reminders failed")),
    startPushing(context, due, logError("sending pushes failed")),
    startMailing(context, due, {
      onError: logError("sending mails failed"),
      onRefused: (refusal) => logger.warn(refusal, "the mail server did not take a mail"),
    }),
  ];
}

/** Workers are on one machine, so each needs a UDP port of its own. */
function voicePortOf({ voicePort }: Config, worker: WorkerRole | undefined): number {
  return voicePort === 0 ? 0 : voicePort + (worker?.number ?? 1) - 1;
}

/** What HTTP and WebSockets alike ask about a request before anything else. */
function createAdmission(config: Config, clock: Clock) {
  return {
    addressOf: createAddressReader(config.trustedProxies),
    anonymous: new TokenBuckets(config.anonymousRate, clock),
    origins: createOriginPolicy(config),
  };
}

/** Requests are served until the sockets are closed and the load balancer knows. */
async function drain(readiness: Readiness, { gateway, rebalancing }: Realtime): Promise<void> {
  rebalancing.stop();
  await Promise.all([readiness.drain(), gateway.drain()]);
}

/** Lets the gateway act on what others changed in the database. Returns the functions that stop it. */
function watchStore(
  context: DomainContext,
  due: DueWork,
  { delivery, gateway, resync, peers, memberLists, sessionRevoked }: Realtime,
  logError: (message: string) => (error: unknown) => void,
): Closers {
  context.store.onEpochChanged(() => {
    delivery.dataReplaced();
    gateway.reconnectAll();
  });
  const onError = logError("checking for revoked sessions failed");
  return [
    watchRevocations(context, due, { close: sessionRevoked, onError }),
    () => resync.stop(),
    () => peers.stop(),
    () => memberLists.stop(),
  ];
}

async function newClaimUrl(context: DomainContext, url: string): Promise<string | null> {
  const claim = await issueClaim(context);
  return claim === null ? null : `${url}/claim#${claim}`;
}

async function takeDataFolder(folder: string): Promise<() => void> {
  await prepareDataFolder(folder);
  return lockDataFolder(folder);
}

function injected(logger: Logger): ServerLogger {
  return { logger, close: () => Promise.resolve() };
}

type RealtimeParts = Omit<RealtimeOptions, "homes" | "regions" | "stats" | "settings"> & {
  security: SecurityEvents;
  clock: Clock;
  voice: Voice;
  breaker: CircuitBreaker;
  http: HttpStats;
  search: SearchLag;
};

/** Creates the WebSocket gateway and its monitoring. */
async function startRealtime(
  config: Config,
  parts: RealtimeParts,
  workerNumber: number | undefined,
): Promise<{ realtime: Realtime; monitoring: Monitoring }> {
  const { voice, breaker } = parts;
  const stats = createGatewayStats();
  const latency = new LatencyWindow();
  const realtime = createRealtime({
    ...parts,
    stats,
    homes: voice.homes,
    regions: voice.regions,
    settings: { ...config, version },
    refusal: () => (breaker.state === "closed" ? null : tryAgainLater("unavailable")),
    observeLatency: (latencyMs) => latency.observe(latencyMs),
  });
  const monitoring = await openMonitoring(config, { ...parts, realtime, stats, latency }, workerNumber);
  return { realtime, monitoring };
}

function createSecurityEvents(clock: Clock, logger: Logger): SecurityEvents {
  return new SecurityEvents({
    clock,
    report: (address, event, count) => logger.warn({ address, event, count }, "suspicious client"),
  });
}

function attach(http: FastifyInstance, { gateway }: Realtime): void {
  http.server.on("upgrade", (request, socket, head) => gateway.handleUpgrade(request, socket, head));
}

function once(work: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | undefined;
  return () => (running ??= work());
}
