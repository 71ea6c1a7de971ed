import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { searchFileOf } from "../../search/search-file.ts";

/** Creates a folder, which the caller removes, and returns it with the path of a database file in it. */
export function temporaryFolder(): { folder: string; file: string } {
  const folder = mkdtempSync(join(tmpdir(), "miscord-store-"));
  return { folder, file: join(folder, "miscord.db") };
}

/** The bytes of the database file, of the search index, and of their write-ahead logs. */
export function bytesOf(file: string): Buffer {
  const search = searchFileOf(file);
  return Buffer.concat(
    [file, `${file}-wal`, search, `${search}-wal`].filter(existsSync).map((path) => readFileSync(path)),
  );
}

/** Path of a database file in a new folder that is removed at the end of the test. */
export function temporaryFile(): string {
  const { folder, file } = temporaryFolder();
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return file;
}
