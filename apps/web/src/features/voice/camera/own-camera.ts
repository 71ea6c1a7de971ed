import { client } from "../../../core/client.ts";
import { voiceEngine } from "../voice-actions.ts";
import { useVoiceMedia } from "../voice-media.ts";
import { changeVoiceSettings, useVoiceSettings } from "../voice-settings.ts";
import { openCamera } from "./open-camera.ts";

/** Turns the camera of the voice settings on in the call. What prevents it is in `useVoiceMedia` afterwards. */
export async function turnCameraOn(): Promise<void> {
  // It stops the device when the call ends.
  await voiceEngine();
  const call = watchCall();
  useVoiceMedia.setState({ camera: "opening", cameraProblem: null });
  const opened = await openCamera(useVoiceSettings.getState().cameraId);
  call.unwatch();
  if (typeof opened === "string") {
    useVoiceMedia.setState({ camera: "off", cameraProblem: opened });
    return;
  }
  opened.addEventListener("ended", () => void ended(opened));
  useVoiceMedia.setState({ camera: "off", isCameraAllowed: true });
  // The browser may have asked for long: whoever is in another call by then did not turn the camera on in it.
  if (call.goesOn) await client.voice.setCamera(opened);
  // The call may have ended meanwhile, or the user may not show anything in it.
  if (current() !== opened) opened.stop();
}

/** Whether the user has stayed in the present call. */
function watchCall() {
  const { channelId } = client.voice.store.getState();
  const call = { goesOn: true, unwatch: () => {} };
  call.unwatch = client.voice.store.subscribe((state) => {
    call.goesOn &&= state.channelId === channelId;
  });
  return call;
}

/** Turns the camera off. The voice engine stops the device. */
export async function turnCameraOff(): Promise<void> {
  await client.voice.setCamera(null);
}

/** Goes on with another camera. Some devices cannot open two at once, so the present one is stopped first. */
export async function changeCamera(cameraId: string): Promise<void> {
  changeVoiceSettings({ cameraId });
  const former = current();
  if (!former) return;
  former.stop();
  await turnCameraOn();
  if (current() === former) await turnCameraOff();
}

function current(): MediaStreamTrack | null {
  return client.voice.store.getState().camera;
}

/** The device was unplugged, or the browser has taken it away. */
async function ended(track: MediaStreamTrack): Promise<void> {
  if (current() !== track) return;
  useVoiceMedia.setState({ cameraProblem: "unplugged" });
  await turnCameraOff();
}
