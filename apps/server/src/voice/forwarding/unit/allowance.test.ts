import { expect, test } from "vitest";
import { Allowance } from "./allowance.ts";

const full = 1_500_000;
const small = 120_000;

/** A viewer of one camera, whose estimate of its network each half second is told by `estimate`. */
class Viewer {
  readonly allowance = new Allowance();
  nowMs = 0;
  changes = 0;

  watch(seconds: number, seen: { lost?: number; estimate?: (sent: number) => number }): void {
    for (let step = 0; step < 2 * seconds; step += 1) {
      this.nowMs += 500;
      const sent = this.isSmall ? small : full;
      if (seen.estimate) this.allowance.bitrate = seen.estimate(sent);
      if (step % 2 === 0) this.allowance.noteLoss("c0", seen.lost ?? 0, this.nowMs);
      const picture = { key: "c0", bitrate: sent, canShrink: !this.isSmall };
      if (this.allowance.review([picture], this.nowMs)) this.changes += 1;
    }
  }

  get isSmall(): boolean {
    return this.allowance.isSmall("c0");
  }
}

test("who loses much for seconds is sent the small encoding, and the full one again once nothing is lost", () => {
  const viewer = new Viewer();
  viewer.watch(5, {});
  viewer.watch(1, { lost: 0.2 });
  viewer.watch(2, {});
  expect(viewer.isSmall).toBe(false);
  viewer.watch(3, { lost: 0.2 });
  expect(viewer.isSmall).toBe(true);
  viewer.watch(10, {});
  expect(viewer.isSmall).toBe(false);
  expect(viewer.changes).toBe(2);
});

test("reports that say nothing was lost, since nothing was expected, do not hide those around them", () => {
  const allowance = new Allowance();
  const pictures = [{ key: "c0", bitrate: full, canShrink: true }];
  allowance.review(pictures, 2_000);
  for (const at of [2_100, 2_350]) allowance.noteLoss("c0", at === 2_100 ? 0.9 : 0, at);
  expect(allowance.review(pictures, 2_500)).toBe(true);
  expect(allowance.isSmall("c0")).toBe(true);
});

test("an estimate far below what is sent leads to the small encoding, and one that grows slowly afterwards does not", () => {
  const viewer = new Viewer();
  viewer.watch(5, { estimate: () => 3_000_000 });
  viewer.watch(3, { estimate: () => 400_000 });
  expect(viewer.isSmall).toBe(true);
  // Browsers raise their estimate by 8 % a second, and to half as much again as they receive.
  let estimate = 400_000;
  const growing = (sent: number) => (estimate = Math.max(estimate, Math.min(1.5 * sent, estimate * 1.04)));
  viewer.watch(60, { estimate: growing });
  expect([viewer.isSmall, viewer.changes]).toEqual([false, 2]);
});

test("who cannot receive the full encoding is tried with it less and less often", () => {
  const viewer = new Viewer();
  const starved = () => viewer.watch(0.5, viewer.isSmall ? { lost: 0 } : { lost: 0.5 });
  for (let step = 0; step < 600; step += 1) starved();
  // Five minutes: attempts after 5, 10, 20, 40 and then each 60 seconds.
  expect(viewer.changes).toBeGreaterThan(8);
  expect(viewer.changes).toBeLessThan(20);
});

test("of several pictures the least important ones are sent small first, as many as must be", () => {
  const allowance = new Allowance();
  const bitrates = { v0: 800_000, c0: 700_000, c1: 1_000_000, c2: 1_000_000 };
  const pictures = Object.entries(bitrates).map(([key, bitrate]) => ({ key, bitrate, canShrink: true }));
  allowance.bitrate = 4_000_000;
  allowance.review(pictures, 1_000);
  allowance.bitrate = 1_700_000;
  allowance.review(pictures, 3_000);
  expect(pictures.map(({ key }) => allowance.isSmall(key))).toEqual([false, false, true, true]);
});
