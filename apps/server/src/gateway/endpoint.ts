import type { WireCodec } from "../delivery/wire-codec.ts";
import type { AppError } from "../errors.ts";
import type { Connection } from "./connection/connection.ts";

/** What a socket came with. The token must not outlive authentication. */
export interface Arriving {
  readonly token: string | null;
  readonly query: URLSearchParams;
  /** What the path's groups matched. */
  readonly params: readonly string[];
}

/** One kind of socket, by path: a dialect of the wire and what its commands do. */
export interface Endpoint {
  readonly path: RegExp;
  /** How its sockets are told of a topic's events; as on `/ws/main` if it does not say. */
  readonly codec?: WireCodec;
  /** Authenticates, then calls `connection.start`. An AppError refuses the socket. */
  arrive(connection: Connection, arriving: Arriving): Promise<void>;
  /** The close code of a refusal where it is not the error table's. */
  closeCodeOf?(error: AppError): number;
  /** A planned stop begins: the sockets are about to be closed. */
  drain?(): void;
  /** Resolves when what was accepted has been answered. */
  settled?(): Promise<void>;
}
