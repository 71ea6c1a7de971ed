/** The part of an `AudioContext` that is watched. */
export type GuardedContext = Pick<AudioContext, "resume" | "addEventListener" | "removeEventListener"> & {
  readonly state: string;
};

/** A browser that may play sound answers within this time; one that waits for a click does not answer. */
const resumeMs = 1_000;

/** Resolves to whether the context runs. False when the browser wants a click first, or the system holds the sound. */
export async function resumeSound(context: GuardedContext): Promise<boolean> {
  if (context.state === "running") return true;
  const patience = new Promise((resolve) => setTimeout(resolve, resumeMs));
  await Promise.race([context.resume().catch(() => {}), patience]);
  return context.state === "running";
}

/** Events after which a browser may allow sound again: the page is shown, or its user touches it. */
const occasions = ["pointerup", "keydown", "focus", "visibilitychange"] as const;

/**
 * Resumes the sound whenever the system or the browser suspends it (a phone call, a device that goes away, a laptop that
 * sleeps), at once and on later occasions. `onChange` gets false only when it cannot be resumed at once. Returns a
 * function that ends this.
 */
export function guardSound(
  context: GuardedContext,
  onChange: (isRunning: boolean) => void,
  targets: readonly EventTarget[] = [globalThis, document],
): () => void {
  const listening = new AbortController();
  const { signal } = listening;
  const resume = async () => {
    const isRunning = await resumeSound(context);
    if (!signal.aborted) onChange(isRunning);
  };
  const retry = () => void (context.state !== "running" && resume());
  context.addEventListener("statechange", () => void resume(), { signal });
  for (const target of targets) {
    for (const occasion of occasions) target.addEventListener(occasion, retry, { signal, capture: true });
  }
  return () => listening.abort();
}
