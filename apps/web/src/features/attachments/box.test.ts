import type { Attachment } from "@miscord/protocol";
import { expect, test } from "vitest";
import { boxOf, gridOf, isImage, picturesHeight } from "./box.ts";

const image = (width?: number, height?: number, content_type = "image/png") =>
  ({ id: 1, file_url: "/x", filename: "x", size: 1, content_type, width, height }) as Attachment;

test("a picture's place is reserved: within the box, not larger than the picture, and large enough to press", () => {
  expect(boxOf(image(100, 50))).toEqual({ width: 100, height: 50 });
  expect(boxOf(image(4_000, 1_000))).toEqual({ width: 420, height: 105 });
  expect(boxOf(image(1_000, 4_000))).toEqual({ width: 80, height: 320 });
  expect(boxOf(image(10_000, 1))).toEqual({ width: 420, height: 24 });
  expect(boxOf(image(1, 1))).toEqual({ width: 24, height: 24 });
});

test.each(["image/png", "image/apng", "image/jpeg", "image/gif", "image/webp", "image/avif"])(
  "a measured %s is shown as a picture, one without a size is a download",
  (type) => {
    expect(isImage(image(10, 10, type))).toBe(true);
    expect(isImage(image(undefined, undefined, type))).toBe(false);
    expect(boxOf(image(undefined, undefined, type))).toBeNull();
  },
);

test.each(["application/pdf", "image/svg+xml", "image/heic", "image/bmp", "application/octet-stream"])(
  "a file of type %s is a download",
  (type) => {
    expect(isImage(image(10, 10, type))).toBe(false);
    expect(boxOf(image(10, 10, type))).toBeNull();
  },
);

test("several pictures share a grid of the width of one", () => {
  expect(gridOf(2)).toEqual({ columns: 2, width: 420, height: 208 });
  expect(gridOf(3)).toEqual({ columns: 3, width: 420, height: 137 });
  expect(gridOf(4)).toEqual({ columns: 2, width: 420, height: 420 });
  expect(gridOf(10)).toEqual({ columns: 3, width: 420, height: 561 });
});

test("the height of a message's pictures is that of the grid, not of a pile", () => {
  expect(picturesHeight([])).toBe(0);
  expect(picturesHeight([image(100, 50)])).toBe(58);
  expect(picturesHeight([image(100, 50), image(100, 50), image()])).toBe(216);
});
