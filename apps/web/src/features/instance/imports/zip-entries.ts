/** A file in an archive, as the archive describes it. */
interface ZipEntry {
  /** With `/` between folders, below the archive. */
  path: string;
  /** Unpacked. */
  size: number;
  /** The bytes from this one on. Rejects with `DamagedArchive` when they are not what the archive says. */
  read: (from: number) => AsyncGenerator<Blob>;
}

export type RefusedEntry = "hostile" | "link" | "encrypted" | "packed";

export interface ZipContents {
  entries: readonly ZipEntry[];
  refused: readonly { name: string; reason: RefusedEntry }[];
}

/** The archive is none, is cut off, or says of itself what is not so. */
export class DamagedArchive extends Error {
  override readonly name = "DamagedArchive";
}

const endBytes = 22;
const headerBytes = 46;
const localBytes = 30;
const longestComment = 65_535;
const mostEntries = 100_000;
/** Of the list of files at the archive's end, which is in memory as a whole. */
const mostListBytes = 64 * 1024 * 1024;
const stepBytes = 8 * 1024 * 1024;
const signatures = { end: 0x06054b50, end64: 0x06064b50, locator: 0x07064b50, header: 0x02014b50, local: 0x04034b50 };
/** Of a field that stands in the entry's extra field, for it has no room here. */
const elsewhere = 0xffffffff;
const stored = 0;
const deflated = 8;
const link = 0xa000;

/**
 * What is in a zip archive of any size: only its list is read, and each file when it is asked for. A name that leads out of the
 * archive is refused with its file, and so is a link: nothing on any disk is called as an archive says.
 */
export async function readZip(archive: Blob): Promise<ZipContents> {
  const { at, bytes, count } = await listOf(archive);
  if (count > mostEntries || bytes > mostListBytes || at + bytes > archive.size) throw new DamagedArchive();
  const list = await view(archive, at, bytes);
  const entries: ZipEntry[] = [];
  const refused: ZipContents["refused"][number][] = [];
  for (let offset = 0, number = 0; number < count; number += 1) {
    const header = headerAt(list, offset);
    offset += header.length;
    if (header.name.endsWith("/")) continue;
    const reason = refusal(header);
    if (reason !== null) refused.push({ name: header.name, reason });
    else entries.push({ path: header.path, size: header.size, read: (from) => unpacked(archive, header, from) });
  }
  return { entries, refused };
}

async function view(archive: Blob, at: number, length: number): Promise<DataView> {
  const bytes = await archive.slice(at, at + length).arrayBuffer();
  if (at < 0 || bytes.byteLength < length) throw new DamagedArchive();
  return new DataView(bytes);
}

/** Where the list of files is. */
async function listOf(archive: Blob): Promise<{ at: number; bytes: number; count: number }> {
  const length = Math.min(archive.size, endBytes + longestComment);
  const tail = await view(archive, archive.size - length, length);
  for (let at = length - endBytes; at >= 0; at -= 1) {
    if (tail.getUint32(at, true) !== signatures.end) continue;
    const list = {
      count: tail.getUint16(at + 10, true),
      bytes: tail.getUint32(at + 12, true),
      at: tail.getUint32(at + 16, true),
    };
    const isLarge = list.count === 0xffff || list.bytes === elsewhere || list.at === elsewhere;
    return isLarge ? largeListOf(archive, archive.size - length + at) : list;
  }
  throw new DamagedArchive();
}

/** Of an archive above 4 GB, or with more than 65,535 files. */
async function largeListOf(archive: Blob, endAt: number) {
  const locator = await view(archive, endAt - 20, 20);
  if (locator.getUint32(0, true) !== signatures.locator) throw new DamagedArchive();
  const end = await view(archive, large(locator, 8), 56);
  if (end.getUint32(0, true) !== signatures.end64) throw new DamagedArchive();
  return { count: large(end, 32), bytes: large(end, 40), at: large(end, 48) };
}

function large(bytes: DataView, at: number): number {
  const value = bytes.getBigUint64(at, true);
  if (value > BigInt(Number.MAX_SAFE_INTEGER)) throw new DamagedArchive();
  return Number(value);
}

interface Header {
  /** As the archive has it. */
  name: string;
  path: string;
  method: number;
  isEncrypted: boolean;
  isLink: boolean;
  size: number;
  packedSize: number;
  /** Of the file's own header in the archive. */
  at: number;
  /** Of this header. */
  length: number;
}

function headerAt(list: DataView, offset: number): Header {
  if (offset + headerBytes > list.byteLength || list.getUint32(offset, true) !== signatures.header)
    throw new DamagedArchive();
  const [nameLength, extraLength, commentLength] = [28, 30, 32].map((at) => list.getUint16(offset + at, true)) as [
    number,
    number,
    number,
  ];
  const length = headerBytes + nameLength + extraLength + commentLength;
  if (offset + length > list.byteLength) throw new DamagedArchive();
  const name = new TextDecoder().decode(
    new Uint8Array(list.buffer, list.byteOffset + offset + headerBytes, nameLength),
  );
  const sizes = {
    size: list.getUint32(offset + 24, true),
    packedSize: list.getUint32(offset + 20, true),
    at: list.getUint32(offset + 42, true),
  };
  const extra = new DataView(list.buffer, list.byteOffset + offset + headerBytes + nameLength, extraLength);
  return {
    name,
    path: name.replaceAll("\\", "/"),
    method: list.getUint16(offset + 10, true),
    isEncrypted: (list.getUint16(offset + 8, true) & 1) === 1,
    isLink: ((list.getUint32(offset + 38, true) >>> 16) & 0xf000) === link,
    ...largeSizes(sizes, extra),
    length,
  };
}

type Sizes = Record<"size" | "packedSize" | "at", number>;

/** In the order in which the extra field has those that have no room in the header. */
function largeSizes(sizes: Sizes, extra: DataView): Sizes {
  const found = { ...sizes };
  for (let at = 0; at + 4 <= extra.byteLength;) {
    const length = extra.getUint16(at + 2, true);
    if (extra.getUint16(at, true) === 1) {
      let next = at + 4;
      for (const name of ["size", "packedSize", "at"] as const) {
        if (sizes[name] !== elsewhere) continue;
        if (next + 8 > Math.min(at + 4 + length, extra.byteLength)) throw new DamagedArchive();
        found[name] = large(extra, next);
        next += 8;
      }
      return found;
    }
    at += 4 + length;
  }
  return found;
}

function refusal({ path, method, isEncrypted, isLink }: Header): RefusedEntry | null {
  const isAbsolute = path.startsWith("/") || /^[a-z]:/i.test(path);
  if (isAbsolute || path.split("/").some((part) => ["", ".", ".."].includes(part)) || /\p{Cc}/u.test(path))
    return "hostile";
  if (isLink) return "link";
  if (isEncrypted) return "encrypted";
  return method === stored || method === deflated ? null : "packed";
}

async function* unpacked(archive: Blob, { at, method, size, packedSize }: Header, from: number): AsyncGenerator<Blob> {
  const local = await view(archive, at, localBytes);
  if (local.getUint32(0, true) !== signatures.local) throw new DamagedArchive();
  const start = at + localBytes + local.getUint16(26, true) + local.getUint16(28, true);
  if (start + packedSize > archive.size) throw new DamagedArchive();
  const packed = archive.slice(start, start + packedSize);
  if (method === deflated) return yield* inflated(packed, size, from);
  if (packedSize !== size) throw new DamagedArchive();
  for (let next = from; next < size; next += stepBytes) yield packed.slice(next, Math.min(next + stepBytes, size));
}

/** Never more than the archive says, whatever is in it. */
async function* inflated(packed: Blob, size: number, from: number): AsyncGenerator<Blob> {
  const reader = packed.stream().pipeThrough(new DecompressionStream("deflate-raw")).getReader();
  let at = 0;
  try {
    for (;;) {
      const { value, done } = await reader.read().catch((cause: unknown) => {
        throw new DamagedArchive("", { cause });
      });
      if (done) break;
      const end = at + value.length;
      if (end > size) throw new DamagedArchive();
      if (end > from) yield new Blob([value.subarray(Math.max(0, from - at))]);
      at = end;
    }
  } finally {
    void reader.cancel().catch(() => {});
  }
  if (at !== size) throw new DamagedArchive();
}
