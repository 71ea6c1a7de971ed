import { expect, test } from "vitest";
import { secondsUntil } from "./status-ends.ts";

test("a status of today ends at the next midnight of the user's clock", () => {
  expect(secondsUntil("today", new Date(2026, 10, 30, 22, 30))).toBe(90 * 60);
  expect(secondsUntil("today", new Date(2026, 10, 30, 23, 59, 59, 900))).toBe(1);
  expect([secondsUntil("fourHours", new Date()), secondsUntil("never", new Date())]).toEqual([14_400, null]);
});
