/** Why the microphone does not work. */
export type MicrophoneProblem = "denied" | "system" | "missing" | "unplugged" | "busy" | "insecure" | "failed";

/** The problem behind an error of `getUserMedia`, as far as browsers report it. */
export function problemOf(error: unknown): MicrophoneProblem {
  const { name, message } = error instanceof Error ? error : { name: "", message: "" };
  switch (name) {
    case "NotAllowedError":
    case "SecurityError":
      // Chromium: "Permission denied by system" while the operating system refuses the browser.
      return /system/i.test(message) ? "system" : "denied";
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

/** Whether the page is neither HTTPS nor local: browsers give it no microphone. */
export function isMicrophoneHidden(): boolean {
  return !globalThis.isSecureContext || !("mediaDevices" in navigator);
}
