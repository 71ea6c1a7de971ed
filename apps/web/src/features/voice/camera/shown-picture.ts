import { client } from "../../../core/client.ts";
import { useVoiceSettings } from "../voice-settings.ts";

export interface Picture {
  userId: number;
  kind: "screen" | "camera";
}

/** Also outside of the stage a picture is none of somebody who is blocked, and no camera that is hidden. */
export function isShown({ userId, kind }: Picture): boolean {
  const participant = client.voice.store.getState().participants[userId];
  if (!participant || client.store.getState().relationships[userId]?.kind === "blocked") return false;
  if (kind === "screen") return participant.is_watched;
  return participant.is_camera_on && !useVoiceSettings.getState().hiddenCameras.includes(userId);
}

/** Calls back when a picture may be shown no longer, or come over another connection. */
export function onPicturesChanged(act: () => void): () => void {
  const stops = [client.voice.store, client.store, useVoiceSettings].map((store) => store.subscribe(act));
  return () => {
    for (const stop of stops) stop();
  };
}
