import { expect, test } from "vitest";
import { openConnection } from "./connection.ts";
import { temporaryFile } from "./testing/temporary-file.ts";

/** What survives a power cut cannot be tried here; that SQLite was told to care can. */
test("a commit waits for the disk, references are kept, and readers cannot write", () => {
  const file = temporaryFile();
  const writer = openConnection(file, "write");
  const setting = (name: string) => Object.values(writer.prepare(`pragma ${name}`).get() ?? {})[0];
  expect([setting("journal_mode"), setting("synchronous"), setting("foreign_keys")]).toEqual(["wal", 2, 1]);
  const reader = openConnection(file, "read");
  expect(() => reader.exec("create table t (a)")).toThrow("readonly");
  reader.close();
  writer.close();
});
