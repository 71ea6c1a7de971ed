import type { SocketEvent } from "@miscord/protocol";
import type { Clock } from "../../clock.ts";
import type { Authentication } from "../../domain/context.ts";
import type { Connection } from "../connection/connection.ts";

/** How long before the token expires the client gets `token_expiring`. */
const tokenWarningMs = 60_000;

/**
 * The access token of a connection: sends `token_expiring` before the token expires, can be renewed without
 * reconnecting, and closes the connection when the token expires or its session is revoked.
 */
export class TokenExpiry {
  readonly #connection: Connection;
  readonly #clock: Clock;
  readonly #send: (event: SocketEvent) => void;
  readonly #endCode: number;
  #authentication: Authentication;
  #warned = false;
  /** The session has ended, and not only its token. */
  isRevoked = false;

  constructor(
    connection: Connection,
    authentication: Authentication,
    options: { clock: Clock; send: (event: SocketEvent) => void; endCode: number },
  ) {
    this.#connection = connection;
    this.#authentication = authentication;
    this.#clock = options.clock;
    this.#send = options.send;
    this.#endCode = options.endCode;
  }

  get authentication(): Authentication {
    return this.#authentication;
  }

  /** Continues with a new token of the same user. */
  renew(authentication: Authentication): void {
    this.#authentication = authentication;
    this.#warned = false;
    this.#connection.checkAt = 0;
  }

  /** See `Handlers.tick`. */
  tick(): number {
    const leftMs = this.#authentication.expiresAt - this.#clock.now();
    if (leftMs <= 0) this.#connection.close(this.#endCode, "token expired");
    if (leftMs > tokenWarningMs) return leftMs - tokenWarningMs;
    if (leftMs > 0 && !this.#warned) {
      this.#warned = true;
      this.#send({ type: "token_expiring", expires_in_ms: leftMs });
    }
    return leftMs;
  }

  revoked(sessionId: string): void {
    if (sessionId !== this.#authentication.sessionId) return;
    this.isRevoked = true;
    this.#connection.close(this.#endCode, "session revoked");
  }
}
