import { expect, test } from "vitest";
import { problemOf } from "./microphone-problem.ts";

test.each([
  ["NotAllowedError", "Permission denied", "denied"],
  ["NotAllowedError", "Permission denied by user", "denied"],
  ["NotAllowedError", "Permission denied by system", "system"],
  ["SecurityError", "", "denied"],
  ["NotFoundError", "Requested device not found", "missing"],
  ["OverconstrainedError", "", "missing"],
  ["NotReadableError", "Could not start audio source", "busy"],
  ["AbortError", "", "busy"],
  ["TypeError", "", "failed"],
])("%s (%s) is a microphone that is %s", (name, message, problem) => {
  expect(problemOf(Object.assign(new Error(message), { name }))).toBe(problem);
});
