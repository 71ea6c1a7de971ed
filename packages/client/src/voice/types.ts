import type { VoiceParticipant } from "@miscord/protocol";
import type { PeerState } from "./peer.ts";
import type { RemoteMedia, ScreenTracks } from "./peer-media.ts";
import type { PeerSample } from "./stats.ts";

/** The call that this client is in. Immutable, except for the media tracks in it. */
export interface CallState {
  status: "idle" | "connecting" | "connected" | "reconnecting";
  channelId: number | null;
  /** When the channel was joined, in milliseconds since the epoch. */
  since: number | null;
  /** Set when a call ended without `leave`: `code` is the close code of the socket. */
  ended: { channelId: number; code: number; reason: string } | null;
  /** Mute and deafen are kept after a call. */
  isMuted: boolean;
  isDeafened: boolean;
  isSpeaking: boolean;
  /** Whether a microphone is set. Without one, the others see this participant as muted. */
  hasMicrophone: boolean;
  /** The screen that the user shares. */
  screen: ScreenTracks | null;
  maxParticipants: number;
  /** Highest audio bitrate to send, in bits per second. */
  bitrate: number;
  /** Whether the participants connect to each other and learn each other's addresses. */
  showsAddresses: boolean;
  /** The other participants, by user id. */
  participants: Readonly<Record<number, CallParticipant>>;
}

export interface CallParticipant extends VoiceParticipant {
  connection: PeerState;
  /** The participant's signalling is lost; their audio may still arrive. */
  is_away: boolean;
  remote: RemoteMedia;
  /** The user asked to see their screen. */
  is_watched: boolean;
  /** Oldest first, one every 2 s, at most a minute. */
  samples: readonly PeerSample[];
}

/** Whether the others cannot hear this participant, whatever they say. */
export function isSilent({ isMuted, hasMicrophone }: CallState): boolean {
  return isMuted || !hasMicrophone;
}

export const idleCall: CallState = {
  status: "idle",
  channelId: null,
  since: null,
  ended: null,
  isMuted: false,
  isDeafened: false,
  isSpeaking: false,
  hasMicrophone: false,
  screen: null,
  maxParticipants: 0,
  bitrate: 64_000,
  showsAddresses: false,
  participants: {},
};
