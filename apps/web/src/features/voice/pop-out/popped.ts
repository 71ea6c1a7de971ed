import { create } from "zustand";
import type { Picture } from "../camera/shown-picture.ts";

/** What is shown in a window of its own: one picture, or the stage of the call. */
export type Popped = Picture | "stage";

interface PoppedState {
  popped: Popped | null;
}

export const usePoppedOut = create<PoppedState>(() => ({ popped: null }));

export function isSame(one: Popped | null, other: Popped): boolean {
  if (one === null || one === "stage" || other === "stage") return one === other;
  return one.userId === other.userId && one.kind === other.kind;
}
