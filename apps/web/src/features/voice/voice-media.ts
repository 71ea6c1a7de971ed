import { create } from "zustand";
import { floorDb } from "./audio/gate.ts";
import type { MicrophoneProblem } from "./audio/microphone-problem.ts";

/** The state of this device's audio. The client keeps the state of the call. */
export interface VoiceMedia {
  microphone: "off" | "opening" | "on";
  problem: MicrophoneProblem | null;
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
  sound: "on",
  formerCall: null,
}));

/**
 * The microphone's level, updated twenty times a second while it is shown. A store of its own, since the rest changes
 * far less often.
 */
export const useInputLevel = create<{ levelDb: number; isOpen: boolean }>(() => ({ levelDb: floorDb, isOpen: false }));
