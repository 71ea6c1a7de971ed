import type { CameraTrack, ScreenTracks } from "./peer-media.ts";

/** What this end sends, and over which servers; kept for the next peer connection. */
export interface MediaSettings {
  microphone: MediaStreamTrack | null;
  screen: ScreenTracks | null;
  camera: CameraTrack | null;
  configuration: RTCConfiguration;
  /** Bits per second. */
  bitrateCeiling: number;
}
