import { mkdirSync, renameSync, rmSync, statSync } from "node:fs";
import { dirname } from "node:path";
import { destination } from "pino";

export interface RotatingFile {
  write(line: string): void;
  /** Writes what is buffered and waits for the disk; a logger calls it after an entry of level `fatal`. */
  flushSync(): void;
  close(): Promise<void>;
}

/** Lines are written together: writing each by itself took an eighth of the main thread's time for 10,000 arrivals. */
const togetherBytes = 4_096;
const flushEveryMs = 250;

/**
 * A rotating log file. The current file keeps its name; a full one is renamed to `.1`, `.1` to `.2`, and the oldest is
 * removed. Writes never wait for the disk and reach the file within a quarter of a second; at most `maxBytes` are buffered,
 * further lines are dropped.
 */
export function openRotatingFile(file: string, { maxBytes, keep }: { maxBytes: number; keep: number }): RotatingFile {
  mkdirSync(dirname(file), { recursive: true });
  const minLength = Math.min(togetherBytes, maxBytes / 10);
  const buffering = { sync: false, maxLength: maxBytes, minLength, periodicFlush: flushEveryMs };
  const stream = destination({ dest: file, append: true, ...buffering });
  let size = sizeOf(file);
  // A full disk must not end the process; the next write tries again.
  stream.on("error", () => {});
  stream.on("write", (written: number) => {
    size += written;
    if (size < maxBytes) return;
    size = 0;
    rotate(file, keep);
    stream.reopen();
  });
  return {
    write: (line) => void stream.write(line),
    flushSync: () => stream.flushSync(),
    close: () =>
      new Promise((resolve) => {
        stream.once("close", resolve);
        stream.end();
      }),
  };
}

function rotate(file: string, keep: number): void {
  try {
    rmSync(`${file}.${keep}`, { force: true });
    for (let age = keep - 1; age >= 1; age -= 1) renameIfThere(`${file}.${age}`, `${file}.${age + 1}`);
    renameIfThere(file, `${file}.1`);
  } catch {
    // Without permission to rename, the file grows, which is better than no log.
  }
}

function renameIfThere(from: string, to: string): void {
  if (statSync(from, { throwIfNoEntry: false })) renameSync(from, to);
}

function sizeOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0;
}
