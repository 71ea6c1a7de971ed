import { resumeSound } from "./guard-sound.ts";

/** The sample rate in Hz of RNNoise and Opus. */
const sampleRate = 48_000;

let shared: AudioContext | null = null;

/** The one audio context for all recording and playback. Created on first use, which should be in a click handler. */
export function audioContext(): AudioContext {
  shared ??= new AudioContext({ sampleRate, latencyHint: "interactive" });
  return shared;
}

/** Waits up to a second for the browser to allow sound. Resolves to false when the browser requires a click first. */
export function allowSound(): Promise<boolean> {
  return resumeSound(audioContext());
}

export async function chooseSpeaker(deviceId: string): Promise<void> {
  const context = audioContext() as AudioContext & { setSinkId?: (id: string) => Promise<void> };
  // A loudspeaker that was unplugged must not stop the sound: the browser keeps the present one.
  await context.setSinkId?.(deviceId).catch(() => {});
}

/** False in Firefox and Safari, where the operating system chooses the loudspeaker. */
export function canChooseSpeaker(): boolean {
  return "AudioContext" in globalThis && "setSinkId" in AudioContext.prototype;
}
