import type { Attachment } from "@miscord/protocol";
import { expect, test } from "vitest";
import { boxOf, isImage } from "./box.ts";

const image = (width?: number, height?: number, content_type = "image/png") =>
  ({ id: 1, file_url: "/x", filename: "x", size: 1, content_type, width, height }) as Attachment;

test("a picture's box is never larger than the picture or the largest box", () => {
  expect(boxOf(image(100, 50))).toEqual({ width: 100, height: 50 });
  expect(boxOf(image(4_000, 1_000))).toEqual({ width: 420, height: 105 });
  expect(boxOf(image(1_000, 4_000))).toEqual({ width: 80, height: 320 });
  expect(boxOf(image(10_000, 1))).toEqual({ width: 420, height: 1 });
});

test("a file without a known size and a file that is not a picture have no box", () => {
  expect(boxOf(image())).toBeNull();
  expect(boxOf(image(10, 10, "application/pdf"))).toBeNull();
  expect(isImage(image(10, 10, "image/svg+xml"))).toBe(false);
});
