import { describe, expect, test } from "vitest";
import { inspectPicture } from "./inspect-picture.ts";
import {
  animation,
  box,
  clap,
  frames,
  fullBox,
  heif,
  irot,
  ispe,
  movie,
  movingStream,
  numbers,
  pictureStream,
} from "./testing/build-heif.ts";
import {
  gif,
  gifFrame,
  jpeg,
  jpegOfScans,
  jpegSegment,
  lossless,
  lossy,
  png,
  pngChunk,
  webp,
  webpHeader,
  webpOfFrames,
} from "./testing/build-raster.ts";

describe("a picture with more pixels than a browser should decode", () => {
  const largeItem = { type: "av01", content: pictureStream(20_000, 20_000) };
  const largeGrid = { type: "grid", content: Buffer.concat([numbers(1, 0, 0, 3, 3), numbers(2, 20_000, 20_000)]) };
  test.each([
    ["a PNG of 20,000 × 20,000", "image/png", png({ width: 20_000, height: 20_000 })],
    ["a PNG of 8,000 × 8,000", "image/png", png({ width: 8_000, height: 8_000 })],
    ["a PNG of 1 × 20,000", "image/png", png({ width: 1, height: 20_000 })],
    ["an empty PNG", "image/png", png({ width: 0, height: 10 })],
    ["a JPEG", "image/jpeg", jpeg({ width: 65_000, height: 65_000 })],
    ["a GIF with a large canvas", "image/gif", gif([gifFrame()], { width: 60_000, height: 60_000 })],
    ["a GIF with a large second frame", "image/gif", gif([gifFrame(), gifFrame(60_000, 60_000)])],
    ["a WebP", "image/webp", webp(lossless(16_000, 16_000))],
    ["a WebP with a large canvas", "image/webp", webp(webpHeader(0, 100_000, 100_000), lossy())],
    ["an AVIF", "image/avif", heif({ properties: [ispe(20_000, 20_000)] })],
    ["an AVIF with a large tile", "image/avif", heif({ properties: [ispe(40, 30), ispe(20_000, 20_000)] })],
    ["an AVIF that cuts a small part out", "image/avif", heif({ properties: [ispe(20_000, 20_000), clap(10, 10)] })],
    ["an AVIF with a large track", "image/avif", heif({ after: [movie(20_000, 20_000, "")] })],
    ["an AVIF whose pixels are more than it says", "image/avif", heif({ items: [largeItem] })],
    ["an AVIF with such pixels in its description", "image/avif", heif({ items: [{ ...largeItem, isInMeta: true }] })],
    ["an AVIF whose tiles are put together to more", "image/avif", heif({ items: [largeGrid] })],
    [
      "an animated AVIF whose later frame is larger than it says",
      "image/avif",
      animation(pictureStream(40, 30), movingStream(20_000, 20_000)),
    ],
  ])("is not shown: %s", (_name, type, bytes) => {
    expect(inspectPicture(bytes, type)).toBeNull();
  });

  test("is not one whose stream is as large as its file says", () => {
    const still = heif({ items: [{ type: "av01", content: pictureStream(40, 30) }] });
    const moving = animation(pictureStream(40, 30), movingStream(40, 30));
    for (const bytes of [still, moving])
      expect(inspectPicture(bytes, "image/avif")).toMatchObject({ width: 40, height: 30 });
  });

  test("starts above 50 megapixels", () => {
    expect(inspectPicture(png({ width: 10_000, height: 5_000 }), "image/png")).not.toBeNull();
    expect(inspectPicture(png({ width: 10_000, height: 5_001 }), "image/png")).toBeNull();
  });
});

describe("an AVIF whose decoder has much to do", () => {
  const stream = pictureStream(4_000, 3_000);
  const of = (count: number) => Buffer.concat([stream, frames(count)]);
  const grid = (rows: number, columns: number) => ({
    type: "grid",
    content: Buffer.concat([numbers(1, 0, 0, rows - 1, columns - 1), numbers(2, 400, 300)]),
  });
  const canvas = Buffer.concat([numbers(1, 0, 1), numbers(2, 0, 0, 0, 0), numbers(4, 16_000, 16_000, 0, 0)]);
  const tile = pictureStream(500, 500);
  test.each([
    ["dozens of frames in one picture", heif({ picture: of(20) })],
    ["pictures on a canvas of any size", heif({ items: [{ type: "iovl", content: canvas }] })],
    ["a picture that is another one", heif({ items: [{ type: "iden", content: "" }] })],
    ["many large pictures", heif({ items: Array.from({ length: 20 }, () => ({ type: "av01", content: stream })) })],
    ["many tiles", heif({ picture: tile, items: [grid(256, 256)] })],
    ["tiles of tiles", heif({ picture: tile, items: [grid(2, 2), grid(2, 2), grid(2, 2)] })],
    ["many turns", heif({ properties: [ispe(40, 30), ...Array.from({ length: 4 }, () => irot(1))] })],
    ["a second, short description", heif({ after: [box("mini", of(20))] })],
    ["a long beginning of each stream", heif({ properties: [ispe(40, 30), box("av1C", of(40))] })],
  ])("is a download: %s", (_name, bytes) => {
    expect(inspectPicture(bytes, "image/avif")).toBeNull();
  });

  test("is a download: dozens of frames in one sample of an animation", () => {
    expect(() => inspectPicture(animation(of(1), of(17)), "image/avif")).toThrow("too many frames in one");
  });

  test("is not one with transparency, layers, tiles or turns", () => {
    const beginning = box("av1C", Buffer.alloc(20));
    for (const bytes of [
      heif({ picture: of(4) }),
      heif({ picture: of(1), items: Array.from({ length: 3 }, () => ({ type: "av01", content: of(1) })) }),
      heif({ picture: tile, items: [grid(12, 12), grid(12, 12)] }),
      heif({ properties: [ispe(40, 30), clap(40, 30), irot(1), box("imir", numbers(1, 1)), beginning] }),
      animation(of(1), of(8)),
    ])
      expect(inspectPicture(bytes, "image/avif")).not.toBeNull();
  });

  test("says nothing of a HEIC, which no page shows", () => {
    const bytes = heif({ brand: "heic", items: [{ type: "iden", content: "" }] });
    expect(inspectPicture(bytes, "image/heic")).toMatchObject({ width: 40 });
    // Its second name is that of an AVIF.
    bytes.write("avif", bytes.indexOf("mif1"), "latin1");
    expect(inspectPicture(bytes, "image/heic")).toBeNull();
  });
});

describe("a file that only claims to be a picture is refused", () => {
  const repeated = Buffer.concat(Array.from({ length: 8_000 }, () => Buffer.concat([ispe(1, 1), clap(1, 1)])));
  const places = fullBox("iloc", 1, numbers(2, 0), numbers(2, 0xffff), Buffer.alloc(100_000, 0xff));
  test.each([
    ["a JPEG cut off in its header", "image/jpeg", jpeg().subarray(0, 50)],
    ["a JPEG without a frame", "image/jpeg", Buffer.from([0xff, 0xd8, 0xff, 0xd9, 0, 0])],
    ["a JPEG with an unknown segment", "image/jpeg", jpeg({ before: [jpegSegment(0xf7, "x")] })],
    ["a PNG cut off in its pixels", "image/png", png().subarray(0, 60)],
    ["a PNG without an end", "image/png", png({ end: [] })],
    ["a GIF without a frame", "image/gif", gif([])],
    ["a GIF cut off in a frame", "image/gif", gif([gifFrame()]).subarray(0, 40)],
    ["a WebP cut off", "image/webp", webp(lossy()).subarray(0, 30)],
    ["a WebP whose frame exceeds its canvas", "image/webp", webp(webpHeader(0), lossy(400, 300))],
    ["an AVIF cut off", "image/avif", heif().subarray(0, 200)],
    ["an AVIF of nothing but a type", "image/avif", box("ftyp", "avif")],
    ["an AVIF with metadata beyond its end", "image/avif", heif({ items: [{ type: "mime", content: "" }] })],
    ["an AVIF of repeated boxes", "image/avif", heif({ properties: [repeated] })],
    [
      "an AVIF with places without a length",
      "image/avif",
      Buffer.concat([box("ftyp", "avif"), fullBox("meta", 0, places)]),
    ],
  ])("%s", (_name, type, bytes) => {
    expect(() => inspectPicture(bytes, type)).toThrow(Error);
  });
});

describe("a picture of very many tiny parts is refused", () => {
  const many = (part: Buffer) => Buffer.concat(Array.from({ length: 60_000 }, () => part));
  const described = (...boxes: Buffer[]) =>
    Buffer.concat([box("ftyp", "avif"), fullBox("meta", 0, fullBox("pitm", 0, numbers(2, 1)), ...boxes)]);
  const properties = (...associations: Buffer[]) => box("iprp", box("ipco", ispe(40, 30)), ...associations);
  const item = fullBox("infe", 2, numbers(2, 1, 0), "Exif", "\0");
  // 255 properties of item 1; 60,000 places of one byte each.
  const association = fullBox("ipma", 0, numbers(4, 1), numbers(2, 1), numbers(1, 255), Buffer.alloc(255, 1));
  const places = fullBox("iloc", 0, numbers(2, 0x0100, 1, 1, 0, 60_000), Buffer.alloc(60_000, 1));
  test.each([
    ["PNG chunks that are kept", "image/png", png({ before: [many(pngChunk("tRNS"))] })],
    ["PNG chunks that are dropped", "image/png", png({ before: [many(pngChunk("tEXt"))] })],
    [
      "Exif chunks whose directory is missing",
      "image/png",
      png({ before: [many(pngChunk("eXIf", "MM\0*\0\0\0\x08"))] }),
    ],
    ["GIF frames", "image/gif", gif([many(gifFrame())])],
    ["JPEG segments", "image/jpeg", jpeg({ before: [many(jpegSegment(0xdb, ""))] })],
    ["WebP chunks", "image/webp", webp(webpHeader(0), many(lossless()))],
    [
      "AVIF properties of one picture",
      "image/avif",
      described(properties(...Array.from({ length: 300 }, () => association))),
    ],
    [
      "units of an AVIF's stream",
      "image/avif",
      heif({ items: [{ type: "av01", content: many(Buffer.from([0x12, 0])) }] }),
    ],
    ["samples of an AVIF", "image/avif", animation(...Array.from({ length: 60_000 }, () => Buffer.alloc(1)))],
    [
      "places of an AVIF's metadata",
      "image/avif",
      described(properties(), fullBox("iinf", 0, numbers(2, 1), item), places),
    ],
  ])("%s", (_name, type, bytes) => {
    expect(() => inspectPicture(bytes, type)).toThrow("too many parts");
  });
});

test("a JPEG with more scans than pictures have, each of which goes through all of its pixels, is a download", () => {
  expect(inspectPicture(jpegOfScans(800, 100), "image/jpeg")).toMatchObject({ width: 800, height: 800 });
  expect(() => inspectPicture(jpegOfScans(800, 101), "image/jpeg")).toThrow("too many scans");
});

test("a WebP with more frames than animations have, which each reader looks through for each of them, is a download", () => {
  expect(inspectPicture(webpOfFrames(5_000), "image/webp")).toMatchObject({ width: 1, isAnimated: true });
  expect(() => inspectPicture(webpOfFrames(5_001), "image/webp")).toThrow("too many frames");
});
