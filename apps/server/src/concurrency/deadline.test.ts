import { expect, test } from "vitest";
import { ManualClock } from "../testing/manual-clock.ts";
import { setDeadline } from "./deadline.ts";

test("a deadline passes after its delay, and not when it was cancelled", () => {
  const clock = new ManualClock();
  const passed: string[] = [];
  setDeadline(clock, () => passed.push("kept"), 5_000);
  setDeadline(clock, () => passed.push("cancelled"), 5_000).cancel();
  clock.advance(4_999);
  expect(passed).toEqual([]);
  clock.advance(1);
  expect(passed).toEqual(["kept"]);
});

test("a deadline that fires late because the process stood still grants its delay once more, and can be cancelled", () => {
  const clock = new ManualClock();
  const passed: string[] = [];
  setDeadline(clock, () => passed.push("kept"), 5_000);
  const cancelled = setDeadline(clock, () => passed.push("cancelled"), 5_000);
  clock.leap(38_000);
  expect(passed).toEqual([]);
  cancelled.cancel();
  clock.advance(4_999);
  expect(passed).toEqual([]);
  clock.advance(1);
  expect(passed).toEqual(["kept"]);
});
