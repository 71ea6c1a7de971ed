import { expect, test } from "vitest";
import { colourOf, framesOf, movingGif, movingWebp } from "../../../testing/moving-picture.ts";
import { firstFrameOf, firstFrameParts } from "./first-frame.ts";
import { inspectPicture } from "./inspect-picture.ts";

test.each([
  ["image/gif", movingGif],
  ["image/webp", movingWebp],
] as const)("the first frame of %s is a picture of its own in the first colour", async (type, make) => {
  const { parts } = inspectPicture(await make(), type)!;
  const cleaned = Buffer.concat(parts);
  const still = firstFrameOf(cleaned, type)!;
  expect(await framesOf(still)).toEqual({ frames: 1, width: 60, height: 40 });
  expect(await colourOf(still)).toBe("f00");
  for (let length = 0; length < still.length - 1; length += 1) {
    expect(firstFrameOf(cleaned.subarray(0, length), type), String(length)).toBeNull();
  }
});

test("an animated PNG's still is what readers show who know no animations", async () => {
  const chunk = (type: string, content = Buffer.alloc(0)) => {
    const body = Buffer.concat([Buffer.from(type, "latin1"), content]);
    const length = Buffer.alloc(4);
    length.writeUInt32BE(content.length);
    return Buffer.concat([length, body, Buffer.alloc(4)]);
  };
  const [start, head, data, end] = [
    Buffer.from("89504e470d0a1a0a", "hex"),
    chunk("IHDR"),
    chunk("IDAT", Buffer.from("abc")),
    chunk("IEND"),
  ];
  const animated = [start, head, chunk("acTL"), chunk("fcTL"), data, data, chunk("fcTL"), chunk("fdAT"), end];
  const still = firstFrameOf(Buffer.concat(animated), "image/apng")!;
  const crc = Buffer.from("0000000049454e44ae426082", "hex");
  expect(still).toEqual(Buffer.concat([start, head, data, data, crc]));
  expect(firstFrameOf(Buffer.concat([start, head, data]), "image/apng")).toBeNull();
});

test("is named by its places in the file, of which nothing is copied", async () => {
  const cleaned = Buffer.concat(inspectPicture(await movingWebp(), "image/webp")!.parts);
  const [header, stretch] = firstFrameParts(cleaned, "image/webp")!;
  expect(Buffer.isBuffer(header) && header.buffer.byteLength).toBe(21);
  expect(stretch).toEqual({ start: 21, end: firstFrameOf(cleaned, "image/webp")!.length });
});

// Each is a file that was cleaned and may be asked for as often as others: that took 20 ms of everybody's time each time.
test("of more blocks or chunks than encoders make is not looked for", () => {
  const head = Buffer.from("474946383961010001000000002c0000000001000100000002", "hex");
  const gif = Buffer.concat([head, Buffer.alloc(2_000_000, "01ff", "hex"), Buffer.from("003b", "hex")]);
  expect(firstFrameOf(gif, "image/gif")).toBeNull();
  const chunk = Buffer.concat([Buffer.alloc(4), Buffer.from("tRNS"), Buffer.alloc(4)]);
  const data = Buffer.concat([Buffer.alloc(4), Buffer.from("IDAT"), Buffer.alloc(4)]);
  const apng = [Buffer.alloc(8), ...Array.from({ length: 30_000 }, () => chunk), data, chunk];
  expect(firstFrameOf(Buffer.concat(apng), "image/apng")).toBeNull();
  const control = Buffer.concat([Buffer.alloc(4), Buffer.from("fcTL"), Buffer.alloc(4)]);
  const mixed = [Buffer.alloc(8), ...Array.from({ length: 100 }, () => [chunk, control]).flat(), data, chunk];
  expect(firstFrameOf(Buffer.concat(mixed), "image/apng")).toBeNull();
});

test("of another type, or of what is no picture, there is none", () => {
  expect(firstFrameOf(Buffer.from("text"), "text/plain")).toBeNull();
  for (const type of ["image/gif", "image/webp", "image/apng"]) {
    expect(firstFrameOf(Buffer.alloc(40), type)).toBeNull();
    expect(firstFrameOf(Buffer.alloc(0), type)).toBeNull();
  }
});
