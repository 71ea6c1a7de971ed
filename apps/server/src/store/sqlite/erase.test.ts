import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { deleting, editing } from "../conformance/commands.ts";
import { commit, createWorld, send } from "../conformance/world.ts";
import { deleteChannel } from "../queries/channels.ts";
import { openSqliteStore } from "./open-sqlite-store.ts";
import { temporaryFile } from "./testing/temporary-file.ts";

const rounds = 60;

/** Parts that are searched for; long texts fill pages of their own. */
const secret = (name: string, round: number) => `${name}-${round}-${"treasure".repeat(round % 7 === 0 ? 600 : 3)}`;

test("[S11] deleted texts, earlier ones of theirs too, are in no byte of the database's files once they were erased", async () => {
  const file = temporaryFile();
  const store = await openSqliteStore({ file });
  const { general, random, ann } = await createWorld(store);
  for (let round = 0; round < rounds; round += 1) {
    const { id } = await send(store, general, ann, { content: secret("deleted", round) });
    const edited = await send(store, general, ann, { content: secret("edited", round) });
    await send(store, random, ann, { content: secret("dropped", round) });
    await send(store, general, ann, { content: `kept-${round}` });
    await commit(store, editing(edited.id, ann, `short ${round} `.repeat(1 + round * 20)));
    await commit(store, deleting(id, ann));
    await commit(store, deleting(edited.id, ann));
  }
  await deleteChannel(store.db, random);
  expect(await store.eraseDeleted()).toBe(true);

  const bytes = Buffer.concat([file, `${file}-wal`].map((path) => readFileSync(path)));
  expect(bytes.includes(`kept-${rounds - 1}`)).toBe(true);
  const found = ["deleted-", "edited-", "dropped-", "treasure"].filter((text) => bytes.includes(text));
  expect(found).toEqual([]);
  await store.close();
});

test("[S11] while a reader holds the log open, erasing gives up without an error and succeeds later", async () => {
  const file = temporaryFile();
  const store = await openSqliteStore({ file });
  const { general, ann } = await createWorld(store);
  const { id } = await send(store, general, ann, { content: "treasure" });
  const reading = store.db.transaction().setAccessMode("read only").setIsolationLevel("repeatable read");
  const result = await reading.execute(async (trx) => {
    await trx.selectFrom("messages").selectAll().execute();
    await commit(store, deleting(id, ann));
    return store.eraseDeleted();
  });
  expect(result).toBe(false);
  expect(await store.eraseDeleted()).toBe(true);
  expect(readFileSync(file).includes("treasure")).toBe(false);
  await store.close();
});
