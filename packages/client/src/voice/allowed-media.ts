import type { RemoteMedia } from "./peer-media.ts";
import { isSilenced, mayShow, type CallState } from "./types.ts";

/** What is received of a participant, without what they may not send, or do not say that they send, or this one may not hear. */
export function allowedMedia({ participants, restraint }: CallState, userId: number, remote: RemoteMedia): RemoteMedia {
  const sender = participants[userId];
  const isHeard = sender !== undefined && !isSilenced(sender) && !restraint.is_server_deafened;
  const isSharing = sender !== undefined && sender.is_sharing && mayShow(sender);
  return {
    microphone: isHeard ? remote.microphone : null,
    screen: isSharing ? remote.screen : null,
    screenSound: isHeard && isSharing ? remote.screenSound : null,
    camera: sender?.is_camera_on && mayShow(sender) ? remote.camera : null,
  };
}
