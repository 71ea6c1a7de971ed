import { existsSync, writeFileSync } from "node:fs";
import { expect, test } from "vitest";
import { sending } from "../conformance/commands.ts";
import { createWorld, send } from "../conformance/world.ts";
import { backupDatabase, restoreDatabase } from "./backup.ts";
import { openSqliteStore } from "./open-sqlite-store.ts";
import { temporaryFile } from "./testing/temporary-file.ts";

test("a backup made during sends holds every channel without gaps up to some position", async () => {
  const file = temporaryFile();
  const store = await openSqliteStore({ file });
  const { general, random, ann } = await createWorld(store);
  const before = await send(store, general, ann, { content: "before" });
  const sends = Array.from({ length: 2_000 }, (_, index) =>
    store.log.commit(sending(index % 2 ? general : random, ann, { nonce: String(index) })),
  );
  await sends[500];
  const target = `${file}.backup`;
  backupDatabase(file, target);
  await Promise.all(sends);
  await store.close();

  const restored = await openSqliteStore({ file: target });
  for (const channelId of [general, random]) {
    const { seq, changes } = await restored.log.changesSince(channelId, 0, 10_000);
    expect(changes?.map((message) => message.seq)).toEqual(Array.from({ length: seq }, (_, index) => index + 1));
    expect(seq).toBeGreaterThanOrEqual(250);
  }
  expect(await restored.log.message(before.id)).toEqual(before);
  await restored.close();
});

test("a restored database has a new epoch and the data of the backup only", async () => {
  const file = temporaryFile();
  const target = `${file}.backup`;
  const store = await openSqliteStore({ file });
  const world = await createWorld(store);
  const kept = await send(store, world.general, world.ann, { content: "kept" });
  backupDatabase(file, target);
  const lost = await send(store, world.general, world.ann, { content: "lost" });
  await store.close();

  restoreDatabase(target, file);
  const restored = await openSqliteStore({ file });
  expect(restored.epoch).not.toBe(store.epoch);
  expect((await restored.log.history(world.general, { limit: 10 })).messages).toEqual([kept]);
  const next = await send(restored, world.general, world.ann);
  expect([next.seq, next.id]).toEqual([lost.seq, lost.id]);
  await restored.close();
});

test("restoring is refused while a server has the database open, and changes nothing", async () => {
  const file = temporaryFile();
  const target = `${file}.backup`;
  const store = await openSqliteStore({ file });
  const world = await createWorld(store);
  backupDatabase(file, target);
  const { id } = await send(store, world.general, world.ann);
  expect(() => restoreDatabase(target, file)).toThrow("is in use: stop the server first");
  expect((await store.log.message(id))?.id).toBe(id);
  await store.close();
});

test("a damaged or missing backup is refused and leaves the database unchanged", async () => {
  const file = temporaryFile();
  const store = await openSqliteStore({ file });
  await store.close();
  const broken = `${file}.broken`;
  writeFileSync(broken, "This is not a database at all.".repeat(100));
  expect(() => restoreDatabase(broken, file)).toThrow("is not a sound backup");
  expect(() => restoreDatabase(`${file}.missing`, file)).toThrow("There is no backup");
  expect(existsSync(`${file}.partial`)).toBe(false);
  const again = await openSqliteStore({ file });
  expect(again.epoch).toBe(store.epoch);
  await again.close();
});

test("a backup is refused when there is no database or the target file exists", () => {
  const file = temporaryFile();
  writeFileSync(`${file}.taken`, "precious");
  expect(() => backupDatabase(file, `${file}.new`)).toThrow("There is no database");
  writeFileSync(file, "");
  expect(() => backupDatabase(file, `${file}.taken`)).toThrow("exists already");
});
