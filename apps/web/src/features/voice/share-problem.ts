/** Why no screen is shared. */
export type ShareProblem = "cancelled" | "system" | "refused" | "unreadable" | "missing" | "failed";

/** Nobody reads a dialog and cancels it faster: the browser refused without showing one. */
const fastestCancelMs = 300;

/** The problem behind an error of `getDisplayMedia` that came this long after the call. */
export function shareProblemOf(error: unknown, elapsedMs: number): ShareProblem {
  const { name, message } = error instanceof Error ? error : { name: "", message: "" };
  switch (name) {
    case "NotAllowedError":
    case "SecurityError":
      // Chromium: "Permission denied by system" against "Permission denied by user".
      if (/system/i.test(message)) return "system";
      if (/by user|dismissed/i.test(message)) return "cancelled";
      return elapsedMs < fastestCancelMs ? "refused" : "cancelled";
    case "NotReadableError":
      return "unreadable";
    case "NotFoundError":
    case "OverconstrainedError":
      return "missing";
    default:
      return "failed";
  }
}
