import { crc32 } from "node:zlib";

/** Stands in every piece of metadata that the builders add: no cleaned picture may hold it. */
export const secret = "59.9343N 30.3351E Phone 12";
/** Stands where the compressed pixels are: every cleaned picture holds it. */
export const pixels = "the compressed pixels";

const latin1 = (text: string) => Buffer.from(text, "latin1");

/** A TIFF structure with an orientation, and the secret as the name of the camera. */
export function tiff(orientation: number, order: "II" | "MM" = "MM"): Buffer<ArrayBuffer> {
  const bytes = Buffer.alloc(38 + secret.length);
  const [put16, put32] =
    order === "MM"
      ? [bytes.writeUInt16BE.bind(bytes), bytes.writeUInt32BE.bind(bytes)]
      : [bytes.writeUInt16LE.bind(bytes), bytes.writeUInt32LE.bind(bytes)];
  bytes.write(order, 0, "latin1");
  put16(42, 2);
  put32(8, 4);
  put16(2, 8);
  const entries = [
    [0x0110, 2, secret.length, 38],
    [0x0112, 3, 1, orientation],
  ] as const;
  for (const [index, [tag, type, count, value]] of entries.entries()) {
    const entry = 10 + index * 12;
    put16(tag, entry);
    put16(type, entry + 2);
    put32(count, entry + 4);
    if (type === 3) put16(value, entry + 8);
    else put32(value, entry + 8);
  }
  bytes.write(secret, 38, "latin1");
  return bytes;
}

export function jpegSegment(marker: number, content: Buffer | string): Buffer<ArrayBuffer> {
  const body = typeof content === "string" ? latin1(content) : content;
  const head = Buffer.from([0xff, marker, 0, 0]);
  head.writeUInt16BE(body.length + 2, 2);
  return Buffer.concat([head, body]);
}

export const jfif = jpegSegment(0xe0, Buffer.concat([latin1("JFIF\0"), Buffer.from([1, 2, 1, 0, 72, 0, 72, 0, 0])]));

export function jpegExif(orientation: number, order?: "II" | "MM"): Buffer<ArrayBuffer> {
  return jpegSegment(0xe1, Buffer.concat([latin1("Exif\0\0"), tiff(orientation, order)]));
}

interface JpegParts {
  width?: number;
  height?: number;
  before?: Buffer[];
  /** Between two scans. */
  between?: Buffer[];
  end?: Buffer;
  frame?: number;
}

export function jpeg({
  width = 40,
  height = 30,
  before = [],
  between,
  end,
  frame = 0xc0,
}: JpegParts = {}): Buffer<ArrayBuffer> {
  const size = Buffer.from([8, 0, 0, 0, 0, 1, 1, 0x11, 0]);
  size.writeUInt16BE(height, 1);
  size.writeUInt16BE(width, 3);
  const scan = [
    jpegSegment(0xda, Buffer.from([1, 1, 0, 0, 63, 0])),
    latin1(pixels),
    Buffer.from([0xff, 0, 1, 0xff, 0xd0]),
  ];
  return Buffer.concat([
    Buffer.from([0xff, 0xd8]),
    ...before,
    jpegSegment(0xdb, Buffer.alloc(65, 1)),
    jpegSegment(frame, size),
    jpegSegment(0xc4, Buffer.alloc(20, 1)),
    ...scan,
    ...(between ? [...between, ...scan] : []),
    end ?? Buffer.from([0xff, 0xd9]),
  ]);
}

export function pngChunk(type: string, content: Buffer | string = ""): Buffer<ArrayBuffer> {
  const body = Buffer.concat([latin1(type), typeof content === "string" ? latin1(content) : content]);
  const chunk = Buffer.alloc(body.length + 8);
  chunk.writeUInt32BE(body.length - 4, 0);
  body.copy(chunk, 4);
  chunk.writeUInt32BE(crc32(body), body.length + 4);
  return chunk;
}

interface PngParts {
  width?: number;
  height?: number;
  before?: Buffer[];
  after?: Buffer[];
  end?: Buffer[];
}

export function png({ width = 40, height = 30, before = [], after = [], end }: PngParts = {}): Buffer<ArrayBuffer> {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 2, 0, 0, 0], 8);
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    pngChunk("IHDR", header),
    ...before,
    pngChunk("IDAT", pixels),
    ...after,
    ...(end ?? [pngChunk("IEND")]),
  ]);
}

function gifBlocks(...texts: (string | Buffer)[]): Buffer<ArrayBuffer> {
  const blocks = texts.map((text) => (typeof text === "string" ? latin1(text) : text));
  return Buffer.concat([
    ...blocks.map((block) => Buffer.concat([Buffer.from([block.length]), block])),
    Buffer.alloc(1),
  ]);
}

export function gifExtension(label: number, ...blocks: (string | Buffer)[]): Buffer<ArrayBuffer> {
  return Buffer.concat([Buffer.from([0x21, label]), gifBlocks(...blocks)]);
}

export function gifFrame(width = 40, height = 30): Buffer<ArrayBuffer> {
  const head = Buffer.from([0x2c, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2]);
  head.writeUInt16LE(width, 5);
  head.writeUInt16LE(height, 7);
  return Buffer.concat([head, gifBlocks(pixels)]);
}

export function gif(
  blocks: Buffer[],
  { width = 40, height = 30, end = Buffer.from([0x3b]) } = {},
): Buffer<ArrayBuffer> {
  const head = Buffer.concat([latin1("GIF89a"), Buffer.from([0, 0, 0, 0, 0x80, 0, 0]), Buffer.alloc(6, 0x55)]);
  head.writeUInt16LE(width, 6);
  head.writeUInt16LE(height, 8);
  return Buffer.concat([head, ...blocks, end]);
}

export function webpChunk(type: string, content: Buffer | string): Buffer<ArrayBuffer> {
  const body = typeof content === "string" ? latin1(content) : content;
  const head = Buffer.alloc(8);
  head.write(type, 0, "latin1");
  head.writeUInt32LE(body.length, 4);
  return Buffer.concat([head, body, Buffer.alloc(body.length % 2)]);
}

export function lossy(width = 40, height = 30): Buffer<ArrayBuffer> {
  const head = Buffer.from([0x30, 1, 0, 0x9d, 0x01, 0x2a, 0, 0, 0, 0]);
  head.writeUInt16LE(width, 6);
  head.writeUInt16LE(height, 8);
  return webpChunk("VP8 ", Buffer.concat([head, latin1(pixels)]));
}

export function lossless(width = 40, height = 30): Buffer<ArrayBuffer> {
  const head = Buffer.alloc(5);
  head[0] = 0x2f;
  head.writeUInt32LE((width - 1) | ((height - 1) << 14), 1);
  return webpChunk("VP8L", Buffer.concat([head, latin1(pixels)]));
}

/** The extended header. */
export function webpHeader(flags: number, width = 40, height = 30): Buffer<ArrayBuffer> {
  const content = Buffer.alloc(10);
  content[0] = flags;
  content.writeUIntLE(width - 1, 4, 3);
  content.writeUIntLE(height - 1, 7, 3);
  return webpChunk("VP8X", content);
}

export function webp(...chunks: Buffer[]): Buffer<ArrayBuffer> {
  const body = Buffer.concat(chunks);
  const head = latin1("RIFF\0\0\0\0WEBP");
  head.writeUInt32LE(body.length + 4, 4);
  return Buffer.concat([head, body]);
}

/** An animation of one pixel. */
export function webpOfFrames(frames: number): Buffer<ArrayBuffer> {
  const frame = webpChunk("ANMF", Buffer.concat([Buffer.alloc(16), lossless(1, 1)]));
  return webp(webpHeader(2, 1, 1), webpChunk("ANIM", Buffer.alloc(6)), ...Array<Buffer>(frames).fill(frame));
}

/** A progressive JPEG of one colour, whose scans but the first change nothing. */
export function jpegOfScans(side: number, scans: number): Buffer {
  const blocks = Math.ceil(side / 8) ** 2;
  const oneCode = (table: number, value: number) =>
    jpegSegment(0xc4, Buffer.from([table, 1, ...Array<number>(15).fill(0), value]));
  const size = Buffer.alloc(4);
  size.writeUInt16BE(side, 0);
  size.writeUInt16BE(side, 2);
  // A code for 16,384 blocks of which there is nothing to say.
  const changesNothing = Buffer.concat([
    jpegSegment(0xda, Buffer.from([1, 1, 0, 1, 63, 0])),
    Buffer.alloc(Math.ceil((Math.ceil(blocks / 16_384) * 15) / 8)),
  ]);
  return Buffer.concat([
    Buffer.from([0xff, 0xd8]),
    jpegSegment(0xdb, Buffer.from([0, ...Array<number>(64).fill(16)])),
    jpegSegment(0xc2, Buffer.concat([Buffer.from([8]), size, Buffer.from([1, 1, 0x11, 0])])),
    oneCode(0x00, 0),
    oneCode(0x10, 0xe0),
    jpegSegment(0xda, Buffer.from([1, 1, 0, 0, 0, 0])),
    Buffer.alloc(Math.ceil(blocks / 8)),
    ...Array<Buffer>(scans - 1).fill(changesNothing),
    Buffer.from([0xff, 0xd9]),
  ]);
}
