import { expect, test } from "vitest";
import { maxZoom, moved, widestFrame, zoomed, zoomOf } from "./crop-frame.ts";

const size = { width: 400, height: 200 };

test("the frame begins in the middle, as large as the picture's shorter side", () => {
  expect(widestFrame(size)).toEqual({ x: 100, y: 0, width: 200, height: 200 });
  expect(widestFrame({ width: 200, height: 400 })).toEqual({ x: 0, y: 100, width: 200, height: 200 });
  expect(widestFrame(size, 4)).toEqual({ x: 0, y: 50, width: 400, height: 100 });
});

test("zooming keeps what is in the middle, and has limits in both directions", () => {
  const closer = zoomed(widestFrame(size), size, 2);
  expect(closer).toEqual({ x: 150, y: 50, width: 100, height: 100 });
  expect(zoomOf(closer, size)).toBe(2);
  expect(zoomed(closer, size, 0.1)).toEqual(widestFrame(size));
  expect(zoomed(closer, size, 1_000).width).toBe(200 / maxZoom);
  expect(zoomed(widestFrame(size, 4), size, 2)).toEqual({ x: 100, y: 75, width: 200, height: 50 });
});

test("a frame leaves the picture neither when it moves nor when it grows at the edge", () => {
  expect(moved(widestFrame(size), size, 5, 5)).toEqual({ x: 200, y: 0, width: 200, height: 200 });
  expect(moved(widestFrame(size, 4), size, 5, 5)).toEqual({ x: 0, y: 100, width: 400, height: 100 });
  const corner = moved(zoomed(widestFrame(size), size, 4), size, -100, 100);
  expect(corner).toEqual({ x: 0, y: 150, width: 50, height: 50 });
  expect(zoomed(corner, size, 1)).toEqual({ x: 0, y: 0, width: 200, height: 200 });
});
