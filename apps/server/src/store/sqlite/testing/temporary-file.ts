import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";

/** A folder and the path of a database in it, for whoever removes the folder. */
export function temporaryFolder(): { folder: string; file: string } {
  const folder = mkdtempSync(join(tmpdir(), "miscord-store-"));
  return { folder, file: join(folder, "miscord.db") };
}

/** The same within a test, at whose end the folder goes. */
export function temporaryFile(): string {
  const { folder, file } = temporaryFolder();
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return file;
}
