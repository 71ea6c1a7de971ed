/** Why the camera is not on. */
export type CameraProblem = "denied" | "system" | "missing" | "unplugged" | "busy" | "insecure" | "taken" | "failed";

/** The problem behind an error of `getUserMedia`, as far as browsers report it. */
export function cameraProblemOf(error: unknown): CameraProblem {
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
