import type { VoiceParticipant } from "@miscord/protocol";
import type { PeerState } from "./peer.ts";
import type { RemoteMedia, ScreenTracks } from "./peer-media.ts";
import type { PeerSample } from "./stats.ts";

/** The call that this client is in. Immutable, like the rest of the state; media tracks are handed through as they are. */
export interface CallState {
  status: "idle" | "connecting" | "connected" | "reconnecting";
  channelId: number | null;
  /** Milliseconds since the epoch; since when one has been in the channel. */
  since: number | null;
  /** Set when a call ended without `leave`: the socket's close code says why. */
  ended: { channelId: number; code: number; reason: string } | null;
  /** These two outlive a call. */
  isMuted: boolean;
  isDeafened: boolean;
  isSpeaking: boolean;
  /** What one shows to the others. */
  screen: ScreenTracks | null;
  maxParticipants: number;
  /** Ceiling for the audio that one sends, bits per second. */
  bitrate: number;
  /** The others, by user id. */
  participants: Readonly<Record<number, CallParticipant>>;
}

export interface CallParticipant extends VoiceParticipant {
  connection: PeerState;
  /** Their signalling is lost; what they say may still arrive. */
  is_away: boolean;
  remote: RemoteMedia;
  /** One wants to see their screen. */
  is_watched: boolean;
  /** Oldest first, at most a minute of them; the last is the present. */
  samples: readonly PeerSample[];
}

export const idleCall: CallState = {
  status: "idle",
  channelId: null,
  since: null,
  ended: null,
  isMuted: false,
  isDeafened: false,
  isSpeaking: false,
  screen: null,
  maxParticipants: 0,
  bitrate: 64_000,
  participants: {},
};
