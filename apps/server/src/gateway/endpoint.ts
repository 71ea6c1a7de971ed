import type { Dialect } from "../delivery/wire-codec.ts";
import type { AppError } from "../errors.ts";
import type { Connection } from "./connection/connection.ts";

/** What a socket came with. The token must not outlive authentication. */
export interface Handshake {
  readonly token: string | null;
  readonly query: URLSearchParams;
  /** What the path's groups matched. */
  readonly params: readonly string[];
}

/** One kind of socket, by path: a dialect of the wire and what its commands do. */
export interface Endpoint {
  readonly path: RegExp;
  /** How its sockets are told of a topic's events; as on `/ws/main` if it does not say. */
  readonly dialect?: Dialect;
  /** Authenticates, then calls `connection.start`. An AppError refuses the socket. */
  accept(connection: Connection, handshake: Handshake): Promise<void>;
  /** The close code of a refusal where it is not the error table's. */
  closeCodeOf?(error: AppError): number;
  /** A planned stop begins: the sockets are about to be closed. */
  drain?(): void;
  /** Resolves when what was accepted has been answered. */
  settled?(): Promise<void>;
}
