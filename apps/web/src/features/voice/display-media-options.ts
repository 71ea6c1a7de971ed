import type { ShareChoice } from "./share-choice.ts";

/** What the browser is asked for. Fields that a browser does not know are ignored there. */
export function displayMediaOptions({ height, frameRate }: ShareChoice): DisplayMediaStreamOptions {
  const audio = {
    echoCancellation: false,
    noiseSuppression: false,
    autoGainControl: false,
    // The system's sound contains the voices of this call, which their speakers would hear again.
    restrictOwnAudio: true,
    // A shared tab stays audible to the user who shares it.
    suppressLocalAudioPlayback: false,
  };
  return {
    video: { height: { max: height }, width: { max: Math.round((height * 21) / 9) }, frameRate: { max: frameRate } },
    audio,
    // Sharing this tab would echo the call.
    selfBrowserSurface: "exclude",
    surfaceSwitching: "include",
    systemAudio: "include",
  } as DisplayMediaStreamOptions;
}
