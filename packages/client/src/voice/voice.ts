import type { StoreApi } from "zustand/vanilla";
import type { LoadEncryption } from "./encryption/frame-cipher.ts";
import type { ScreenTracks } from "./peer-media.ts";
import type { CallState, SmallPictures } from "./types.ts";

/** Voice channels: one call at a time. The application captures and plays the sound. */
export interface Voice {
  readonly store: StoreApi<CallState>;
  /** Set by the application where frames can be encrypted; null: no encrypted call can be joined. */
  loadEncryption: LoadEncryption | null;
  /**
   * Leaves the present channel, if any, and joins this one; `rings` calls the others of a private channel once it has. Progress
   * and failure are shown in the store.
   */
  join(channelId: number, options?: { rings?: boolean }): void;
  /** Calls people of the private channel whose call this is; a refusal is shown in the store. */
  ring(userIds?: readonly number[]): void;
  leave(): void;
  setMuted(isMuted: boolean): void;
  setDeafened(isDeafened: boolean): void;
  /** Whether the user is speaking; call it whenever this changes. At most ten commands a second are sent. */
  setSpeaking(isSpeaking: boolean): void;
  /** Sets the audio track to send, without interrupting the call. Null sends nothing. */
  setMicrophone(track: MediaStreamTrack | null): Promise<void>;
  /** Sets the screen to share; null stops sharing. */
  setScreen(screen: ScreenTracks | null): Promise<void>;
  /**
   * Sets the camera's track; null turns the camera off. Does nothing outside a call, or when the user may not show anything:
   * the store tells whether it is on. Whoever opened the track stops it once it is no longer there.
   */
  setCamera(camera: MediaStreamTrack | null): Promise<void>;
  /** Whose cameras the user looks at, the most important first: a forwarded call brings eight of them. */
  showCameras(userIds: readonly number[]): void;
  /** Whose pictures are shown in small tiles: a forwarded call brings a small encoding of them. */
  showSmall(pictures: SmallPictures): void;
  /** Asks to speak on a stage, or no longer does. */
  raiseHand(isRaised: boolean): void;
  /** Plays a sound to everybody in the call; the store shows it once it is played, or a refusal. */
  playSound(soundId: number): void;
  /** Starts or stops receiving a participant's screen. */
  watch(userId: number, on: boolean): void;
  /** Reconnects the signalling now instead of after the backoff. */
  reconnect(): void;
}
