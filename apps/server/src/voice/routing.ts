import type { IceServer } from "@miscord/protocol";

/**
 * Decides which participants connect to each other, and with which ICE servers. Rooms know nothing else about media;
 * the only implementation is the mesh.
 */
export interface VoiceRouting {
  /** Most participants of one channel. */
  readonly maxParticipants: number;
  /** Whether the first participant may signal to the second; both are in the same room. */
  connects(fromId: number, toId: number): boolean;
  /** ICE servers for one participant; their credentials are bound to the user and expire. */
  iceServersFor(userId: number): IceServer[];
}
