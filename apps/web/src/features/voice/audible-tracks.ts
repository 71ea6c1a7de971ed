import type { CallState } from "@miscord/client";
import { volumeOf, type VoiceSettings } from "./voice-settings.ts";

/** All audio tracks of the call, each with the volume chosen for its participant. */
export function audibleTracks(state: CallState, settings: VoiceSettings) {
  return Object.values(state.participants).flatMap(({ user_id: userId, remote }) => {
    const volume = volumeOf(settings, userId);
    return [
      { key: `voice ${userId}`, track: remote.microphone, volume },
      { key: `screen ${userId}`, track: remote.screenSound, volume },
    ].filter((one): one is typeof one & { track: MediaStreamTrack } => one.track !== null);
  });
}
