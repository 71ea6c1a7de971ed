import { expect, test } from "vitest";
import { fitted, maxScale, moved, zoomed } from "./zoom.ts";

test("a picture is enlarged step by step up to a bound, and never made smaller than fitting", () => {
  let view = fitted;
  for (let step = 0; step < 20; step += 1) view = zoomed(view, 1.5);
  expect(view.scale).toBe(maxScale);
  for (let step = 0; step < 20; step += 1) view = zoomed(view, 1 / 1.5);
  expect(view).toEqual(fitted);
});

test("an enlarged picture can be moved, one that fits stays in the middle", () => {
  expect(moved(fitted, 10, 20)).toEqual(fitted);
  expect(moved(zoomed(fitted, 2), 10, 20)).toEqual({ scale: 2, x: 10, y: 20 });
});

test("what stands in the middle of the screen stays there when the picture is enlarged further", () => {
  const view = moved(zoomed(fitted, 2), 30, -10);
  expect(zoomed(view, 2)).toEqual({ scale: 4, x: 60, y: -20 });
});

test("fitting again brings a moved picture back to the middle", () => {
  expect(zoomed(moved(zoomed(fitted, 2), 30, -10), 0.1)).toEqual(fitted);
});
