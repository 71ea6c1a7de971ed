import type { Readable } from "node:stream";

/** An upload that has arrived and cannot be read by anybody yet. */
export interface ReceivedFile {
  readonly path: string;
  readonly size: number;
}

/**
 * Where the bytes of uploads lie. Keys are random and chosen by us; what the user called the file is never part
 * of one.
 */
export interface AttachmentStorage {
  /**
   * Streams to the end into a file of this machine that only this process knows. What fails midway leaves nothing
   * behind.
   */
  receive(key: string, source: Readable): Promise<ReceivedFile>;
  /** Makes the received file durable under its key: from now on it can be read, and it no longer changes. */
  keep(key: string): Promise<void>;
  /** Bytes `start` to `end`, both included; the whole file without a range. Rejects when there is no such file. */
  read(key: string, range?: { start: number; end: number }): Promise<Readable>;
  /** How much more it can take. */
  freeBytes(): Promise<number>;
  /** Whether it was kept or only received; does nothing when there is no such file. */
  remove(key: string): Promise<void>;
}
