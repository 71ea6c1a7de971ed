import { create } from "zustand";
import { floorDb } from "./audio/gate.ts";
import type { MicrophoneProblem } from "./audio/microphone-problem.ts";

/** How one's own sound is doing, beside the call's state that the client keeps. */
export interface VoiceMedia {
  microphone: "off" | "opening" | "on";
  problem: MicrophoneProblem | null;
  /** The browser plays nothing before there was a click. */
  isSoundBlocked: boolean;
}

export const useVoiceMedia = create<VoiceMedia>(() => ({ microphone: "off", problem: null, isSoundBlocked: false }));

/** Twenty times a second while somebody looks: apart from the rest, which renders far less often. */
export const useInputLevel = create<{ levelDb: number; isOpen: boolean }>(() => ({ levelDb: floorDb, isOpen: false }));
