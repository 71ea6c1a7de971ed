import { expect, test } from "vitest";
import { offeredTimes, reminderTime } from "./reminder-times.ts";

const at = (text: string) => new Date(`2026-11-29T${text}`);

test("a reminder comes at a time of the user's own day", () => {
  expect(reminderTime("soon", at("18:00:00"))).toEqual(at("18:20:00"));
  expect(reminderTime("hour", at("18:00:00"))).toEqual(at("19:00:00"));
  expect(reminderTime("evening", at("18:00:00"))).toEqual(at("19:00:00"));
  expect(reminderTime("tomorrow", at("23:59:00"))).toEqual(new Date("2026-11-30T09:00:00"));
  expect(reminderTime("week", at("08:00:00"))).toEqual(new Date("2026-12-06T09:00:00"));
});

test("the evening is offered until it comes", () => {
  expect(offeredTimes(at("18:59:59"))).toContain("evening");
  expect(offeredTimes(at("19:00:00"))).not.toContain("evening");
});
