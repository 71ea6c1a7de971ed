/** Noise suppression works on 48 kHz, and so does Opus. */
const sampleRate = 48_000;

let shared: AudioContext | null = null;

/** One for everything that voice hears and says. Made on first use, which a click should be. */
export function audioContext(): AudioContext {
  shared ??= new AudioContext({ sampleRate, latencyHint: "interactive" });
  return shared;
}

/** Waits a moment for the browser to allow sound. False: it wants a click first. */
export async function allowSound(): Promise<boolean> {
  const context = audioContext();
  if (context.state === "running") return true;
  const patience = new Promise((resolve) => setTimeout(resolve, 1_000));
  await Promise.race([context.resume().catch(() => {}), patience]);
  return (context.state as AudioContextState) === "running";
}

export async function chooseSpeaker(deviceId: string): Promise<void> {
  const context = audioContext() as AudioContext & { setSinkId?: (id: string) => Promise<void> };
  // A loudspeaker that is gone is no reason to fall silent: the browser keeps the present one.
  await context.setSinkId?.(deviceId).catch(() => {});
}

/** Firefox and Safari leave the choice to the system. */
export function canChooseSpeaker(): boolean {
  return "AudioContext" in globalThis && "setSinkId" in AudioContext.prototype;
}
