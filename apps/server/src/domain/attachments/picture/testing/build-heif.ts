import { pixels } from "./build-raster.ts";

const latin1 = (text: string) => Buffer.from(text, "latin1");

export function box(type: string, ...content: (Buffer | string)[]): Buffer<ArrayBuffer> {
  const body = Buffer.concat(content.map((part) => (typeof part === "string" ? latin1(part) : part)));
  const head = Buffer.alloc(8);
  head.writeUInt32BE(body.length + 8, 0);
  head.write(type, 4, "latin1");
  return Buffer.concat([head, body]);
}

/** With a version and no flags. */
export function fullBox(type: string, version: number, ...content: (Buffer | string)[]): Buffer<ArrayBuffer> {
  return box(type, Buffer.from([version, 0, 0, 0]), ...content);
}

export function numbers(size: 1 | 2 | 4, ...values: number[]): Buffer<ArrayBuffer> {
  const bytes = Buffer.alloc(size * values.length);
  for (const [index, value] of values.entries()) bytes.writeUIntBE(value, index * size, size);
  return bytes;
}

export const ispe = (width: number, height: number) => fullBox("ispe", 0, numbers(4, width, height));
export const irot = (quarters: number) => box("irot", numbers(1, quarters));
/** The part of this size whose middle is this far from the picture's. */
export const clap = (width: number, height: number, right = 0, down = 0) =>
  box("clap", numbers(4, width, 1, height, 1, right >>> 0, 1, down >>> 0, 1));

interface HeifItem {
  type: string;
  content: string | Buffer;
  /** Lies in `idat` instead of `mdat`. */
  isInMeta?: boolean;
}

interface HeifParts {
  brand?: string;
  /** The stream of the picture, which is otherwise none. */
  picture?: Buffer | string;
  properties?: Buffer[];
  /** Beside the picture, which is item 1. */
  items?: HeifItem[];
  /** At the top, at the end. */
  after?: Buffer[];
}

/** One picture with these properties, and items beside it. */
export function heif({
  brand = "avif",
  picture = pixels,
  properties = [ispe(40, 30)],
  items = [],
  after = [],
}: HeifParts = {}): Buffer<ArrayBuffer> {
  const all: HeifItem[] = [{ type: "av01", content: picture }, ...items];
  const contentOf = ({ content }: HeifItem) => (typeof content === "string" ? latin1(content) : content);
  const ftyp = box("ftyp", brand, numbers(4, 0), brand, "mif1");
  const build = (dataStart: number): Buffer => {
    let [offset, metaOffset] = [dataStart, 0];
    const places = all.map((item, index) => {
      const { length } = contentOf(item);
      const start = item.isInMeta ? metaOffset : offset;
      if (item.isInMeta) metaOffset += length;
      else offset += length;
      return Buffer.concat([numbers(2, index + 1, item.isInMeta ? 1 : 0, 0, 1), numbers(4, start, length)]);
    });
    const entries = all.map(({ type }, index) =>
      fullBox("infe", 2, numbers(2, index + 1, 0), type, "\0", type === "mime" ? "application/rdf+xml\0" : ""),
    );
    const indices = properties.map((_, index) => index + 1);
    return fullBox(
      "meta",
      0,
      fullBox("hdlr", 0, numbers(4, 0), "pict", numbers(4, 0, 0, 0), "\0"),
      fullBox("pitm", 0, numbers(2, 1)),
      fullBox("iloc", 1, numbers(1, 0x44, 0), numbers(2, all.length), ...places),
      fullBox("iinf", 0, numbers(2, entries.length), ...entries),
      box(
        "iprp",
        box("ipco", ...properties),
        fullBox("ipma", 0, numbers(4, 1), numbers(2, 1), numbers(1, indices.length, ...indices)),
      ),
      box("idat", ...all.filter(({ isInMeta }) => isInMeta).map(contentOf)),
    );
  };
  const dataStart = ftyp.length + build(0).length + 8;
  const data = box("mdat", ...all.filter(({ isInMeta }) => !isInMeta).map(contentOf));
  return Buffer.concat([ftyp, build(dataStart), data, ...after]);
}

/** An animation: a track of this size, with times and a description. */
export function movie(width: number, height: number, description: string): Buffer<ArrayBuffer> {
  const times = numbers(4, 0xdeadbeef, 0xdeadbeef);
  const tail = Buffer.concat([Buffer.alloc(60), numbers(4, width * 65_536, height * 65_536)]);
  return box(
    "moov",
    fullBox("mvhd", 0, times, Buffer.alloc(88)),
    box(
      "trak",
      fullBox("tkhd", 0, times, numbers(4, 1, 0, 0), tail.subarray(8)),
      box("udta", description),
      box("mdia", fullBox("mdhd", 0, times, numbers(4, 1_000, 0, 0))),
    ),
    box("udta", description),
  );
}

/** A unit of an AV1 stream, with its size. */
function unit(type: number, content: Buffer): Buffer<ArrayBuffer> {
  return Buffer.concat([numbers(1, type * 8 + 2, content.length), content]);
}

/** Numbers of so many bits, one after the other. */
function bits(...fields: (readonly [count: number, value: number])[]): Buffer<ArrayBuffer> {
  const digits = fields.map(([count, value]) => value.toString(2).padStart(count, "0")).join("");
  const bytes = digits.match(/.{1,8}/g) ?? [];
  return numbers(1, ...bytes.map((byte) => Number.parseInt(byte.padEnd(8, "0"), 2)));
}

const sides = (width: number, height: number) =>
  [
    [4, 15],
    [4, 15],
    [16, width - 1],
    [16, height - 1],
  ] as const;

/** The beginning of an AV1 stream of one picture of this size. */
export function pictureStream(width: number, height: number): Buffer<ArrayBuffer> {
  const header = bits([3, 0], [1, 1], [1, 1], [5, 31], ...sides(width, height));
  return Buffer.concat([unit(2, Buffer.alloc(0)), unit(1, header)]);
}

/** The frames of an AV1 stream, empty as they are. */
export function frames(count: number): Buffer<ArrayBuffer> {
  return Buffer.concat(Array.from({ length: count }, () => unit(6, Buffer.alloc(0))));
}

/** The beginning of an AV1 stream that moves, with all that its header may say before the size. */
export function movingStream(width: number, height: number): Buffer<ArrayBuffer> {
  const timing = [
    [1, 1],
    [32, 1],
    [32, 60],
    [1, 1],
    [1, 0],
    [1, 1],
    [1, 1],
  ] as const;
  const decoder = [
    [1, 1],
    [5, 9],
    [32, 1],
    [5, 9],
    [5, 9],
  ] as const;
  const point = [
    [12, 1],
    [5, 8],
    [1, 1],
    [1, 1],
    [10, 5],
    [10, 5],
    [1, 0],
    [1, 1],
    [4, 3],
  ] as const;
  const header = bits(
    [3, 0],
    [1, 0],
    [1, 0],
    ...timing,
    ...decoder,
    [1, 1],
    [5, 1],
    ...point,
    ...point,
    ...sides(width, height),
  );
  return unit(1, header);
}

/** An animation whose track names these frames, of which it says that they are small. */
export function animation(...frames: Buffer[]): Buffer<ArrayBuffer> {
  const build = (start: number) => {
    const table = box(
      "stbl",
      fullBox("stsc", 0, numbers(4, 1, 1, frames.length, 1)),
      fullBox("stsz", 0, numbers(4, 0, frames.length, ...frames.map(({ length }) => length))),
      fullBox("stco", 0, numbers(4, 1, start)),
    );
    const tail = Buffer.concat([Buffer.alloc(72), numbers(4, 40 * 65_536, 30 * 65_536)]);
    const track = box("trak", fullBox("tkhd", 0, tail), box("mdia", box("minf", table)));
    return Buffer.concat([box("ftyp", "avis", numbers(4, 0), "avis"), box("moov", track)]);
  };
  return Buffer.concat([build(build(0).length + 8), box("mdat", ...frames)]);
}
