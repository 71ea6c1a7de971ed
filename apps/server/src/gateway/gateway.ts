import { closeCodes, limits, subprotocol } from "@miscord/protocol";
import type { IncomingMessage } from "node:http";
import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import type { Logger } from "pino";
import { WebSocketServer, type Server } from "ws";
import type { AddressReader } from "../client-address.ts";
import type { Clock } from "../clock.ts";
import type { WriteBudget } from "../delivery/writer.ts";
import { AppError } from "../errors.ts";
import type { SecurityEvents } from "../monitoring/security-events.ts";
import type { OriginPolicy } from "../origin.ts";
import { acceptableExtensions, perMessageDeflate } from "./connection/compression.ts";
import { ConnectionLimits, type ConnectionLimitSettings } from "./admission/connection-limits.ts";
import { Connection } from "./connection/connection.ts";
import { tokenOf } from "./admission/credentials.ts";
import type { Endpoint } from "./endpoint.ts";
import { Keepalive, type KeepaliveSettings } from "./connection/keepalive.ts";
import { ReceivingSocket } from "./connection/receiving-socket.ts";
import type { GatewayStats } from "./stats.ts";
import { Turnstile } from "../concurrency/semaphore.ts";

interface GatewaySettings extends ConnectionLimitSettings, KeepaliveSettings {
  readonly writeBudget: WriteBudget;
}

export interface GatewayOptions {
  readonly endpoints: readonly Endpoint[];
  readonly limits: ConnectionLimits;
  readonly settings: GatewaySettings;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly security: SecurityEvents;
  readonly stats: GatewayStats;
  readonly addressOf: AddressReader;
  readonly origins: OriginPolicy;
  /** Why no new connection is taken now, if so: the circuit breaker's word. */
  readonly refusal: () => string | null;
}

/** Refused sockets linger until their close frame is answered; beyond so many more they are simply dropped. */
const lingeringRefusals = 1_000;
/** Enough to keep the store busy. */
const arrivalsAtOnce = 64;
const legacyPath = /^\/ws\/legacy\//;

/** Only to read a path and its query. */
const origin = "http://localhost";

/** Every socket's way in: handshake, limits, origin, then the endpoint of its path. Refusals are accept-then-close. */
export class Gateway {
  readonly #options: GatewayOptions;
  readonly #server: Server<typeof ReceivingSocket>;
  readonly #connections = new Set<Connection>();
  readonly #keepalive: Keepalive;
  readonly #arrivals = new Turnstile(arrivalsAtOnce);
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
    const { settings, clock } = options;
    this.#keepalive = new Keepalive({ connections: this.#connections, settings, clock });
  }

  /** For the HTTP server's `upgrade` event. */
  handleUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    if (this.#connections.size >= this.#options.settings.maxConnections + lingeringRefusals) {
      this.#options.stats.connectionErrors += 1;
      socket.destroy();
      return;
    }
    const extensions = acceptableExtensions(request.headers["sec-websocket-extensions"]);
    if (extensions === undefined) delete request.headers["sec-websocket-extensions"];
    else request.headers["sec-websocket-extensions"] = extensions;
    this.#server.handleUpgrade(request, socket, head, (receiver) => {
      this.#acceptOrDrop(request, socket as Socket, receiver);
    });
  }

  get connectionCount(): number {
    return this.#connections.size;
  }

  /** Takes no new connection, announces the stop, lets what was accepted finish, then closes all with 1012. */
  async drain(deadlineMs = 8_000): Promise<void> {
    const { clock, endpoints } = this.#options;
    this.#draining = true;
    const { promise: late, resolve } = Promise.withResolvers<void>();
    const deadline = clock.setTimeout(resolve, deadlineMs);
    for (const endpoint of endpoints) endpoint.drain?.();
    // While people go on sending nothing would ever be settled. What waits unread has no ack: its client sends it again.
    for (const connection of this.#connections) connection.pause();
    await Promise.race([late, Promise.all(endpoints.map(async (endpoint) => endpoint.settled?.()))]);
    for (const connection of this.#connections) connection.close(closeCodes.restart, "restart");
    await Promise.race([late, this.#allClosed()]);
    deadline.cancel();
    for (const connection of this.#connections) connection.destroy();
    this.#keepalive.stop();
  }

  async #allClosed(): Promise<void> {
    await Promise.all([...this.#connections].map((each) => new Promise<void>((done) => each.onClosed(done))));
  }

  /** Nobody catches what is thrown in an `upgrade` event: one odd newcomer would end the process for all. */
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
    // A request line may hold what is no address at all; such a thing is nowhere to be found.
    const url = URL.parse(request.url ?? "/", origin) ?? new URL("/", origin);
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
      ...(endpoint?.dialect && { dialect: endpoint.dialect }),
    });
    this.#track(connection);
    const refusal = this.#admit(connection, request);
    if (refusal) return this.#refuse(connection, refusal.code, refusal.reason);
    if (legacyPath.test(url.pathname)) this.#countLegacy(connection);
    if (!endpoint) return this.#refuse(connection, closeCodes.notFound, "no such endpoint");
    const params = endpoint.path.exec(url.pathname)?.slice(1) ?? [];
    const arriving = { token: tokenOf(request, url.searchParams), query: url.searchParams, params };
    this.#arrivals
      .pass(async () => (connection.isOpen ? endpoint.arrive(connection, arriving) : undefined))
      .catch((error: unknown) => this.#refuseArrival(connection, endpoint, error));
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

  #admit(connection: Connection, request: IncomingMessage): { code: number; reason: string } | null {
    const { limits, origins, security, stats, refusal } = this.#options;
    const { address, limitKey, host } = connection.address;
    if (!origins.allows(request.headers.origin, host)) {
      security.record("forbidden", address);
      return { code: closeCodes.forbidden, reason: "origin not allowed" };
    }
    const reason = this.#draining ? "restarting" : (refusal() ?? limits.admitAddress(limitKey));
    if (reason) return { code: closeCodes.tryAgainLater, reason };
    connection.onClosed(() => {
      limits.releaseAddress(limitKey);
      stats.connections = limits.total;
    });
    stats.connections = limits.total;
    stats.peakConnections = Math.max(stats.peakConnections, limits.total);
    return null;
  }

  #refuseArrival(connection: Connection, endpoint: Endpoint, error: unknown): void {
    const { logger, security } = this.#options;
    if (!(error instanceof AppError)) {
      logger.error({ err: error, connection: connection.id }, "setting up a connection failed");
      return this.#refuse(connection, closeCodes.tryAgainLater, "try again later");
    }
    const { address } = connection.address;
    if (error.code === "unauthorized") {
      security.record("auth_failure", address);
      logger.info({ address }, "authentication failed");
    }
    this.#refuse(connection, endpoint.closeCodeOf?.(error) ?? error.closeCode, error.message);
  }

  #refuse(connection: Connection, code: number, reason: string): void {
    this.#options.stats.connectionErrors += 1;
    this.#options.logger.debug({ address: connection.address.address, code, reason }, "connection refused");
    connection.close(code, reason);
  }
}
