import { closeCodes } from "@miscord/protocol";
import type { Clock, Timer } from "../../clock.ts";
import { type Connection, pingIntervalMs } from "./connection.ts";

export interface KeepaliveSettings {
  readonly heartbeatIntervalMs: number;
  /** For sockets that never finished arriving. */
  readonly cleanupTimeoutMs: number;
  /** How long a peer may take to answer our close frame. */
  readonly closeTimeoutMs: number;
}

const sweepMs = 1_000;

/** One timer looks after all sockets: pings them, and ends those that are silent, unfinished or left behind. */
export class Keepalive {
  readonly #connections: ReadonlySet<Connection>;
  readonly #settings: KeepaliveSettings;
  readonly #clock: Clock;
  readonly #timer: Timer;

  constructor(options: { connections: ReadonlySet<Connection>; settings: KeepaliveSettings; clock: Clock }) {
    this.#connections = options.connections;
    this.#settings = options.settings;
    this.#clock = options.clock;
    this.#timer = options.clock.setInterval(() => this.#sweep(), sweepMs);
  }

  /** Spreads the pings of sockets that arrived together. */
  watch(connection: Connection): void {
    connection.nextPingAt = this.#clock.monotonic() + pingIntervalMs * (0.5 + Math.random() / 2);
  }

  stop(): void {
    this.#timer.cancel();
  }

  #sweep(): void {
    const now = this.#clock.monotonic();
    // Hot with many connections, and each is somewhere else in memory: nearly all are passed over by one field.
    for (const connection of this.#connections) if (connection.checkAt <= now) this.#check(connection, now);
  }

  #check(connection: Connection, now: number): void {
    const { heartbeatIntervalMs, cleanupTimeoutMs, closeTimeoutMs } = this.#settings;
    const { closing } = connection;
    if (connection.isDestroyed) return connection.destroy();
    if (closing) return closing.at + closeTimeoutMs <= now ? connection.destroy() : undefined;
    if (!connection.isStarted) {
      if (connection.openedAt + cleanupTimeoutMs <= now) connection.close(closeCodes.tryAgainLater, "setup timed out");
      return;
    }
    const silentAt = connection.lastSeenAt + 2 * Math.max(heartbeatIntervalMs, pingIntervalMs);
    if (silentAt <= now) return connection.close(closeCodes.tooSlow, "heartbeat missed");
    if (connection.nextPingAt <= now) connection.ping();
    const tickAt = now + connection.tick();
    // What closed in its tick is looked at until it is gone.
    if (connection.isOpen) connection.checkAt = Math.min(silentAt, connection.nextPingAt, tickAt);
  }
}
