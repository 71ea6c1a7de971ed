import { create } from "zustand";
import type { CameraProblem } from "./camera/camera-problem.ts";
import { floorDb } from "./audio/gate.ts";
import type { MicrophoneProblem } from "./audio/microphone-problem.ts";

/** The state of this device's audio and camera. The client keeps the state of the call. */
export interface VoiceMedia {
  microphone: "off" | "opening" | "on";
  problem: MicrophoneProblem | null;
  /** Whether the camera is being opened; the call knows whether it is on. */
  camera: "off" | "opening";
  /** Why the camera is not on, until the user was told. */
  cameraProblem: CameraProblem | null;
  /** The browser has opened a camera before, so it tells their names. */
  isCameraAllowed: boolean;
  /**
   * Without sound nobody is heard and nobody hears this user. `blocked`: the browser waits for a click; `interrupted`:
   * the sound stopped during the call.
   */
  sound: "on" | "blocked" | "interrupted";
  /** The channel of a call that a reload has ended, until the user comes back to it or declines. */
  formerCall: number | null;
}

export const useVoiceMedia = create<VoiceMedia>(() => ({
  microphone: "off",
  problem: null,
  camera: "off",
  cameraProblem: null,
  isCameraAllowed: false,
  sound: "on",
  formerCall: null,
}));

/**
 * The microphone's level, updated twenty times a second while it is shown. A store of its own, since the rest changes
 * far less often.
 */
export const useInputLevel = create<{ levelDb: number; isOpen: boolean }>(() => ({ levelDb: floorDb, isOpen: false }));
