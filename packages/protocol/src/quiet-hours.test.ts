import { expect, test } from "vitest";
import { isQuiet } from "./quiet-hours.ts";

const night = { time_zone: "Europe/Berlin", days: [1, 2, 3, 4, 5], from: "22:30", to: "07:00" };

test.each([
  // A Monday in November, an hour before UTC's clock.
  ["2026-11-30T21:29Z", false],
  ["2026-11-30T21:30Z", true],
  ["2026-12-01T05:59Z", true],
  ["2026-12-01T06:00Z", false],
  // The night of Friday goes into Saturday; that of Sunday is none.
  ["2026-12-05T02:00Z", true],
  ["2026-12-05T23:00Z", false],
  ["2026-12-07T02:00Z", false],
  // In summer Berlin is two hours ahead.
  ["2026-07-06T20:30Z", true],
])("the night in Berlin at %s: %s", (time, quiet) => {
  expect(isQuiet(night, Date.parse(time))).toBe(quiet);
});

test("hours within a day, around the clock, and none", () => {
  const at = Date.parse("2026-11-29T12:00Z");
  const hours = (from: string, to: string, days = [7]) => isQuiet({ time_zone: "UTC", days, from, to }, at);
  expect([hours("12:00", "13:00"), hours("11:00", "12:00"), hours("12:00", "13:00", [1])]).toEqual([
    true,
    false,
    false,
  ]);
  expect([hours("09:00", "09:00"), hours("13:00", "13:00", [6]), hours("13:00", "13:00")]).toEqual([true, true, false]);
  expect(isQuiet(null, at)).toBe(false);
  // Another program may know zones that this one does not.
  for (const _again of [1, 2]) {
    expect(isQuiet({ time_zone: "Mars/Olympus", days: [7], from: "09:00", to: "09:00" }, at)).toBe(false);
  }
});
