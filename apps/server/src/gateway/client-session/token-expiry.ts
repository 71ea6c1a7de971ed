import type { SocketEvent } from "@miscord/protocol";
import type { Clock } from "../../clock.ts";
import type { Session as Authentication } from "../../domain/context.ts";
import type { Connection } from "../connection/connection.ts";

/** Warned so long before the token ends. */
const tokenWarningMs = 60_000;

/** The token under which a connection lives: it warns before the end, can be renewed in place, and closes. */
export class TokenExpiry {
  readonly #connection: Connection;
  readonly #clock: Clock;
  readonly #send: (event: SocketEvent) => void;
  readonly #endCode: number;
  #authentication: Authentication;
  #warned = false;

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

  /** Continues with a fresh token of the same person. */
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
    this.#connection.close(this.#endCode, "session revoked");
  }
}
