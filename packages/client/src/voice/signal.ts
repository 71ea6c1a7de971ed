import type { IceServer, SignalCommand, VoiceEvent } from "@miscord/protocol";

/** What two peers send each other through the server to negotiate a connection. */
export type Signal =
  /**
   * `cameraMid`: which section carries the sender's camera; absent without one. `iceServers`: of the forwarding unit's region,
   * in its offers only.
   */
  | { type: "offer" | "answer"; sdp: string; cameraMid?: string; iceServers?: IceServer[] }
  | { type: "ice_candidate"; candidate: string | null; sdpMid: string | null; sdpMLineIndex: number | null };

/** A signal with the ids of the peer connections at both ends; other clients omit them. */
export type AddressedSignal = Signal & { connectionId: string | null; targetConnectionId: string | null };

export type SignalEvent = Extract<VoiceEvent, { type: Signal["type"] }>;

export function toCommand(targetId: number, signal: AddressedSignal): SignalCommand {
  const { connectionId, targetConnectionId, ...rest } = signal;
  const { cameraMid, ...known } = { cameraMid: undefined, ...rest };
  return {
    ...known,
    target_id: targetId,
    ...(cameraMid === undefined ? {} : { camera_mid: cameraMid }),
    ...(connectionId === null ? {} : { connection_id: connectionId }),
    ...(targetConnectionId === null ? {} : { target_connection_id: targetConnectionId }),
  };
}

export function fromEvent(event: SignalEvent): AddressedSignal {
  const connectionId = event.connection_id ?? null;
  const targetConnectionId = event.target_connection_id ?? null;
  if (event.type !== "ice_candidate") {
    const { type, sdp, camera_mid: cameraMid, ice_servers: iceServers } = event;
    const given = { ...(cameraMid && { cameraMid }), ...(iceServers && { iceServers }) };
    return { type, sdp, ...given, connectionId, targetConnectionId };
  }
  const { type, candidate, sdpMid = null, sdpMLineIndex = null } = event;
  return { type, candidate, sdpMid, sdpMLineIndex, connectionId, targetConnectionId };
}
