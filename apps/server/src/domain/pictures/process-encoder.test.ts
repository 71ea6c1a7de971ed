import { randomBytes } from "node:crypto";
import sharp from "sharp";
import { afterEach, beforeEach, expect, test } from "vitest";
import { longestTurnOf } from "../../testing/longest-turn.ts";
import { heif, irot, ispe } from "../attachments/picture/testing/build-heif.ts";
import { jpegOfScans, webpOfFrames } from "../attachments/picture/testing/build-raster.ts";
import { ProcessEncoder } from "./process-encoder.ts";
import type { PictureShape } from "./shape.ts";

const face: PictureShape = { width: 64, height: 64, fit: "cover", isAnimated: true };
/** With the margin of a busy machine: 20 ms are felt by nobody. */
const feltMs = 60;

let encoder: ProcessEncoder;
let failures: string[];

beforeEach(() => {
  failures = [];
  encoder = new ProcessEncoder({ onFailure: ({ message }) => failures.push(message) });
});
afterEach(() => encoder.close());

function plain(width: number, height: number) {
  return sharp({ create: { width, height, channels: 3, background: "#4080c0" } });
}

/** The size that a PNG claims, with nothing behind it. */
async function claimed(width: number, height: number): Promise<Buffer> {
  const bytes = await plain(1, 1).png().toBuffer();
  bytes.writeUInt32BE(width, 16);
  bytes.writeUInt32BE(height, 20);
  bytes.writeUInt32BE(crc(bytes.subarray(12, 29)), 29);
  return bytes;
}

function crc(bytes: Uint8Array): number {
  let value = 0xffffffff;
  for (const byte of bytes) {
    value ^= byte;
    for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
  }
  return ~value >>> 0;
}

test("a photograph keeps neither its place nor anything else that a camera wrote, and is upright", async () => {
  const photograph = await plain(300, 200)
    .withExif({ IFD0: { Make: "Camera" }, IFD3: { GPSLatitude: "59/1 56/1 0/1", GPSLatitudeRef: "N" } })
    .withMetadata({ orientation: 6 })
    .jpeg()
    .toBuffer();
  expect(photograph.includes("Camera")).toBe(true);
  const { bytes, ...size } = await encoder.encode(photograph, { ...face, width: 100, height: 100, fit: "inside" });
  expect(size).toEqual({ width: 67, height: 100 });
  const found = await sharp(bytes).metadata();
  expect(found).toMatchObject({ format: "webp", width: 67, height: 100 });
  expect([found.exif, found.xmp, found.iptc, found.icc]).toEqual([undefined, undefined, undefined, undefined]);
  expect(Buffer.from(bytes).includes("Camera")).toBe(false);
});

test("an animation stays one only where it may", async () => {
  const frames = Buffer.alloc(20 * 20 * 3 * 4).map((_, i) => (i * 7) % 256);
  const raw = { width: 20, height: 60, channels: 4, pageHeight: 20 } as const;
  const animation = await sharp(frames.subarray(0, 20 * 60 * 4), { raw })
    .gif()
    .toBuffer();
  const [moving, still] = await Promise.all([
    encoder.encode(animation, face),
    encoder.encode(animation, { ...face, isAnimated: false }),
  ]);
  expect([moving.width, moving.height, still.height]).toEqual([64, 64, 64]);
  expect((await sharp(moving.bytes, { pages: -1 }).metadata()).pages).toBe(3);
  expect((await sharp(still.bytes, { pages: -1 }).metadata()).pages).toBeUndefined();
});

test.each<[string, () => Promise<Uint8Array>]>([
  ["text", async () => Buffer.from("not a picture")],
  ["nothing", async () => Buffer.alloc(0)],
  ["a drawing, which could name other files", async () => Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>')],
  ["a picture of more pixels than memory", () => claimed(30_000, 30_000)],
  ["a picture whose end is missing", async () => (await plain(500, 500).jpeg().toBuffer()).subarray(0, 900)],
])("%s is refused, and the next picture is encoded", async (_what, make) => {
  await expect(encoder.encode(await make(), face)).rejects.toMatchObject({ code: "invalid_request" });
  expect(await encoder.encode(await plain(10, 10).png().toBuffer(), face)).toMatchObject({ width: 64 });
  expect(failures).toEqual([]);
});

test("an animation of noise, which would be larger than all others together, is refused", async () => {
  const [side, frames] = [256, 100];
  const random = randomBytes(side * side * frames);
  const noise = Buffer.alloc(random.length * 3).map((_, at) => ((random[Math.floor(at / 3)] ?? 0) & 1) * 255);
  const raw = { width: side, height: side * frames, channels: 3, pageHeight: side } as const;
  const bytes = await sharp(noise, { raw }).webp({ lossless: true, effort: 0 }).toBuffer();
  const large = { ...face, width: side, height: side };
  await expect(encoder.encode(bytes, large)).rejects.toMatchObject({ code: "invalid_request" });
  expect(await encoder.encode(bytes, { ...large, isAnimated: false })).toMatchObject({ width: side });
});

test("a picture that takes too long is refused, its process is ended, and the next one is encoded", async () => {
  const slow = new ProcessEncoder({ deadlineMs: 1, onFailure: ({ message }) => failures.push(message) });
  const large = await plain(3_000, 3_000).png().toBuffer();
  await expect(slow.encode(large, face)).rejects.toMatchObject({ code: "invalid_request" });
  expect(failures).toEqual(["The encoding took too long."]);
  await slow.close();
  expect(await encoder.encode(large, face)).toMatchObject({ width: 64, height: 64 });
});

test("a JPEG with thousands of scans, which would take minutes, is refused at once", async () => {
  await encoder.encode(jpegOfScans(64, 1), face);
  const [few, many] = [jpegOfScans(2_000, 60), jpegOfScans(6_000, 2_000)];
  // As decoders read it: with what is no part of it before a segment.
  const withRest = Buffer.concat([many.subarray(0, 2), Buffer.from("rest"), many.subarray(2)]);
  expect(await encoder.encode(few, face)).toMatchObject({ width: 64, height: 64 });
  for (const bytes of [many, withRest]) {
    const startedAt = performance.now();
    await expect(encoder.encode(bytes, face)).rejects.toMatchObject({ code: "invalid_request" });
    expect(performance.now() - startedAt).toBeLessThan(3_000);
  }
  expect(failures).toEqual([]);
});

test("an animation with tens of thousands of frames, which its reader would count for minutes, is refused at once", async () => {
  await encoder.encode(jpegOfScans(64, 1), face);
  for (const isAnimated of [true, false]) {
    const startedAt = performance.now();
    const work = encoder.encode(webpOfFrames(90_000), { ...face, isAnimated });
    await expect(work).rejects.toMatchObject({ message: "The picture is too large." });
    expect(performance.now() - startedAt).toBeLessThan(3_000);
  }
  expect(failures).toEqual([]);
});

test("an AVIF that is turned dozens of times, or has many frames, which takes its reader all of its time, is refused at once", async () => {
  const avif = await plain(3_000, 3_000).avif({ effort: 0, quality: 10 }).toBuffer();
  const boxOf = (type: string) => {
    const start = avif.indexOf(type, 0, "latin1") - 4;
    return avif.subarray(start, start + avif.readUInt32BE(start));
  };
  const stream = boxOf("mdat").subarray(8);
  const of = (pictures: number, turns: number) => {
    const properties = [ispe(3_000, 3_000), boxOf("av1C"), ...Array.from({ length: turns }, () => irot(1))];
    return heif({ picture: Buffer.concat(Array.from({ length: pictures }, () => stream)), properties });
  };
  expect(await encoder.encode(of(1, 1), face)).toMatchObject({ width: 64, height: 64 });
  for (const bytes of [of(1, 60), of(40, 0)]) {
    const startedAt = performance.now();
    await expect(encoder.encode(bytes, face)).rejects.toMatchObject({ message: "The picture is too large." });
    expect(performance.now() - startedAt).toBeLessThan(2_000);
  }
  expect(failures).toEqual([]);
});

test("more pictures than can wait are refused, and the event loop goes on while fifty are encoded", async () => {
  const pictures = await Promise.all(
    Array.from({ length: 10 }, (_, i) =>
      plain(1_000 + i, 800)
        .jpeg()
        .toBuffer(),
    ),
  );
  await encoder.encode(pictures[0]!, face);
  const rounds = async () => {
    for (let round = 0; round < 5; round += 1) await Promise.all(pictures.map((one) => encoder.encode(one, face)));
  };
  expect(await longestTurnOf(rounds())).toBeLessThan(feltMs);
  const many = Array.from({ length: 60 }, () => encoder.encode(pictures[0]!, face));
  const codes = (await Promise.allSettled(many)).map((one) => (one.status === "rejected" ? one.reason.code : "ok"));
  expect(new Set(codes)).toEqual(new Set(["ok", "unavailable"]));
});
