import { strToU8, zipSync } from "fflate";
import { expect, test } from "vitest";
import { unzipPictures } from "./unzip.ts";

const archiveOf = (files: Record<string, Uint8Array>, name = "pack.zip") =>
  new File([new Uint8Array(zipSync(files))], name, { type: "application/zip" });
const zeros = (bytes: number) => new Uint8Array(bytes);
const reasons = ({ refused }: Awaited<ReturnType<typeof unzipPictures>>) =>
  refused.map(({ name, reason }) => [name, reason]);

test("pictures come out of folders under their own names, and what is none is named", async () => {
  const { pictures, ...rest } = await unzipPictures(
    archiveOf({
      "cat.png": strToU8("one"),
      "deep/er/Кот.WEBP": strToU8("two"),
      "../../etc/dance.gif": strToU8("three"),
      "readme.txt": strToU8("no"),
      "inner.zip": zipSync({ "x.png": strToU8("x") }),
      "no extension": strToU8("no"),
      "__MACOSX/._cat.png": strToU8("no"),
      ".hidden.png": strToU8("no"),
      "empty/": zeros(0),
    }),
  );
  expect(pictures.map(({ name, type }) => [name, type])).toEqual([
    ["cat.png", "image/png"],
    ["Кот.WEBP", "image/webp"],
    ["dance.gif", "image/gif"],
  ]);
  expect(await pictures[1]!.text()).toBe("two");
  expect(reasons({ pictures, ...rest })).toEqual([
    ["readme.txt", "noPicture"],
    ["inner.zip", "noPicture"],
    ["no extension", "noPicture"],
  ]);
});

test("a bomb is refused as soon as it is too large, whatever it says of its size, and the rest is taken", async () => {
  const packed = zipSync({ "bomb.png": zeros(300_000), "cat.png": strToU8("small") });
  // The size of the first file, in its header and in the directory, says 10 bytes.
  const view = new DataView(packed.buffer, packed.byteOffset, packed.byteLength);
  const size = [300_000 & 0xff, (300_000 >> 8) & 0xff, (300_000 >> 16) & 0xff, 0];
  for (let at = 0; at + 4 <= packed.length; at += 1) {
    if (size.every((byte, place) => packed[at + place] === byte)) view.setUint32(at, 10, true);
  }
  for (const archive of [
    archiveOf({ "bomb.png": zeros(300_000), "cat.png": strToU8("small") }),
    new File([new Uint8Array(packed)], "pack.zip"),
  ]) {
    const result = await unzipPictures(archive, { pictureBytes: 100_000 });
    expect(reasons(result)).toEqual([["bomb.png", "tooLarge"]]);
    expect(result.pictures.map(({ name }) => name)).toEqual(["cat.png"]);
  }
});

test("an archive is bounded in bytes, in all bytes together, in files and in time", async () => {
  const many = Object.fromEntries(Array.from({ length: 8 }, (_, at) => [`p${at}.png`, zeros(1_000)]));
  expect(reasons(await unzipPictures(archiveOf(many), { archiveBytes: 100 }))).toEqual([["pack.zip", "tooLarge"]]);
  const together = await unzipPictures(archiveOf(many), { allBytes: 4_500 });
  expect(together.pictures).toHaveLength(4);
  expect(reasons(together)).toEqual([
    ["p4.png", "tooLarge"],
    ["pack.zip", "tooMany"],
  ]);
  const files = await unzipPictures(archiveOf(many), { entries: 3 });
  expect(files.pictures).toHaveLength(3);
  expect(reasons(files)).toEqual([["pack.zip", "tooMany"]]);
  expect(reasons(await unzipPictures(archiveOf(many), { timeMs: -1 }))).toEqual([["pack.zip", "damaged"]]);
});

test("what is no archive, is cut off or damaged loses nothing else", async () => {
  expect(reasons(await unzipPictures(new File(["no archive at all"], "x.zip")))).toEqual([["x.zip", "noPicture"]]);
  expect(reasons(await unzipPictures(new File([], "x.zip")))).toEqual([["x.zip", "noPicture"]]);
  const noise = crypto.getRandomValues(zeros(40_000));
  const whole = zipSync({ "cat.png": strToU8("one"), "noise.png": noise });
  const cut = await unzipPictures(new File([new Uint8Array(whole.subarray(0, 20_000))], "x.zip"));
  expect(cut.pictures.map(({ name }) => name)).toEqual(["cat.png"]);
  expect(reasons(cut)).toContainEqual(["noise.png", "damaged"]);
  const packed = zipSync({ "a.png": strToU8("text ".repeat(500)), "b.png": strToU8("b") });
  packed.fill(0xff, 36, 60);
  const broken = await unzipPictures(new File([new Uint8Array(packed)], "x.zip"));
  expect(reasons(broken).length).toBeGreaterThan(0);
});
