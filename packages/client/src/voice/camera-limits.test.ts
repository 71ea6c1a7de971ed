import { expect, test } from "vitest";
import { forwardedCameraLimits, meshCameraLimits } from "./camera-limits.ts";

test("the more cameras are on in a forwarded call, the less each of them takes", () => {
  const bitrates = [1, 2, 3, 4, 5, 9, 10, 50].map((cameras) => forwardedCameraLimits(cameras).maxBitrate);
  expect(bitrates).toEqual(bitrates.toSorted((one, other) => other - one));
  // What a participant receives of eight others stays below what a household has.
  expect(8 * forwardedCameraLimits(9).maxBitrate).toBeLessThan(4_000_000);
});

test("in a mesh all viewers together get no more of a camera than two of them alone", () => {
  for (const others of [1, 2, 3, 5, 9]) {
    expect(others * meshCameraLimits(others).maxBitrate).toBeLessThanOrEqual(2_400_009);
  }
});
