import { expect, test } from "vitest";
import { muteEnd } from "./mute-end.ts";

test("a mute lasts an hour, until the next morning by the user's clock, or for ever", () => {
  const evening = new Date(2026, 11, 31, 22, 30);
  expect(muteEnd("hour", evening)).toBe(new Date(2026, 11, 31, 23, 30).toISOString());
  expect(muteEnd("tomorrow", evening)).toBe(new Date(2027, 0, 1, 8).toISOString());
  expect(muteEnd("tomorrow", new Date(2026, 11, 31, 0, 5))).toBe(new Date(2027, 0, 1, 8).toISOString());
  expect(muteEnd("forever", evening)).toBeNull();
});
