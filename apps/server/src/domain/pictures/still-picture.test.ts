import { randomBytes } from "node:crypto";
import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import sharp from "sharp";
import { expect, test } from "vitest";
import { encodePicture } from "./encode-picture.ts";
import { stillPicture } from "./still-picture.ts";

test("a still is read as it is taken: until then its beginning alone is", async () => {
  const raw = { width: 200, height: 400, channels: 3, pageHeight: 200 } as const;
  const noise = await sharp(randomBytes(200 * 400 * 3), { raw })
    .webp({ effort: 0 })
    .toBuffer();
  const shape = { width: 200, height: 200, fit: "cover", isAnimated: true } as const;
  const bytes = Buffer.from((await encodePicture(noise, shape))!.bytes);
  let read = 0;
  const storage = {
    read: async (_key: string, range?: { start: number; end: number }) => {
      const part = range ? bytes.subarray(range.start, range.end + 1) : bytes;
      read += part.length;
      return Readable.from([part]);
    },
  };
  const context = { storage } as unknown as Parameters<typeof stillPicture>[0];
  const still = (await stillPicture(context, { id: "id", bytes: bytes.length }))!;
  expect(still.length).toBeGreaterThan(20_000);
  expect(read).toBe(4_096);
  const whole = await buffer(still.read());
  expect(whole.length).toBe(still.length);
  expect(await sharp(whole).metadata()).toMatchObject({ width: 200, height: 200 });
  expect((await sharp(whole, { pages: -1 }).metadata()).pages ?? 1).toBe(1);
});
