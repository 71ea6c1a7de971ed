import type { IceServer } from "@miscord/protocol";
import type { ForwardedTracks, MediaStatus, Watched } from "../media.ts";

/** What a server and its forwarding process send each other. `peer` is the id of one connection to a participant. */
export type ToUnit =
  /** Once, first of all. */
  | { kind: "start"; options: UnitOptions }
  | { kind: "open"; peer: string; room: number; userId: number; status: MediaStatus }
  /** A participant with a client of version 1, to which the unit is each of the others. */
  | { kind: "bridge"; peer: string; room: number; userId: number; status: MediaStatus }
  | { kind: "close"; peer: string }
  | { kind: "answer"; peer: string; sdp: string }
  | ({ kind: "watch"; peer: string } & Watched)
  | { kind: "status"; peer: string; status: MediaStatus }
  /** What a client of version 1 says to another participant. */
  | ({ kind: "signal"; peer: string } & BridgedSignal)
  /** Another participant has left the room of a client of version 1. */
  | { kind: "parted"; peer: string; userId: number };

export type FromUnit =
  | { kind: "ready"; port: number }
  /** The process cannot work: the port is taken, or the engine does not load. It ends. */
  | { kind: "failed"; reason: string }
  /** `iceServers`: of the unit's region, for this participant. */
  | { kind: "offer"; peer: string; sdp: string; iceServers?: IceServer[] }
  | ({ kind: "tracks"; peer: string } & ForwardedTracks)
  | ({ kind: "signal"; peer: string } & BridgedSignal)
  /** The connections of a participant with a client of version 1 do not come about, and are to begin anew. */
  | { kind: "unreached"; peer: string }
  | ({ kind: "figures" } & UnitFigures);

/** Between a client of version 1 and the unit, which acts as the other participant. */
export interface BridgedSignal {
  userId: number;
  type: "offer" | "answer";
  sdp: string;
}

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
