import type { InspectedSound } from "./inspected-sound.ts";

/** An own copy, since comments are overwritten. */
interface Page {
  bytes: Buffer;
  /** Where the packets' bytes begin. */
  body: number;
}

/** Where a packet lies, in the order of its bytes. */
type Packet = Buffer[];

interface Codec {
  /** Packets before the first that sounds. The second has the comments. */
  headers: number;
  channels: number;
  /** What a decoder would make of the packets, at most. */
  longestMs: (packets: readonly Packet[]) => number;
  /** Of the whole by the position of its last page. */
  durationMs: (position: number) => number;
}

/** Of Vorbis only the longest block's length is known without decoding; short blocks are up to sixteen times as many. */
const blockSpread = 16;
const longestMs = 10_000;

/** One stream of Opus or Vorbis. Throws `RangeError` when the bytes end too early. */
export function ogg(given: Buffer): InspectedSound | null {
  const bytes = Buffer.from(given);
  const pages = pagesOf(bytes);
  const packets = pages && packetsOf(pages);
  const codec = packets?.[0] && (opus(packets[0]) ?? vorbis(packets[0]));
  if (!pages || !packets || !codec || codec.channels < 1 || codec.channels > 2) return null;
  const sounding = packets.slice(codec.headers);
  if (sounding.length === 0 || codec.longestMs(sounding) > longestMs) return null;
  const position = Number(pages.at(-1)!.bytes.readBigInt64LE(6));
  const durationMs = Math.ceil(codec.durationMs(position));
  if (!(durationMs > 0)) return null;
  eraseComments(packets[1]!);
  for (const page of pages) page.bytes.writeUInt32LE(checksum(page.bytes), 22);
  return { contentType: "audio/ogg", durationMs, parts: pages.map((page) => page.bytes) };
}

/** Null unless all pages are of one stream that begins with the first. */
function pagesOf(bytes: Buffer): Page[] | null {
  const pages: Page[] = [];
  for (let at = 0; at < bytes.length;) {
    if (bytes.toString("latin1", at, at + 4) !== "OggS") return null;
    const segments = bytes.readUInt8(at + 26);
    const body = 27 + segments;
    const size = bytes.subarray(at + 27, at + body).reduce((sum, length) => sum + length, body);
    if (at + size > bytes.length) return null;
    const page = { bytes: bytes.subarray(at, at + size), body };
    const isFirst = (page.bytes.readUInt8(5) & 2) !== 0;
    const isSame = page.bytes.readUInt32LE(14) === bytes.readUInt32LE(14);
    if (isFirst !== (at === 0) || !isSame) return null;
    pages.push(page);
    at += size;
  }
  return pages.length > 0 ? pages : null;
}

/** Null when a page does not go on with what is open: a decoder would drop that, and find another packet there. */
function packetsOf(pages: readonly Page[]): Packet[] | null {
  const packets: Packet[] = [];
  let open: Packet = [];
  for (const { bytes, body } of pages) {
    const isContinued = (bytes.readUInt8(5) & 1) !== 0;
    if (isContinued !== open.length > 0) return null;
    let at = body;
    for (const length of bytes.subarray(27, body)) {
      open.push(bytes.subarray(at, at + length));
      at += length;
      // A packet ends with a segment that is not full.
      if (length === 255) continue;
      packets.push(open);
      open = [];
    }
  }
  return packets;
}

function opus(first: Packet): Codec | null {
  const head = Buffer.concat(first);
  if (head.toString("latin1", 0, 8) !== "OpusHead") return null;
  const skipped = head.readUInt16LE(10);
  return {
    headers: 2,
    channels: head.readUInt8(9),
    longestMs: (packets) => packets.reduce((sum, packet) => sum + opusMs(Buffer.concat(packet)), 0),
    durationMs: (position) => (position - skipped) / 48,
  };
}

/** Of a packet, by its first byte: how long a frame is, and how many there are. No packet is empty. */
function opusMs(packet: Buffer): number {
  const toc = packet.readUInt8(0);
  const kind = toc >>> 3;
  const silk = [10, 20, 40, 60];
  const frameMs = kind < 12 ? silk[kind & 3]! : kind < 16 ? 10 * (1 + (kind & 1)) : 2.5 * 2 ** (kind & 3);
  const count = [1, 2, 2][toc & 3] ?? packet.readUInt8(1) & 63;
  return frameMs * count;
}

function vorbis(first: Packet): Codec | null {
  const head = Buffer.concat(first);
  if (head.toString("latin1", 0, 7) !== "\x01vorbis") return null;
  const rate = head.readUInt32LE(12);
  if (rate < 4_000 || rate > 192_000) return null;
  const longestBlock = 2 ** (head.readUInt8(28) >>> 4);
  return {
    headers: 3,
    channels: head.readUInt8(11),
    longestMs: (packets) => (packets.length * longestBlock * 500) / rate / blockSpread,
    durationMs: (position) => (position * 1_000) / rate,
  };
}

/** The comments' packet keeps its length: one name of a program, of spaces, and no comment. */
function eraseComments(packet: Packet): void {
  const bytes = Buffer.concat(packet);
  const isOpus = bytes.toString("latin1", 0, 8) === "OpusTags";
  const [start, end] = [isOpus ? 8 : 7, isOpus ? 0 : 1];
  const named = bytes.length - start - 8 - end;
  if (named < 0) throw new RangeError("The comments are too short.");
  bytes.fill(0x20, start);
  bytes.writeUInt32LE(named, start);
  bytes.writeUInt32LE(0, start + 4 + named);
  if (end === 1) bytes.writeUInt8(1, bytes.length - 1);
  let at = 0;
  for (const part of packet) {
    bytes.copy(part, 0, at, at + part.length);
    at += part.length;
  }
}

const table = Array.from({ length: 256 }, (_, index) => {
  let value = index << 24;
  for (let bit = 0; bit < 8; bit += 1) value = value < 0 ? (value << 1) ^ 0x04c11db7 : value << 1;
  return value;
});

/** Of a page, whose own four bytes count as zeros. */
function checksum(page: Buffer): number {
  let value = 0;
  for (let at = 0; at < page.length; at += 1) {
    const byte = at >= 22 && at < 26 ? 0 : page[at]!;
    value = (value << 8) ^ table[(value >>> 24) ^ byte]!;
  }
  return value >>> 0;
}
