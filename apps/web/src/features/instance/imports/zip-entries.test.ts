import { Zip, ZipDeflate, zipSync, type Zippable } from "fflate";
import { expect, test } from "vitest";
import { chosenExport, partsOf } from "./chosen-export.ts";
import { DamagedArchive, readZip } from "./zip-entries.ts";

const bytes = (text: string) => new TextEncoder().encode(text);
const archive = (files: Zippable, name = "export.zip") => new File([zipSync(files)], name);

async function textFrom(parts: AsyncIterable<Blob>): Promise<string> {
  let text = "";
  for await (const part of parts) text += await part.text();
  return text;
}

/** Where the first such signature stands. */
function indexOf(buffer: Uint8Array, signature: readonly number[]): number {
  return buffer.findIndex((_, at) => signature.every((byte, place) => buffer[at + place] === byte));
}
const listHeader = [0x50, 0x4b, 0x01, 0x02];

async function patched(file: File, at: number, values: readonly number[]): Promise<File> {
  const buffer = new Uint8Array(await file.arrayBuffer());
  const header = indexOf(buffer, listHeader);
  buffer.set(values, header + at);
  return new File([buffer], file.name);
}

test("files that are packed and files that are not come out as they were, from any byte on", async () => {
  const long = "abc ".repeat(50_000);
  const { entries, refused } = await readZip(
    archive({ "Old/a.json": bytes(long), "Old/b.txt": [bytes("plain"), { level: 0 }], "Old/empty": bytes("") }),
  );
  expect(refused).toEqual([]);
  expect(entries.map(({ path, size }) => [path, size])).toEqual([
    ["Old/a.json", 200_000],
    ["Old/b.txt", 5],
    ["Old/empty", 0],
  ]);
  expect(await textFrom(entries[0]!.read(0))).toBe(long);
  expect(await textFrom(entries[0]!.read(199_990))).toBe(long.slice(199_990));
  expect(await textFrom(entries[1]!.read(2))).toBe("ain");
  expect(await textFrom(entries[2]!.read(0))).toBe("");
});

test("an archive that was written as a stream is read", async () => {
  const parts: Uint8Array<ArrayBuffer>[] = [];
  const zip = new Zip((_error, part) => parts.push(new Uint8Array(part)));
  for (const [name, text] of [
    ["a.json", "{}"],
    ["б.txt", "текст"],
  ] as const) {
    const file = new ZipDeflate(name);
    zip.add(file);
    file.push(bytes(text), true);
  }
  zip.end();
  const { entries } = await readZip(new Blob(parts));
  expect(entries.map(({ path }) => path)).toEqual(["a.json", "б.txt"]);
  expect(await textFrom(entries[1]!.read(0))).toBe("текст");
});

test("names that lead out of the archive, links and encrypted files are refused, and the others taken", async () => {
  const hostile = ["../up.json", "/etc/passwd", "a/../../b", "C:/x", "..\\up.json", "a//b", "x\u0000y"];
  const files = Object.fromEntries(hostile.map((name) => [name, bytes("x")]));
  const link = [bytes("/etc/passwd"), { os: 3, attrs: 0o120777 << 16 }] as const;
  const { entries, refused } = await readZip(archive({ ...files, link: [...link], "fine.json": bytes("{}") }));
  expect(entries.map(({ path }) => path)).toEqual(["fine.json"]);
  expect(Object.fromEntries(refused.map(({ name, reason }) => [name, reason]))).toEqual({
    ...Object.fromEntries(hostile.map((name) => [name, "hostile"])),
    link: "link",
  });
  const encrypted = await patched(archive({ "a.json": bytes("{}") }), 8, [1, 0]);
  expect((await readZip(encrypted)).refused).toEqual([{ name: "a.json", reason: "encrypted" }]);
  const packed = await patched(archive({ "a.json": bytes("{}") }), 10, [14, 0]);
  expect((await readZip(packed)).refused).toEqual([{ name: "a.json", reason: "packed" }]);
});

test("of a bomb never more comes out than it says of itself, and then it is damaged", async () => {
  const bomb = await patched(archive({ "a.json": bytes("0".repeat(20_000_000)) }), 24, [100, 0, 0, 0]);
  const { entries } = await readZip(bomb);
  let size = 0;
  const reading = (async () => {
    for await (const part of entries[0]!.read(0)) size += part.size;
  })();
  await expect(reading).rejects.toThrow(DamagedArchive);
  expect(size).toBeLessThanOrEqual(100);
  const short = await patched(archive({ "a.json": bytes("0".repeat(1_000)) }), 24, [0, 0, 1, 0]);
  await expect(textFrom((await readZip(short)).entries[0]!.read(0))).rejects.toThrow(DamagedArchive);
});

test("what is no archive, or one that is cut off, is damaged", async () => {
  const whole = new Uint8Array(await archive({ "a.json": bytes("{}") }).arrayBuffer());
  for (const part of [new Uint8Array(), bytes("no archive"), whole.slice(0, -5), whole.slice(20)]) {
    await expect(readZip(new Blob([part]))).rejects.toThrow(DamagedArchive);
  }
  const end = indexOf(whole, [0x50, 0x4b, 0x05, 0x06]);
  const many = whole.slice();
  many.set([0xff, 0x7f], end + 10);
  await expect(readZip(new Blob([many]))).rejects.toThrow(DamagedArchive);
});

test("the bytes of an export are cut into equal parts, from where an upload was cut off", async () => {
  const single = new File(["0123456789"], "c.json");
  const { files, refused } = await chosenExport([
    archive({ "a.json": bytes("abcdef"), ".DS_Store": bytes("x"), "__MACOSX/a": bytes("x") }),
    single,
    new File(["broken"], "broken.zip"),
  ]);
  expect(files.map(({ path }) => path)).toEqual(["a.json", "c.json"]);
  expect(refused).toEqual([{ name: "broken.zip", reason: "damaged" }]);
  const placed = [
    { start: 0, file: files[0]! },
    { start: 6, file: files[1]! },
  ];
  const parts = async (from: number) => {
    const found: string[] = [];
    for await (const part of partsOf(placed, from, 4)) found.push(await part.text());
    return found;
  };
  expect(await parts(0)).toEqual(["abcd", "ef01", "2345", "6789"]);
  expect(await parts(5)).toEqual(["f012", "3456", "789"]);
  expect(await parts(16)).toEqual([]);
});
