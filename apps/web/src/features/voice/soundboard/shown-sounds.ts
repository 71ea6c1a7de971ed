import type { ServerSound } from "@miscord/protocol";
import { create } from "zustand";

export interface ShownSound {
  userId: number;
  sound: ServerSound;
  /** Tells two times of the same sound apart. */
  number: number;
}

/** At least as long, so that a short sound can be read. */
const shownMs = 4_000;

/** What everybody has played last, while it is shown: the latest at the end. */
export const useShownSounds = create<{ shown: readonly ShownSound[] }>(() => ({ shown: [] }));

let count = 0;

export function showSound(userId: number, sound: ServerSound): void {
  const entry = { userId, sound, number: ++count };
  const others = () => useShownSounds.getState().shown.filter((one) => one !== entry);
  useShownSounds.setState({ shown: [...others().filter((one) => one.userId !== userId), entry] });
  setTimeout(() => useShownSounds.setState({ shown: others() }), Math.max(shownMs, sound.duration_ms));
}
