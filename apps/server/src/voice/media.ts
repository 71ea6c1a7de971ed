/** `mesh`: all participants connect to each other. `forwarded`: each connects to the forwarding unit, which has the id 0. */
export type Media = "mesh" | "forwarded";

/** The id under which the forwarding unit signals; no user has it. */
export const unitId = 0;

/** What the server allows a participant. */
export interface MediaStatus {
  /** The others may hear the participant. */
  isHeard: boolean;
  /** The participant may hear the others. */
  hears: boolean;
  isSharing: boolean;
  isCameraOn: boolean;
  /** The sound of the participant's screen may be heard: what mutes a microphone by the participant's choice does not mute it. */
  isScreenHeard: boolean;
}

type TrackKind = "microphone" | "screen" | "screen_sound" | "camera";

/** What a connection to the forwarding unit carries at present. */
export interface ForwardedTracks {
  /** Whose media each section of the connection's description carries, by its `mid`. Sections without any are left out. */
  tracks: Record<string, { userId: number; kind: TrackKind }>;
  /** Somebody is to be sent the screen of this participant. */
  isScreenWanted: boolean;
  /** Somebody is to be sent the camera of this participant. */
  isCameraWanted: boolean;
  /** The same of their small encodings. */
  isSmallScreenWanted: boolean;
  isSmallCameraWanted: boolean;
  /** The participant's microphone and the sound of their screen are to be sent in one, for a client of version 1. */
  isMixedWanted: boolean;
}

/** Whose screens (`userIds`) and cameras a participant watches, and which of them in small tiles. */
export interface Watched {
  userIds: readonly number[];
  cameraIds: readonly number[];
  smallUserIds: readonly number[];
  smallCameraIds: readonly number[];
}
