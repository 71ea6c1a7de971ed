import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createFormat } from "../i18n/format.ts";
import { createClock } from "./clock.ts";

let page: EventTarget;

beforeEach(() => {
  vi.useFakeTimers();
  page = new EventTarget();
});
afterEach(() => vi.useRealTimers());

/** The texts that a subscriber shows, each once, from now until `ms` later. */
function shown(textAt: (nowMs: number) => string, ms: number): string[] {
  const texts = [textAt(Date.now())];
  const stop = createClock(page).subscribe(() => {
    const text = textAt(Date.now());
    if (text !== texts.at(-1)) texts.push(text);
  });
  vi.advanceTimersByTime(ms);
  stop();
  return texts;
}

const format = createFormat("en");

test("the day of a message becomes yesterday at midnight and a date a day later", () => {
  vi.setSystemTime(new Date(2026, 4, 10, 23, 58, 30));
  const sentAt = new Date(2026, 4, 10, 20, 0);
  expect(shown((now) => format.day(sentAt, now), 91_000)).toEqual(["Today", "Yesterday"]);
  expect(shown((now) => format.day(sentAt, now), 86_400_000)).toEqual(["Yesterday", "10 May 2026"].map(sameDate));
});

/** The date as this runtime writes it. */
function sameDate(text: string): string {
  return text === "10 May 2026" ? format.date(new Date(2026, 4, 10)) : text;
}

test("a relative time is followed every minute", () => {
  vi.setSystemTime(new Date(2026, 4, 10, 12, 0, 20));
  const at = new Date(2026, 4, 10, 12, 0, 0);
  expect(shown((now) => format.relative(at, now), 181_000)).toEqual([
    "now",
    "1 minute ago",
    "2 minutes ago",
    "3 minutes ago",
  ]);
});

test("a page that becomes visible again shows the present time at once", () => {
  vi.setSystemTime(new Date(2026, 4, 10, 12, 0, 20));
  let ticks = 0;
  createClock(page).subscribe(() => (ticks += 1));
  page.dispatchEvent(new Event("visibilitychange"));
  expect(ticks).toBe(1);
});

test("without subscribers no timer runs", () => {
  const stop = createClock(page).subscribe(() => {});
  expect(vi.getTimerCount()).toBe(1);
  stop();
  expect(vi.getTimerCount()).toBe(0);
});
