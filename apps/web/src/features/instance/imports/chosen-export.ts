import { DamagedArchive, readZip, type RefusedEntry } from "./zip-entries.ts";

/** A file of an export that somebody has chosen, in a folder or in an archive. */
export interface ChosenFile {
  path: string;
  size: number;
  /** The bytes from this one on. */
  read: (from: number) => AsyncGenerator<Blob>;
}

export interface ChosenExport {
  files: readonly ChosenFile[];
  refused: readonly { name: string; reason: RefusedEntry | "damaged" }[];
}

const stepBytes = 8 * 1024 * 1024;
/** What systems put beside the files. */
const ofSystem = /(?:^|\/)(?:\.[^/]*|__MACOSX|Thumbs\.db|desktop\.ini)(?:\/|$)/i;

/** The files of an export: those of a folder, single ones, and those in archives. */
export async function chosenExport(chosen: readonly File[]): Promise<ChosenExport> {
  const files = new Map<string, ChosenFile>();
  const refused: ChosenExport["refused"][number][] = [];
  const add = (file: ChosenFile) => {
    if (!ofSystem.test(file.path)) files.set(file.path, file);
  };
  for (const file of chosen) {
    const path = file.webkitRelativePath || file.name;
    if (!/\.zip$/i.test(path)) {
      add({ path, size: file.size, read: (from) => slices(file, from) });
      continue;
    }
    try {
      const contents = await readZip(file);
      for (const entry of contents.entries) add(entry);
      refused.push(...contents.refused.filter(({ name }) => !ofSystem.test(name)));
    } catch (error) {
      if (!(error instanceof DamagedArchive)) throw error;
      refused.push({ name: path, reason: "damaged" });
    }
  }
  return { files: [...files.values()], refused };
}

async function* slices(file: File, from: number): AsyncGenerator<Blob> {
  for (let at = from; at < file.size; at += stepBytes) yield file.slice(at, Math.min(at + stepBytes, file.size));
}

/** Parts of exactly so many bytes, the last may be smaller, of files one after the other, from a byte of all of them on. */
export async function* partsOf(
  files: readonly { start: number; file: ChosenFile }[],
  from: number,
  partBytes: number,
): AsyncGenerator<Blob> {
  let waiting: Blob[] = [];
  let bytes = 0;
  for (const { start, file } of files) {
    if (start + file.size <= from) continue;
    for await (const blob of file.read(Math.max(0, from - start))) {
      let rest = blob;
      while (bytes + rest.size >= partBytes) {
        const room = partBytes - bytes;
        yield new Blob([...waiting, rest.slice(0, room)]);
        rest = rest.slice(room);
        waiting = [];
        bytes = 0;
      }
      if (rest.size > 0) waiting.push(rest);
      bytes += rest.size;
    }
  }
  if (bytes > 0) yield new Blob(waiting);
}
