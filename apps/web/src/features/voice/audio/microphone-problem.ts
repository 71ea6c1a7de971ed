/** Why one is not heard. */
export type MicrophoneProblem = "denied" | "missing" | "unplugged" | "busy" | "insecure" | "failed";

/** What `getUserMedia` refused with, as far as browsers say. */
export function problemOf(error: unknown): MicrophoneProblem {
  switch (error instanceof Error ? error.name : "") {
    case "NotAllowedError":
    case "SecurityError":
      return "denied";
    case "NotFoundError":
    case "OverconstrainedError":
      return "missing";
    case "NotReadableError":
    case "AbortError":
      return "busy";
    default:
      return "failed";
  }
}

/** Browsers hide microphones from pages that are neither https nor local. */
export function isMicrophoneHidden(): boolean {
  return !globalThis.isSecureContext || !("mediaDevices" in navigator);
}
