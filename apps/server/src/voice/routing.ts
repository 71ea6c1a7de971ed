import type { IceServer } from "@miscord/protocol";
import type { Signal } from "./events.ts";

/**
 * Decides which participants connect to each other, and with which ICE servers. Rooms know nothing else about media;
 * the only implementation is the mesh.
 */
export interface VoiceRouting {
  /** Most participants of one channel. */
  readonly maxParticipants: number;
  /** Whether the first participant may signal to the second; both are in the same room. */
  connects(fromId: number, toId: number): boolean;
  /** Whether browsers connect through the TURN server only. */
  readonly isRelayOnly: boolean;
  /** The part of a signal that its target may see; null for nothing. */
  visibleSignal(signal: Signal): Signal | null;
  /** ICE servers for one participant; their credentials are bound to the user and expire. */
  iceServersFor(userId: number): IceServer[];
}
