import { expect, test } from "vitest";
import { maxZoom, moved, widestFrame, zoomed, zoomOf } from "./crop-frame.ts";

const size = { width: 400, height: 200 };

test("the frame begins in the middle, as large as the picture's shorter side", () => {
  expect(widestFrame(size)).toEqual({ x: 100, y: 0, side: 200 });
  expect(widestFrame({ width: 200, height: 400 })).toEqual({ x: 0, y: 100, side: 200 });
});

test("zooming keeps what is in the middle, and has limits in both directions", () => {
  const closer = zoomed(widestFrame(size), size, 2);
  expect(closer).toEqual({ x: 150, y: 50, side: 100 });
  expect(zoomOf(closer, size)).toBe(2);
  expect(zoomed(closer, size, 0.1)).toEqual(widestFrame(size));
  expect(zoomed(closer, size, 1_000).side).toBe(200 / maxZoom);
});

test("a frame leaves the picture neither when it moves nor when it grows at the edge", () => {
  expect(moved(widestFrame(size), size, 5, 5)).toEqual({ x: 200, y: 0, side: 200 });
  const corner = moved(zoomed(widestFrame(size), size, 4), size, -100, 100);
  expect(corner).toEqual({ x: 0, y: 150, side: 50 });
  expect(zoomed(corner, size, 1)).toEqual({ x: 0, y: 0, side: 200 });
});
