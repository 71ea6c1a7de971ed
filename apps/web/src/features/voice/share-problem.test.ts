import { expect, test } from "vitest";
import { shareProblemOf } from "./share-problem.ts";

const errorOf = (name: string, message: string) => Object.assign(new Error(message), { name });
const firefox = "The request is not allowed by the user agent or the platform in the current context.";
const safari =
  "The request is not allowed by the user agent or the platform in the current context, possibly because the user denied permission.";

test.each([
  ["NotAllowedError", "Permission denied by user", 50, "cancelled"],
  ["NotAllowedError", "Permission denied by user", 5_000, "cancelled"],
  ["NotAllowedError", "Permission dismissed", 5_000, "cancelled"],
  ["NotAllowedError", "Permission denied", 5_000, "cancelled"],
  ["NotAllowedError", firefox, 5_000, "cancelled"],
  ["NotAllowedError", safari, 5_000, "cancelled"],
  ["NotAllowedError", "Permission denied by system", 5_000, "system"],
  ["NotAllowedError", "Permission denied by system", 20, "system"],
  ["NotAllowedError", "Permission denied", 20, "refused"],
  ["NotAllowedError", firefox, 20, "refused"],
  ["SecurityError", "", 20, "refused"],
  ["NotReadableError", "Could not start video source", 5_000, "unreadable"],
  ["NotFoundError", "Requested device not found", 20, "missing"],
  ["OverconstrainedError", "", 20, "missing"],
  ["AbortError", "", 5_000, "failed"],
  ["InvalidStateError", "", 5_000, "failed"],
])("%s (%s) after %i ms is a share that is %s", (name, message, elapsedMs, problem) => {
  expect(shareProblemOf(errorOf(name, message), elapsedMs)).toBe(problem);
});

test("an error that is none is a share that failed", () => {
  expect(shareProblemOf("?", 5_000)).toBe("failed");
});
