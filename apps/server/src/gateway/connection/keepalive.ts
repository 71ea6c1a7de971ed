import { closeCodes } from "@miscord/protocol";
import type { Clock, Timer } from "../../clock.ts";
import { type Connection, pingIntervalMs } from "./connection.ts";

export interface KeepaliveSettings {
  readonly heartbeatIntervalMs: number;
  /** How long the setup of a connection may take. */
  readonly cleanupTimeoutMs: number;
  /** How long a peer may take to answer our close frame. */
  readonly closeTimeoutMs: number;
}

const sweepMs = 1_000;
/** A sweep that is later than this ran after the process had stood still: stopped, swapped out or suspended. */
const stallMs = 1_000;
/** Longest setup of a connection whose user is not known yet. */
const anonymousSetupMs = 30_000;

/**
 * One timer for all connections: sends pings, and closes connections that are silent, whose setup does not finish, or
 * whose peer does not answer the close frame.
 */
export class Keepalive {
  readonly #connections: ReadonlySet<Connection>;
  readonly #settings: KeepaliveSettings;
  readonly #clock: Clock;
  readonly #timer: Timer;
  #sweptAt: number;

  constructor(options: { connections: ReadonlySet<Connection>; settings: KeepaliveSettings; clock: Clock }) {
    this.#connections = options.connections;
    this.#settings = options.settings;
    this.#clock = options.clock;
    this.#sweptAt = options.clock.monotonic();
    this.#timer = options.clock.setInterval(() => this.#sweep(), sweepMs);
  }

  /** Schedules the first ping at a random time, to spread the pings of connections that were opened together. */
  watch(connection: Connection): void {
    connection.nextPingAt = this.#clock.monotonic() + pingIntervalMs * (0.5 + Math.random() / 2);
  }

  stop(): void {
    this.#timer.cancel();
  }

  #sweep(): void {
    const now = this.#clock.monotonic();
    const lateMs = now - this.#sweptAt - sweepMs;
    this.#sweptAt = now;
    // Timers run before the frames that arrived in the meantime are read, so everybody would look silent.
    if (lateMs > stallMs) for (const connection of this.#connections) connection.forgive(lateMs);
    // Hot path with many connections, each a cache miss: nearly all of them are skipped by reading one field.
    for (const connection of this.#connections) if (connection.checkAt <= now) this.#check(connection, now);
  }

  #check(connection: Connection, now: number): void {
    const { heartbeatIntervalMs, cleanupTimeoutMs, closeTimeoutMs } = this.#settings;
    const { closing } = connection;
    if (connection.isDestroyed) return connection.destroy();
    if (closing) return closing.at + closeTimeoutMs <= now ? connection.destroy() : undefined;
    if (!connection.isStarted) {
      const setupMs = connection.userId === null ? Math.min(anonymousSetupMs, cleanupTimeoutMs) : cleanupTimeoutMs;
      if (connection.openedAt + setupMs <= now) connection.close(closeCodes.tryAgainLater, "setup timed out");
      return;
    }
    const silentAt = connection.lastSeenAt + 2 * Math.max(heartbeatIntervalMs, pingIntervalMs);
    if (silentAt <= now) return connection.close(closeCodes.tooSlow, "heartbeat missed");
    if (connection.nextPingAt <= now) connection.ping();
    const tickAt = now + connection.tick();
    // A connection that was closed in its tick keeps `checkAt` 0 and is checked until it is destroyed.
    if (connection.isOpen) connection.checkAt = Math.min(silentAt, connection.nextPingAt, tickAt);
  }
}
