import type { WireCodec } from "../delivery/wire-codec.ts";
import type { AppError } from "../errors.ts";
import type { Connection } from "./connection/connection.ts";

/** The data of an upgrade request. The token must not be kept after authentication. */
export interface Handshake {
  readonly token: string | null;
  readonly query: URLSearchParams;
  /** The matches of the groups in `path`. */
  readonly params: readonly string[];
}

/** Handles the connections of one WebSocket path: their codec and their commands. */
export interface Endpoint {
  readonly path: RegExp;
  /** Encodes events for the endpoint's connections; the codec of `/ws/main` when absent. */
  readonly codec?: WireCodec;
  /** Its tokens are no access tokens; `accept` knows them. */
  readonly hasOwnTokens?: boolean;
  /** Authenticates the connection, then calls `connection.start`. An AppError refuses the connection. */
  accept(connection: Connection, handshake: Handshake): Promise<void>;
  /** The close code for a refusal; the code of the error table when absent. */
  closeCodeOf?(error: AppError): number;
  /** Whether repeated refusals are answered later and later, for clients that do not back off by themselves. */
  readonly delaysRefusals?: boolean;
  /** Announces a planned stop: the connections are about to be closed. */
  drain?(): void;
  /** Announces to connections that each is about to be closed and when its client shall be back; null: it stays. */
  announceClose?(reconnectAfterMs: (connection: Connection) => number | null): void;
  /** Resolves when every accepted command has been answered. */
  settled?(): Promise<void>;
}
