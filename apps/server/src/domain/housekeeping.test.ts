import { afterEach, beforeEach, expect, test } from "vitest";
import { eventually } from "../testing/eventually.ts";
import { RealtimeWorld } from "../testing/realtime-world.ts";
import { discardFile, sweepRemovedFiles } from "./attachments/remove-files.ts";
import type { AttachmentStorage } from "./attachments/storage.ts";
import { startHousekeeping } from "./housekeeping.ts";

let world: RealtimeWorld;
/** What the storage has, and what fails there. */
let files: Set<string>;
let isDown: boolean;
let stuck: ReadonlySet<string>;
/** How long the storage thinks about a file, and how many it was asked to remove. */
let thinksMs: number;
let asked: number;

beforeEach(async () => {
  world = await RealtimeWorld.open();
  files = new Set();
  isDown = false;
  stuck = new Set();
  thinksMs = 0;
  asked = 0;
});
afterEach(() => world.close());

const failing = () => Promise.reject(new Error("the storage is down"));
const storage = {
  remove: async (key: string) => {
    asked += 1;
    if (thinksMs > 0) world.clock.leap(thinksMs);
    if (isDown) return failing();
    if (stuck.has(key)) throw new Error("this file is locked");
    files.delete(key);
  },
  sweep: async () => (isDown ? failing() : undefined),
  check: async () => (isDown ? failing() : undefined),
} as unknown as AttachmentStorage;

const context = () => ({ ...world.context, storage });

async function note(keys: readonly string[], not_before = 0): Promise<void> {
  for (const key of keys) files.add(key);
  await world.store.db
    .insertInto("removed_files")
    .values(keys.map((storage_key) => ({ storage_key, not_before })))
    .execute();
}

const noted = async () => (await world.store.db.selectFrom("removed_files").selectAll().execute()).length;

test("files that cannot be removed keep no others from being removed, and are tried again later", async () => {
  const bad = Array.from({ length: 120 }, (_, at) => `aaa-stuck-${at}`);
  stuck = new Set(bad);
  await note([...bad, ...Array.from({ length: 130 }, (_, at) => `zzz-fine-${at}`)]);
  await expect(sweepRemovedFiles(context())).rejects.toThrow("this file is locked");
  expect([...files].filter((key) => !stuck.has(key))).toEqual([]);
  expect(await noted()).toBe(120);
  stuck = new Set();
  await sweepRemovedFiles(context());
  expect(files.size).toBe(120);
  world.clock.leap(600_000);
  await sweepRemovedFiles(context());
  expect([files.size, await noted()]).toEqual([0, 0]);
});

test("each file that cannot be removed is tried once in a sweep, however long that takes", async () => {
  stuck = new Set(Array.from({ length: 120 }, (_, at) => `stuck-${at}`));
  await note([...stuck]);
  thinksMs = 10_000;
  await expect(sweepRemovedFiles(context())).rejects.toThrow("this file is locked");
  expect(asked).toBe(120);
});

test("while the storage is down nothing is put off: all are removed as soon as it is back", async () => {
  await note(["one-of-the-files", "another-one"]);
  isDown = true;
  await expect(sweepRemovedFiles(context())).rejects.toThrow("the storage is down");
  isDown = false;
  await sweepRemovedFiles(context());
  expect([files.size, await noted()]).toEqual([0, 0]);
});

test("a file that a store has put there after its upload was given up is removed", async () => {
  await note(["given-up-too-early"], world.clock.now() + 7_200_000);
  await discardFile(context(), "given-up-too-early");
  files.add("given-up-too-early");
  world.clock.leap(7_200_001);
  await sweepRemovedFiles(context());
  expect([files.size, await noted()]).toEqual([0, 0]);
});

test("deleted texts are erased while the storage of uploads is down", async () => {
  await note(["a-deleted-file"]);
  isDown = true;
  let erased = 0;
  const errors: unknown[] = [];
  const store = { ...world.store, eraseDeleted: async () => (erased += 1) > 0 };
  const stop = startHousekeeping({ ...context(), store }, (error) => errors.push(error));
  world.clock.leap(600_000);
  await eventually(() => expect(errors).toHaveLength(1));
  expect(erased).toBe(1);
  expect((errors[0] as AggregateError).errors.map(String)).toEqual(Array(2).fill("Error: the storage is down"));
  stop();
});
