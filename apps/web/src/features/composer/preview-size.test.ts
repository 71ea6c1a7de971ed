import { expect, test } from "vitest";
import { isPreviewable } from "./preview-size.ts";

function pngHead(width: number, height: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(64);
  bytes.set([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13, 0x49, 0x48, 0x44, 0x52]);
  const view = new DataView(bytes.buffer);
  view.setUint32(16, width);
  view.setUint32(20, height);
  return bytes;
}

function gifHead(width: number, height: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(16);
  bytes.set(new TextEncoder().encode("GIF89a"));
  const view = new DataView(bytes.buffer);
  view.setUint16(6, width, true);
  view.setUint16(8, height, true);
  return bytes;
}

test.each([
  ["a photo-sized PNG", pngHead(8_000, 6_000), "image/png", true],
  ["a PNG of 20,000 × 20,000 pixels", pngHead(20_000, 20_000), "image/png", false],
  ["a PNG of 8,000 × 8,000 pixels", pngHead(8_000, 8_000), "image/png", false],
  ["a large PNG that calls itself a JPEG", pngHead(20_000, 20_000), "image/jpeg", false],
  ["a GIF", gifHead(100, 100), "image/gif", true],
  ["a GIF with a large canvas", gifHead(60_000, 60_000), "image/gif", false],
  ["bytes that are no picture", new Uint8Array(100), "image/png", false],
  ["an SVG", new TextEncoder().encode('<svg width="1" height="1"/>'), "image/svg+xml", false],
  ["a picture that calls itself a text", pngHead(10, 10), "text/plain", false],
] as const)("a preview of %s", async (_name, bytes, type, expected) => {
  expect(await isPreviewable(new File([new Uint8Array(bytes)], "file", { type }))).toBe(expected);
});
