import type { Readable } from "node:stream";

/**
 * Where the bytes of uploads lie. Keys are random and chosen by us; what the user called the file is never part
 * of one.
 */
export interface AttachmentStorage {
  /**
   * Streams to the end, then makes the file durable under its key; answers its size in bytes. What fails midway
   * leaves nothing behind.
   */
  write(key: string, source: Readable): Promise<number>;
  /** Bytes `start` to `end`, both included; the whole file without a range. Rejects when there is no such file. */
  read(key: string, range?: { start: number; end: number }): Promise<Readable>;
  /** How much more it can take. */
  freeBytes(): Promise<number>;
  /** Does nothing when there is no such file. */
  remove(key: string): Promise<void>;
}
