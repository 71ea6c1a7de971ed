import type { IceServer } from "@miscord/protocol";

/**
 * Who connects to whom, and over what. Rooms ask it and know nothing else about media, so a selective
 * forwarding unit can take the mesh's place without touching them.
 */
export interface VoiceRouting {
  /** Participants whom one channel can carry. */
  readonly maxParticipants: number;
  /** Whether the first may signal to the second; both are in the same room. */
  connects(fromId: number, toId: number): boolean;
  /** What a participant gathers candidates with; credentials in it are theirs alone and expire. */
  iceServersFor(userId: number): IceServer[];
}
