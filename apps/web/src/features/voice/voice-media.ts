import { create } from "zustand";
import { floorDb } from "./audio/gate.ts";
import type { MicrophoneProblem } from "./audio/microphone-problem.ts";

/** The state of this device's audio. The client keeps the state of the call. */
export interface VoiceMedia {
  microphone: "off" | "opening" | "on";
  problem: MicrophoneProblem | null;
  /** Whether the browser plays nothing until the user clicks. */
  isSoundBlocked: boolean;
}

export const useVoiceMedia = create<VoiceMedia>(() => ({ microphone: "off", problem: null, isSoundBlocked: false }));

/**
 * The microphone's level, updated twenty times a second while it is shown. A store of its own, since the rest changes
 * far less often.
 */
export const useInputLevel = create<{ levelDb: number; isOpen: boolean }>(() => ({ levelDb: floorDb, isOpen: false }));
