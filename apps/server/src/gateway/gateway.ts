import { closeCodes, errorTable, limits, subprotocol, type ErrorCode } from "@miscord/protocol";
import type { IncomingMessage } from "node:http";
import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import type { Logger } from "pino";
import { WebSocketServer, type Server } from "ws";
import type { AddressReader, ClientAddress } from "../client-address.ts";
import type { Clock } from "../clock.ts";
import type { TokenBuckets } from "../concurrency/token-buckets.ts";
import type { WriteBudget } from "../delivery/writer.ts";
import { RefusedTokens } from "../domain/accounts/refused-tokens.ts";
import type { SecurityLog } from "../domain/ports.ts";
import { AppError } from "../errors.ts";
import type { OriginPolicy } from "../origin.ts";
import { acceptableExtensions, perMessageDeflate } from "./connection/compression.ts";
import { closeGradually, sampleOf } from "./close-gradually.ts";
import { ConnectionLimits, type ConnectionLimitSettings } from "./admission/connection-limits.ts";
import { RefusalDelays } from "./admission/refusal-delays.ts";
import { tryAgainLater, type Refusal } from "./admission/refusal.ts";
import { Connection } from "./connection/connection.ts";
import { tokenOf } from "./admission/credentials.ts";
import type { Endpoint, Handshake } from "./endpoint.ts";
import { Keepalive, type KeepaliveSettings } from "./connection/keepalive.ts";
import { ReceivingSocket } from "./connection/receiving-socket.ts";
import type { GatewayStats } from "./stats.ts";
import { Semaphore } from "../concurrency/semaphore.ts";
import { SharedTurns } from "../concurrency/shared-turns.ts";

interface GatewaySettings extends ConnectionLimitSettings, KeepaliveSettings {
  readonly writeBudget: WriteBudget;
}

export interface GatewayOptions {
  readonly endpoints: readonly Endpoint[];
  readonly limits: ConnectionLimits;
  readonly settings: GatewaySettings;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly security: SecurityLog;
  readonly stats: GatewayStats;
  readonly addressOf: AddressReader;
  /** By client address: connections that were refused. */
  readonly anonymous: TokenBuckets;
  readonly origins: OriginPolicy;
  /** Resolves once an access token can be verified without waiting; rejects with AppError for what is none. */
  readonly prepareToken: (token: string) => Promise<void>;
  /** Not null while new connections are refused, as with an open circuit breaker. */
  readonly refusal: () => Refusal | null;
}

/** Refused connections stay open until the peer answers the close frame. Above this many, they are dropped instead. */
const lingeringRefusals = 1_000;
/** Enough concurrent handshakes to keep the store busy. */
const concurrentHandshakes = 64;
const reconnectSpreadMs = 3_000;
/** Of clients that are to connect to other nodes. */
const reconnectsPerSecond = 1_000;
const returnSpreadMs = 1_000;
const retryWhenFullS = 5;
const legacyPath = /^\/ws\/legacy\//;
/** Refusals of a user who connects too often that come with a close code, which browsers understand. */
const explainedRefusals = 5;

/** Refusals that the same token gets again. */
const lastingRefusals: ReadonlySet<ErrorCode> = new Set(["unauthorized", "forbidden", "not_found"]);

/** Base URL for parsing a path and its query. */
const origin = "http://localhost";

/**
 * Accepts WebSocket connections: handshake, limits and origin, then the endpoint of the path. A refused connection is
 * accepted and then closed with a code, since browsers do not expose the HTTP status of a failed handshake.
 */
export class Gateway {
  readonly #options: GatewayOptions;
  readonly #server: Server<typeof ReceivingSocket>;
  readonly #connections = new Set<Connection>();
  readonly #keepalive: Keepalive;
  readonly #refusalDelays: RefusalDelays;
  readonly #refusedTokens: RefusedTokens;
  readonly #handshakes = new Semaphore(concurrentHandshakes);
  readonly #frameTurns = new SharedTurns();
  #lastId = 0;
  #draining = false;

  constructor(options: GatewayOptions) {
    this.#options = options;
    this.#server = new WebSocketServer({
      noServer: true,
      clientTracking: false,
      autoPong: false,
      maxPayload: limits.frameBytes,
      maxFragments: 1_024,
      maxBufferedChunks: 1_024,
      perMessageDeflate,
      WebSocket: ReceivingSocket,
      handleProtocols: (offered) => (offered.has(subprotocol) ? subprotocol : false),
    });
    this.#server.on("wsClientError", (_error, socket, request) => this.#refuseMalformed(socket, request));
    const { settings, clock } = options;
    this.#refusalDelays = new RefusalDelays(clock);
    this.#refusedTokens = new RefusedTokens(clock, { patience: explainedRefusals });
    this.#keepalive = new Keepalive({ connections: this.#connections, settings, clock });
  }

  /** For the HTTP server's `upgrade` event. */
  handleUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    if (this.#connections.size >= this.#options.settings.maxConnections + lingeringRefusals) {
      this.#options.stats.connectionErrors += 1;
      // A load balancer would take a node that closes without an answer for one that fails.
      return answer(socket, "503 Service Unavailable", [`Retry-After: ${retryWhenFullS}`]);
    }
    const address = this.#options.addressOf(request);
    const retryAfterMs = this.#options.anonymous.waitMs(address.limitKey) || this.#tooOftenMs(request, address);
    if (retryAfterMs > 0) return this.#refuseHandshake(socket, address, retryAfterMs);
    const extensions = acceptableExtensions(request.headers["sec-websocket-extensions"]);
    if (extensions === undefined) delete request.headers["sec-websocket-extensions"];
    else request.headers["sec-websocket-extensions"] = extensions;
    this.#server.handleUpgrade(request, socket, head, (receiver) => {
      this.#acceptOrDrop(request, socket as Socket, receiver);
    });
  }

  /** Of a token whose user connects too often, and goes on: it counts as other refusals do. */
  #tooOftenMs(request: IncomingMessage, { limitKey }: ClientAddress): number {
    // Nearly always, so that the target of a connection is read once.
    if (this.#refusedTokens.isEmpty) return 0;
    const token = tokenOf(request, targetOf(request).searchParams);
    const waitMs = token === null ? 0 : this.#refusedTokens.waitMs(token);
    if (waitMs > 0) this.#options.anonymous.take(limitKey);
    return waitMs;
  }

  /** Answers over HTTP: a WebSocket that is accepted and closed would cost as much as those before. */
  #refuseHandshake(socket: Duplex, { address }: ClientAddress, retryAfterMs: number): void {
    const { stats, security } = this.#options;
    stats.connectionErrors += 1;
    security.record("rate_limited", address);
    answer(socket, "429 Too Many Requests", [`Retry-After: ${Math.ceil(retryAfterMs / 1_000)}`]);
  }

  /** What is no handshake belongs to nobody, and counts as other requests of its address that belong to nobody. */
  #refuseMalformed(socket: Duplex, request: IncomingMessage): void {
    const { stats, security, anonymous, addressOf } = this.#options;
    const address = addressOf(request);
    stats.connectionErrors += 1;
    security.record("malformed", address.address);
    anonymous.take(address.limitKey);
    answer(socket, "400 Bad Request", ["Sec-WebSocket-Version: 13"]);
  }

  /** Connections that wait for the answer that they are refused. */
  get heldRefusals(): number {
    return this.#refusalDelays.heldCount;
  }

  get connectionCount(): number {
    return this.#connections.size;
  }

  /**
   * Refuses new connections, announces the stop, waits for accepted commands, then closes every connection with 1012.
   */
  async drain(deadlineMs = 8_000): Promise<void> {
    const { clock, endpoints } = this.#options;
    this.#draining = true;
    const { promise: late, resolve } = Promise.withResolvers<void>();
    const deadline = clock.setTimeout(resolve, deadlineMs);
    for (const endpoint of endpoints) endpoint.drain?.();
    // While clients go on sending, commands would never be settled. Unread frames have no ack, so clients repeat them.
    for (const connection of this.#connections) connection.pause();
    await Promise.race([late, Promise.all(endpoints.map(async (endpoint) => endpoint.settled?.()))]);
    for (const connection of this.#connections) connection.close(closeCodes.restart, "restart");
    await Promise.race([late, this.#allClosed()]);
    deadline.cancel();
    for (const connection of this.#connections) connection.destroy();
    this.#keepalive.stop();
  }

  /**
   * Closes the present connections with 1012, spread over some seconds, so that their clients come back and load what
   * they hold anew.
   */
  reconnectAll(spreadMs = reconnectSpreadMs): void {
    closeGradually(this.#connections, { clock: this.#options.clock, spreadMs });
  }

  /**
   * Closes a random share of the connections with 1012, spread over some seconds, for their clients to connect to other
   * nodes. `share` is more than 0 and at most 1. Returns how many it closes, and within which time.
   */
  shed(share: number): { sockets: number; withinMs: number } {
    const { clock, endpoints } = this.#options;
    const chosen = sampleOf(this.#connections, share).filter(({ isPinned }) => !isPinned);
    const withinMs = Math.max(reconnectSpreadMs, (chosen.length / reconnectsPerSecond) * 1_000);
    const closing = closeGradually(chosen, { clock, spreadMs: withinMs });
    const reconnectAfterMs = (connection: Connection) => {
      const closedMs = closing.get(connection);
      return closedMs === undefined ? null : closedMs + Math.random() * returnSpreadMs;
    };
    for (const endpoint of endpoints) endpoint.announceClose?.(reconnectAfterMs);
    return { sockets: chosen.length, withinMs };
  }

  async #allClosed(): Promise<void> {
    await Promise.all([...this.#connections].map((each) => new Promise<void>((done) => each.onClosed(done))));
  }

  /** An exception in an `upgrade` listener would be uncaught and end the process. */
  #acceptOrDrop(request: IncomingMessage, socket: Socket, receiver: ReceivingSocket): void {
    try {
      this.#accept(request, socket, receiver);
    } catch (error) {
      this.#options.logger.error({ err: error }, "accepting a connection failed");
      this.#options.stats.connectionErrors += 1;
      socket.destroy();
    }
  }

  #accept(request: IncomingMessage, socket: Socket, receiver: ReceivingSocket): void {
    const { clock, stats, settings, addressOf, endpoints } = this.#options;
    const url = targetOf(request);
    const endpoint = endpoints.find(({ path }) => path.test(url.pathname));
    const connection = new Connection({
      id: ++this.#lastId,
      socket,
      receiver,
      address: addressOf(request),
      clock,
      stats,
      budget: settings.writeBudget,
      deflate: receiver.extensions.includes("permessage-deflate"),
      frameTurns: this.#frameTurns,
      ...(endpoint?.codec && { codec: endpoint.codec }),
    });
    this.#track(connection);
    const refusal = this.#admit(connection, request);
    if (refusal) return this.#refuse(connection, refusal.closeCode, refusal.reason);
    if (legacyPath.test(url.pathname)) this.#countLegacy(connection);
    if (!endpoint) {
      this.#countRefusal(connection);
      return this.#refuse(connection, closeCodes.notFound, "no such endpoint");
    }
    const params = endpoint.path.exec(url.pathname)?.slice(1) ?? [];
    const handshake = { token: tokenOf(request, url.searchParams), query: url.searchParams, params };
    this.#setUp(connection, endpoint, handshake).catch((error: unknown) =>
      this.#refuseAccept(connection, { endpoint, handshake }, error),
    );
  }

  /** Forged tokens wait before they have a place among those who are set up, and take it from nobody. */
  async #setUp(connection: Connection, endpoint: Endpoint, handshake: Handshake): Promise<void> {
    const { token } = handshake;
    if (token && !endpoint.hasOwnTokens) await this.#options.prepareToken(token);
    await this.#handshakes.run(async () => {
      if (!connection.isOpen) return;
      await endpoint.accept(connection, handshake);
      this.#options.stats.arrivals += 1;
    });
  }

  #countLegacy(connection: Connection): void {
    const { stats } = this.#options;
    stats.legacyConnections += 1;
    connection.onClosed(() => {
      stats.legacyConnections -= 1;
    });
  }

  #track(connection: Connection): void {
    this.#connections.add(connection);
    this.#keepalive.watch(connection);
    connection.onClosed(() => this.#connections.delete(connection));
  }

  #admit(connection: Connection, request: IncomingMessage): Refusal | null {
    const { limits, origins, security, stats, refusal } = this.#options;
    const { address, limitKey, host } = connection.address;
    if (!origins.allows(request.headers.origin, host)) {
      security.record("forbidden", address);
      this.#countRefusal(connection);
      return { closeCode: closeCodes.forbidden, reason: "origin not allowed" };
    }
    const ours = this.#draining ? tryAgainLater("restarting") : refusal();
    if (ours) return ours;
    const refused = limits.admitAddress(limitKey);
    if (refused) {
      this.#countRefusal(connection);
      return refused;
    }
    connection.onClosed(() => {
      limits.releaseAddress(limitKey);
      stats.connections = limits.total;
    });
    stats.connections = limits.total;
    stats.peakConnections = Math.max(stats.peakConnections, limits.total);
    return null;
  }

  #refuseAccept(
    connection: Connection,
    { endpoint, handshake }: { endpoint: Endpoint; handshake: Handshake },
    error: unknown,
  ): void {
    const { logger, security } = this.#options;
    if (!(error instanceof AppError)) {
      logger.error({ err: error, connection: connection.id }, "setting up a connection failed");
      return this.#refuse(connection, closeCodes.tryAgainLater, "try again later");
    }
    const { address, limitKey } = connection.address;
    if (error.code === "unauthorized") {
      security.record("auth_failure", address);
      logger.info({ address }, "authentication failed");
    }
    if (error.code === "rate_limited" && handshake.token)
      this.#refusedTokens.note(handshake.token, error.retryAfterMs ?? 0);
    const refuse = () => this.#refuse(connection, endpoint.closeCodeOf?.(error) ?? error.closeCode, error.message);
    // The others are the state of this instance.
    if (errorTable[error.code].status < 500) this.#countRefusal(connection);
    if (!endpoint.delaysRefusals || !lastingRefusals.has(error.code)) return refuse();
    this.#refusalDelays.refuse(connection, { limitKey, token: handshake.token }, refuse);
  }

  /** Of refusals that the client is the reason of, and not the state of this instance. */
  #countRefusal({ address }: Connection): void {
    this.#options.anonymous.take(address.limitKey);
  }

  #refuse(connection: Connection, code: number, reason: string): void {
    this.#options.stats.connectionErrors += 1;
    this.#options.logger.debug({ address: connection.address.address, code, reason }, "connection refused");
    connection.close(code, reason);
  }
}

/** A request line may hold a target that is not a valid URL; it is answered like an unknown path. */
function targetOf({ url = "/" }: IncomingMessage): URL {
  return URL.parse(url, origin) ?? new URL("/", origin);
}

/** Answers an upgrade over HTTP, and closes the connection. */
function answer(socket: Duplex, status: string, headers: readonly string[]): void {
  const head = [`HTTP/1.1 ${status}`, ...headers, "Connection: close", "Content-Length: 0"];
  socket.on("error", () => {});
  socket.end(`${head.join("\r\n")}\r\n\r\n`, () => socket.destroy());
}
