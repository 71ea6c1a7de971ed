import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";

/** Creates a folder, which the caller removes, and returns it with the path of a database file in it. */
export function temporaryFolder(): { folder: string; file: string } {
  const folder = mkdtempSync(join(tmpdir(), "miscord-store-"));
  return { folder, file: join(folder, "miscord.db") };
}

/** The bytes of the database file and of its write-ahead log. */
export function bytesOf(file: string): Buffer {
  return Buffer.concat([file, `${file}-wal`].map((path) => readFileSync(path)));
}

/** Path of a database file in a new folder that is removed at the end of the test. */
export function temporaryFile(): string {
  const { folder, file } = temporaryFolder();
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return file;
}
