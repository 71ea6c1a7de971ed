import type { CallState, ClientState } from "@miscord/client";
import { volumeOf, type VoiceSettings } from "./voice-settings.ts";

type Relationships = Pick<ClientState, "relationships">;

/** All audio tracks of the call, each with the volume chosen for its participant; none of those whom the user has blocked. */
export function audibleTracks(state: CallState, settings: VoiceSettings, { relationships }: Relationships) {
  return Object.values(state.participants).flatMap(({ user_id: userId, remote }) => {
    if (relationships[userId]?.kind === "blocked") return [];
    const volume = volumeOf(settings, userId);
    return [
      { key: `voice ${userId}`, track: remote.microphone, volume },
      { key: `screen ${userId}`, track: remote.screenSound, volume },
    ].filter((one): one is typeof one & { track: MediaStreamTrack } => one.track !== null);
  });
}
