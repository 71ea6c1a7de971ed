import { expect, test } from "vitest";
import { cameraProblemOf } from "./camera-problem.ts";

const error = (name: string, message = "") => Object.assign(new Error(message), { name });

test.each([
  [error("NotAllowedError", "Permission denied"), "denied"],
  [error("NotAllowedError", "Permission denied by system"), "system"],
  [error("NotFoundError"), "missing"],
  // A chosen camera that is not there is not replaced by another one.
  [error("OverconstrainedError"), "missing"],
  [error("NotReadableError"), "busy"],
  [error("TypeError"), "failed"],
  ["something else", "failed"],
] as const)("the error %s of opening a camera means %s", (thrown, problem) => {
  expect(cameraProblemOf(thrown)).toBe(problem);
});
