import type { ForwardedTracks, MediaStatus, Watched } from "../media.ts";

/** What a server and its forwarding process send each other. `peer` is the id of one connection to a participant. */
export type ToUnit =
  /** Once, first of all. */
  | { kind: "start"; options: UnitOptions }
  | { kind: "open"; peer: string; room: number; userId: number; status: MediaStatus }
  | { kind: "close"; peer: string }
  | { kind: "answer"; peer: string; sdp: string }
  | ({ kind: "watch"; peer: string } & Watched)
  | { kind: "status"; peer: string; status: MediaStatus };

export type FromUnit =
  | { kind: "ready"; port: number }
  /** The process cannot work: the port is taken, or the engine does not load. It ends. */
  | { kind: "failed"; reason: string }
  | { kind: "offer"; peer: string; sdp: string }
  | ({ kind: "tracks"; peer: string } & ForwardedTracks)
  | ({ kind: "figures" } & UnitFigures);

/** Totals since the start of the process, and its present load. */
export interface UnitFigures {
  peers: number;
  packetsIn: number;
  packetsOut: number;
  bytesOut: number;
}

/** How the process is to work. */
export interface UnitOptions {
  /** UDP port for all participants; 0 takes a free one. */
  port: number;
  /** IP addresses at which participants reach the port. */
  addresses: readonly string[];
  /** UDP port for participants who come through a TURN server over TCP or TLS; 0 takes a free one, null: there is no such server. */
  turnedPort: number | null;
}
