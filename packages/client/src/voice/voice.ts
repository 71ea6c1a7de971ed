import type { StoreApi } from "zustand/vanilla";
import type { ScreenTracks } from "./peer-media.ts";
import type { CallState } from "./types.ts";

/** Voice channels: one call at a time. Capturing and playing sound is the application's part. */
export interface Voice {
  readonly store: StoreApi<CallState>;
  /** Leaves the present channel, if any, and enters this one. Progress and failure show in the store. */
  join(channelId: number): void;
  leave(): void;
  setMuted(isMuted: boolean): void;
  setDeafened(isDeafened: boolean): void;
  /** Whether one's own voice is heard right now; call it as often as it changes. */
  setSpeaking(isSpeaking: boolean): void;
  /** What the others hear, changed without a gap. Without one, one only listens. */
  setMicrophone(track: MediaStreamTrack | null): Promise<void>;
  /** Null stops. */
  setScreen(screen: ScreenTracks | null): Promise<void>;
  /** Asks for somebody's screen, or no longer. */
  watch(userId: number, on: boolean): void;
  /** Now rather than when the backoff says. */
  reconnect(): void;
}
