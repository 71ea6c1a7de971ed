import type { Signal } from "./events.ts";

/** Characters of the signal's texts, whose lengths its sender chooses. */
export function lengthOf(signal: Signal): number {
  const texts = signal.kind === "candidate" ? [signal.candidate, signal.sdpMid] : [signal.sdp];
  return texts.reduce((sum, text) => sum + (text?.length ?? 0), JSON.stringify(signal.extra).length);
}
