import { Unzip, UnzipInflate, type UnzipFile } from "fflate";

/** Why a file of an archive is left out. */
export type RefusedReason = "noPicture" | "tooLarge" | "tooMany" | "damaged";

export interface Unzipped {
  pictures: readonly File[];
  refused: readonly { name: string; reason: RefusedReason }[];
}

export interface UnzipLimits {
  /** Of the archive, of one unpacked picture, and of all of them. */
  archiveBytes: number;
  pictureBytes: number;
  allBytes: number;
  /** Files in the archive, pictures or not. */
  entries: number;
  timeMs: number;
}

const mebibyte = 1024 * 1024;
const usual: UnzipLimits = {
  archiveBytes: 64 * mebibyte,
  // What the server takes.
  pictureBytes: 8 * mebibyte,
  allBytes: 128 * mebibyte,
  entries: 500,
  timeMs: 30_000,
};

/** Bytes of the archive that are read at once: of a bomb they become a thousand times as many. */
const stepBytes = 16 * 1024;

const types: Readonly<Record<string, string>> = {
  png: "image/png",
  jpg: "image/jpeg",
  jpeg: "image/jpeg",
  gif: "image/gif",
  webp: "image/webp",
  avif: "image/avif",
};

/**
 * The pictures in a zip archive, each under the name of its file without the folders. The archive is unpacked here, in the
 * browser of whoever chose it, and the server receives single pictures. What is counted is what comes out of the archive,
 * whatever it says of itself. Rejects never: an archive that cannot be read is refused as a whole.
 */
export async function unzipPictures(archive: File, given: Partial<UnzipLimits> = {}): Promise<Unzipped> {
  const limits = { ...usual, ...given };
  if (archive.size > limits.archiveBytes)
    return { pictures: [], refused: [{ name: archive.name, reason: "tooLarge" }] };
  const entries = new Entries(limits);
  const unzip = new Unzip((file) => entries.begin(file));
  unzip.register(UnzipInflate);
  const end = Date.now() + limits.timeMs;
  try {
    for (let at = 0; at < archive.size && !entries.isFull; at += stepBytes) {
      if (Date.now() > end) throw new Error("The archive takes too long.");
      // Each step waits for the file, so that the page goes on meanwhile.
      const bytes = await archive.slice(at, at + stepBytes).arrayBuffer();
      unzip.push(new Uint8Array(bytes), at + stepBytes >= archive.size);
    }
  } catch {
    entries.refuse(archive.name, "damaged");
  }
  return entries.result(archive.name);
}

/** What is found in an archive. */
class Entries {
  readonly #limits: UnzipLimits;
  readonly #pictures: File[] = [];
  readonly #refused: { name: string; reason: RefusedReason }[] = [];
  /** Pictures of which the end has not come. */
  readonly #begun = new Set<string>();
  #count = 0;
  #bytes = 0;

  constructor(limits: UnzipLimits) {
    this.#limits = limits;
  }

  /** Nothing more is taken. */
  get isFull(): boolean {
    return this.#count > this.#limits.entries || this.#bytes > this.#limits.allBytes;
  }

  refuse(name: string, reason: RefusedReason): void {
    this.#refused.push({ name, reason });
  }

  begin(file: UnzipFile): void {
    const name = file.name.split(/[/\\]/).at(-1) ?? "";
    // Folders, and what systems put beside the files.
    if (name === "" || name.startsWith(".") || file.name.startsWith("__MACOSX/")) return;
    this.#count += 1;
    if (this.isFull) return;
    const type = types[/\.([^.]+)$/.exec(name)?.[1]?.toLowerCase() ?? ""];
    if (!type) return this.refuse(name, "noPicture");
    if ((file.originalSize ?? 0) > this.#limits.pictureBytes) return this.refuse(name, "tooLarge");
    this.#unpack(file, name, type);
  }

  #unpack(file: UnzipFile, name: string, type: string): void {
    const chunks: Uint8Array<ArrayBuffer>[] = [];
    let size = 0;
    let isOver = false;
    const refuse = (reason: RefusedReason) => {
      isOver = true;
      this.#begun.delete(name);
      this.refuse(name, reason);
    };
    this.#begun.add(name);
    file.ondata = (error, chunk, isFinal) => {
      if (isOver) return;
      if (error) return refuse("damaged");
      size += chunk.length;
      this.#bytes += chunk.length;
      if (size > this.#limits.pictureBytes || this.#bytes > this.#limits.allBytes) {
        file.terminate();
        return refuse("tooLarge");
      }
      chunks.push(new Uint8Array(chunk));
      if (!isFinal) return;
      this.#begun.delete(name);
      this.#pictures.push(new File(chunks, name, { type }));
    };
    try {
      file.start();
    } catch {
      // A kind of compression that is not read.
      refuse("damaged");
    }
  }

  result(archiveName: string): Unzipped {
    for (const name of this.#begun) this.refuse(name, "damaged");
    if (this.isFull) this.refuse(archiveName, "tooMany");
    const isNothing = this.#pictures.length === 0 && this.#refused.length === 0;
    if (isNothing) this.refuse(archiveName, "noPicture");
    return { pictures: this.#pictures, refused: this.#refused };
  }
}
