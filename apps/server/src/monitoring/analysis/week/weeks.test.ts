import { expect, test } from "vitest";
import { weeklyTime } from "../../../config/values.ts";
import { endOfWeek, Weeks } from "./weeks.ts";

const at = (iso: string) => Date.parse(iso) / 1_000;

test("the week ends at the day and time of the setting, in UTC", () => {
  const monday = weeklyTime.parse("mon 09:00");
  expect(endOfWeek(at("2026-11-29T12:00:00Z"), monday)).toBe(at("2026-11-30T09:00:00Z"));
  expect(endOfWeek(at("2026-11-30T09:00:00Z"), monday)).toBe(at("2026-12-07T09:00:00Z"));
  expect(endOfWeek(at("2026-11-29T12:00:00Z"), weeklyTime.parse("sun 23:59"))).toBe(at("2026-11-29T23:59:00Z"));
  expect(weeklyTime.parse("off")).toEqual({ ...monday, isTold: false });
  for (const wrong of ["monday", "mon 9:00", "mon 24:00", "xyz 09:00"]) {
    expect(weeklyTime.safeParse(wrong).success).toBe(false);
  }
});

test("less than a day has no summary, and the one before stays", () => {
  const weeks = new Weeks(undefined);
  weeks.begin(at("2026-11-30T01:00:00Z"), 7);
  const now = at("2026-11-30T09:00:00Z");
  expect(weeks.isOver(now, weeklyTime.parse("mon 09:00"))).toBe(true);
  const counts = { accounts: 1, messages: 2, afterMessage: 9 };
  const { kept, summary } = weeks.ended(now, counts, { incidents: [], forecasts: [] });
  expect(summary).toBeNull();
  expect(kept).toMatchObject({ running: { since: now, after_message: 9, people: 0 }, latest: null });
});
