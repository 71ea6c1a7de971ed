import { isMicrophoneHidden } from "../audio/microphone-problem.ts";
import { cameraProblemOf, type CameraProblem } from "./camera-problem.ts";

/** What is asked of the camera; what is sent is limited by the call. */
const wanted = { width: { ideal: 1_280 }, height: { ideal: 720 }, frameRate: { ideal: 30, max: 30 } };

/**
 * Opens the camera with this id and no other, or, for an empty id, the one that the browser chooses. Whoever gets the track
 * stops it, which turns the device off.
 */
export async function openCamera(cameraId: string): Promise<MediaStreamTrack | CameraProblem> {
  if (isMicrophoneHidden()) return "insecure";
  try {
    const device = cameraId === "" ? { facingMode: "user" } : { deviceId: { exact: cameraId } };
    const stream = await navigator.mediaDevices.getUserMedia({ video: { ...wanted, ...device } });
    const [track] = stream.getVideoTracks();
    if (!track) return "failed";
    track.contentHint = "motion";
    return track;
  } catch (error) {
    return cameraProblemOf(error);
  }
}
