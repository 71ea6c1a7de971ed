import { afterEach, beforeEach, expect, test } from "vitest";
import { createWorld } from "../../store/conformance/world.ts";
import type { Store } from "../../store/contract.ts";
import { storeInstanceEmojis } from "../../store/queries/instance-emojis.ts";
import { pictureById } from "../../store/queries/pictures.ts";
import { openSqliteStore } from "../../store/sqlite/open-sqlite-store.ts";
import { temporaryFile } from "../../store/sqlite/testing/temporary-file.ts";
import { ManualClock } from "../../testing/manual-clock.ts";
import { StatementCounter } from "../../testing/statement-counter.ts";
import type { AttachmentStorage } from "../attachments/storage.ts";
import { createPictureSweep } from "./sweep.ts";

const hour = 3_600_000;
let clock: ManualClock;
let store: Store;
let removed: string[];

beforeEach(async () => {
  clock = new ManualClock();
  store = await openSqliteStore({ file: temporaryFile() });
  removed = [];
});
afterEach(() => store.close());

async function stored(id: string): Promise<void> {
  const row = { id, bytes: 1, width: 1, height: 1, created_at: clock.now() };
  await store.db.insertInto("pictures").values(row).execute();
}
const exists = async (id: string) => (await pictureById(store.db, id)) !== undefined;

test("a picture that nothing shows goes with its file after a day, also when there are many, and all others stay", async () => {
  const { ann } = await createWorld(store);
  const storage = { remove: async (key: string) => void removed.push(key) } as unknown as AttachmentStorage;
  const sweep = createPictureSweep({ store, clock, storage });
  await stored("face");
  await store.db.updateTable("users").set({ picture: "face" }).where("id", "=", ann).execute();
  await stored("ofInstance");
  const emoji = { id: 1, name: "cat", animated: false, aliases: [], picture_id: "ofInstance" };
  await storeInstanceEmojis(store.db, "emojis", [emoji]);
  for (let at = 0; at < 205; at += 1) await stored(`lost${at}`);
  await sweep();
  expect(await exists("lost0")).toBe(true);
  clock.leap(25 * hour);
  await stored("young");
  await sweep();
  expect(await Promise.all(["face", "ofInstance", "young", "lost0", "lost204"].map(exists))).toEqual([
    true,
    true,
    true,
    false,
    false,
  ]);
  expect(new Set(removed).size).toBe(205);
  // It looks again some hours later.
  await stored("old");
  clock.leap(hour);
  await store.db.updateTable("pictures").set({ created_at: 0 }).where("id", "=", "old").execute();
  await sweep();
  expect(await exists("old")).toBe(true);
  clock.leap(6 * hour);
  await sweep();
  expect(await exists("old")).toBe(false);
});

test("all pictures are looked through where searches are, so that nobody else's reads wait", async () => {
  const counter = new StatementCounter();
  const storage = { remove: async () => {} } as unknown as AttachmentStorage;
  const sweep = createPictureSweep({ store: counter.wrap(store), clock, storage });
  await sweep();
  // Those of the settings, which name pictures of the instance's emoji and stickers.
  expect(counter.count).toBe(2);
});
