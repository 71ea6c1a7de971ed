import type { ErrorCode, ServerSound, VoiceParticipant, VoiceRestraint } from "@miscord/protocol";
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
  /** The others of the private channel are to be rung once it is connected. */
  ringsOnceConnected: boolean;
  /** Why nobody is rung. */
  ringRefused: ErrorCode | null;
  /** The sound that was played last in this call, an object of its own each time, and why the user's own was not played. */
  sound: PlayedSound | null;
  soundRefused: { code: ErrorCode } | null;
  /** Mute and deafen are kept after a call. */
  isMuted: boolean;
  isDeafened: boolean;
  isSpeaking: boolean;
  /** What this participant may not do: it holds whatever they choose. */
  restraint: VoiceRestraint;
  /** Whether a microphone is set. Without one, the others see this participant as muted. */
  hasMicrophone: boolean;
  /** The screen that the user shares. */
  screen: ScreenTracks | null;
  /** The user's camera while it is on. */
  camera: MediaStreamTrack | null;
  /** Whether cameras can be turned on in this call: version 1's protocol has none. */
  hasCameras: boolean;
  /** Whose cameras the user looks at, the most important first; no others are received. */
  shownCameras: readonly number[];
  /** Whose pictures are shown in small tiles. */
  smallPictures: SmallPictures;
  maxParticipants: number;
  /** Highest audio bitrate to send, in bits per second. */
  bitrate: number;
  /** Of the connection to the forwarding unit, as those of participants; none in a mesh. */
  samples: readonly PeerSample[];
  /** Whether the participants connect to each other and learn each other's addresses. */
  showsAddresses: boolean;
  /** Null: the call is not encrypted from end to end. */
  encryption: CallEncryptionState | null;
  /** The other participants, by user id. */
  participants: Readonly<Record<number, CallParticipant>>;
}

export interface PlayedSound {
  userId: number;
  sound: ServerSound;
}

export interface CallEncryptionState {
  /** All who take part have the keys, and nobody else. */
  isOn: boolean;
  /** The same for all who have the same keys; null before there are any. */
  code: string | null;
  /** Who has the keys, this user too, and by which key their device is known. */
  members: readonly { userId: number; fingerprint: string }[];
}

/** User ids. */
export interface SmallPictures {
  cameras: readonly number[];
  screens: readonly number[];
}

export interface CallParticipant extends VoiceParticipant {
  connection: PeerState;
  /** The participant's signalling is lost; their audio may still arrive. */
  is_away: boolean;
  remote: RemoteMedia;
  /** The user asked to see their screen. */
  is_watched: boolean;
  /** Of the connection to the participant in a mesh. Oldest first, one every 2 s, at most a minute. */
  samples: readonly PeerSample[];
}

/** Whether the others cannot hear this participant, whatever they say. */
export function isSilent({ isMuted, hasMicrophone }: CallState): boolean {
  return isMuted || !hasMicrophone;
}

/** Whether nothing of this participant may be heard, whatever they choose. */
export function isSilenced({ is_server_muted, is_suppressed }: VoiceRestraint): boolean {
  return is_server_muted || is_suppressed;
}

/** Whether this participant may turn the camera on and share a screen. */
export function mayShow({ is_suppressed, is_video_suppressed }: VoiceRestraint): boolean {
  return !is_suppressed && !is_video_suppressed;
}

/** Whether the participant may send or receive something now that they could not before. */
export function isFreer(before: VoiceRestraint, now: VoiceRestraint): boolean {
  return (
    (isSilenced(before) && !isSilenced(now)) ||
    (before.is_server_deafened && !now.is_server_deafened) ||
    (!mayShow(before) && mayShow(now))
  );
}

export const unrestrained: VoiceRestraint = {
  is_server_muted: false,
  is_server_deafened: false,
  is_suppressed: false,
  is_video_suppressed: false,
};

/** Of the command that rings others. */
export const ringRef = "ring";
/** Of the command that plays a sound. */
export const soundRef = "sound";

export const idleCall: CallState = {
  status: "idle",
  channelId: null,
  since: null,
  ended: null,
  ringsOnceConnected: false,
  ringRefused: null,
  sound: null,
  soundRefused: null,
  isMuted: false,
  isDeafened: false,
  isSpeaking: false,
  restraint: unrestrained,
  hasMicrophone: false,
  screen: null,
  camera: null,
  hasCameras: false,
  shownCameras: [],
  smallPictures: { cameras: [], screens: [] },
  maxParticipants: 0,
  bitrate: 64_000,
  samples: [],
  showsAddresses: false,
  encryption: null,
  participants: {},
};
