import type { VoiceCommand } from "@miscord/protocol";
import { isSilent, type CallState } from "./types.ts";

/**
 * What tells a restarted server the own state: it assumes a participant who is not muted, deafened, speaking or showing anything.
 */
export function ownState(state: CallState): VoiceCommand[] {
  const { isDeafened, isSpeaking, screen, camera, hasCameras } = state;
  return [
    { type: "mute", is_muted: isSilent(state) },
    { type: "deafen", is_deafened: isDeafened },
    { type: "speaking", is_speaking: isSpeaking },
    { type: screen ? "screen_share_start" : "screen_share_stop" },
    ...(hasCameras ? [{ type: "camera", is_camera_on: camera !== null } as const] : []),
  ];
}
