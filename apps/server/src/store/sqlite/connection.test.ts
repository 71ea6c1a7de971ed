import { expect, test } from "vitest";
import { openConnection } from "./connection.ts";
import { temporaryFile } from "./testing/temporary-file.ts";

/** Surviving a power cut cannot be tested here, only that the settings for it are in effect. */
test("connections use WAL with full sync and enforce foreign keys, and readers cannot write", () => {
  const file = temporaryFile();
  const writer = openConnection(file, "write");
  const setting = (name: string) => Object.values(writer.prepare(`pragma ${name}`).get() ?? {})[0];
  expect([setting("journal_mode"), setting("synchronous"), setting("foreign_keys")]).toEqual(["wal", 2, 1]);
  const reader = openConnection(file, "read");
  expect(() => reader.exec("create table t (a)")).toThrow("readonly");
  reader.close();
  writer.close();
});
