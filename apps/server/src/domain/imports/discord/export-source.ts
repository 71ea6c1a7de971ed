import type { Readable } from "node:stream";

/**
 * The files of an export, wherever they lie. Their paths are texts that only their source understands: what an export or a
 * person calls a file is never part of a path of this machine.
 */
export interface ExportSource {
  /** For faults: the folder, or nothing in particular. */
  readonly name: string;
  /** Files of type JSON in the order of their paths, without those in folders of media. */
  jsonFiles(): AsyncIterable<string>;
  open(path: string): Promise<Readable>;
  /** The file that a JSON file names; null when there is none, or when the name leads out of the export. */
  find(jsonFile: string, name: string): Promise<{ path: string; size: number } | null>;
}

/** DiscordChatExporter puts the files of `X.json` into the folder `X.json_Files`. */
export const mediaFolder = /_Files$/;

/** A name that is an address, or could not be that of a file. */
export function isNoFile(name: string): boolean {
  return name === "" || name.includes("\0") || /^[a-z][a-z\d+.-]+:\/\//i.test(name);
}
