import { describe, expect, test } from "vitest";
import { DailyPeaks } from "./daily-peaks.ts";
import { Community, startOfTime } from "./testing/community.ts";

const daySeconds = 86_400;
const gigabyte = 1e9;

/** A disk of 100 GB of which a gigabyte more is used each day, about, seen every six hours. */
function filling(days: number): { peaks: DailyPeaks; now: number } {
  const peaks = new DailyPeaks({});
  const community = new Community(1);
  let now = startOfTime;
  for (let step = 0; step < days * 4; step++) {
    now = startOfTime + step * 6 * 3_600;
    const used = (50 + step / 4 + 0.3 * Math.sin(step)) * gigabyte;
    peaks.add(now, [{ ...community.minute(now), disk: { used, total: 100 * gigabyte } }], 1_000);
  }
  return { peaks, now };
}

const diskOf = (peaks: DailyPeaks, now: number) => peaks.forecasts(now).find(({ quantity }) => quantity === "disk")!;

describe("the forecast of a disk that fills", () => {
  test("names the days between which it will be full", () => {
    const { peaks, now } = filling(30);
    const { value, limit, in_30_days: told, full_from: from, full_until: until } = diskOf(peaks, now);
    expect([Math.round(value / gigabyte), limit]).toEqual([80, 100 * gigabyte]);
    expect(told!.low).toBeLessThan(110 * gigabyte);
    expect(told!.high).toBeGreaterThan(109 * gigabyte);
    const days = [from, until].map((at) => (Date.parse(at!) / 1_000 - now) / daySeconds);
    expect(days[0]).toBeGreaterThan(14);
    expect(days[0]).toBeLessThanOrEqual(20);
    expect(days[1]).toBeGreaterThanOrEqual(20);
    expect(days[1]).toBeLessThan(26);
  });

  test("is another one when a day is over, and until then the same whatever the day brings", () => {
    const { peaks, now } = filling(30);
    const told = () => diskOf(peaks, now).in_30_days!;
    const before = told();
    const put = (at: number) => {
      const disk = { used: 95 * gigabyte, total: 100 * gigabyte };
      peaks.add(at, [{ ...new Community(1).minute(at), disk }], 1_000);
    };
    put(now + 60);
    expect(told()).toEqual(before);
    put(now + daySeconds);
    expect(told().high).toBeGreaterThan(before.high);
  });

  test("says nothing before ten days are over, and goes on from what was kept", () => {
    const { peaks, now } = filling(9);
    expect(diskOf(peaks, now)).toMatchObject({ in_30_days: null, full_from: null, full_until: null });
    const { peaks: known, now: later } = filling(30);
    const restored = new DailyPeaks(JSON.parse(JSON.stringify(known.kept)));
    const disk = { used: 80 * gigabyte, total: 100 * gigabyte };
    restored.add(later + 60, [{ ...new Community(1).minute(later), disk }], 1_000);
    expect(diskOf(restored, later).full_from).toBe(diskOf(known, later).full_from);
  });
});

test("a day's peak is its own, also after a day with a higher one, and a day without a process has that before it", () => {
  const peaks = new DailyPeaks({});
  const put = (day: number, hour: number, used: number) => {
    const at = startOfTime + day * daySeconds + hour * 3_600;
    peaks.add(at, [{ ...new Community(1).minute(at), disk: { used, total: 100 } }], 1_000);
  };
  put(0, 12, 90);
  put(1, 0, 40);
  put(1, 12, 45);
  put(1, 13, 30);
  put(4, 6, 20);
  // The clock was set back by a day.
  put(3, 6, 25);
  expect(peaks.kept.disk).toEqual({ day: startOfTime / daySeconds + 4, values: [90, 45, 45, 45, 25] });
});
