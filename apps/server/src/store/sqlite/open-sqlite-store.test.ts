import { readFile, rm, writeFile } from "node:fs/promises";
import { sql } from "kysely";
import { describe, expect, test } from "vitest";
import { ManualClock } from "../../testing/manual-clock.ts";
import { openMigratedStore } from "../../testing/migrated-database.ts";
import { describeStore } from "../conformance.ts";
import { describeSearch } from "../conformance/search.ts";
import type { StoreUnderTest } from "../conformance/store-under-test.ts";
import { sending } from "../conformance/commands.ts";
import { createWorld, send } from "../conformance/world.ts";
import { searchIndex } from "../search/open-index.ts";
import { searchFileOf } from "../search/search-file.ts";
import { openSqliteStore } from "./open-sqlite-store.ts";
import { bytesOf, temporaryFile, temporaryFolder } from "./testing/temporary-file.ts";

describe("SQLite", () => {
  for (const describeRules of [describeStore, describeSearch])
    describeRules(async () => {
      const { folder, file } = temporaryFolder();
      const fixture: StoreUnderTest = {
        store: await openMigratedStore({ file }),
        async reopen() {
          await fixture.store.close();
          fixture.store = await openSqliteStore({ file });
          return fixture.store;
        },
        async poison() {
          const raise = sql`create trigger poison before insert on messages when new.content = 'poison'
          begin select raise(abort, 'poisoned'); end`;
          await raise.execute(fixture.store.db);
        },
        bytes: () => bytesOf(file),
        async cleanUp() {
          await fixture.store.close();
          await rm(folder, { recursive: true });
        },
      };
      return fixture;
    });

  test("migrations may take longer than any other transaction", async () => {
    const clock = new ManualClock();
    const opening = openSqliteStore({ file: temporaryFile(), clock });
    // Until the first connections, and during the migrations, in which nothing else is bound by this clock.
    const hurry = setInterval(() => clock.advance(1_000), 1);
    const store = await opening.finally(() => clearInterval(hurry));
    expect(await store.db.selectFrom("migrations").selectAll().execute()).not.toEqual([]);
    await store.close();
  });

  test("a store opens although another one of this process is about to commit to the search index", async () => {
    const file = temporaryFile();
    const first = await openSqliteStore({ file });
    const begun = Promise.withResolvers<void>();
    const opening = Promise.withResolvers<void>();
    const writing = first.search.transaction().execute(async (db) => {
      await db.insertInto("search_positions").values({ channel_id: 1, seq: 1 }).execute();
      begun.resolve();
      await opening.promise;
    });
    await begun.promise;
    const second = openSqliteStore({ file });
    setTimeout(opening.resolve, 2_000);
    await writing;
    const rows = (await second).search.selectFrom("search_positions").select("seq").execute();
    expect(await rows).toEqual([{ seq: 1 }]);
    await (await second).close();
    await first.close();
  });

  test("a search index that is damaged is made anew at the start, and one that is whole is kept", async () => {
    const file = temporaryFile();
    const positions = async () => {
      const store = await openSqliteStore({ file });
      const rows = await store.search.selectFrom("search_positions").select("seq").execute();
      await searchIndex(store.search, "sqlite").write({
        documents: [{ id: 1, terms: ["слово"] }],
        removed: [],
        positions: [{ channelId: 1, from: 0, to: rows.length + 1 }],
      });
      await store.close();
      return rows.map((row) => row.seq);
    };
    expect([await positions(), await positions()]).toEqual([[], [1]]);
    const bytes = await readFile(searchFileOf(file));
    const at = bytes.indexOf("слово");
    await writeFile(searchFileOf(file), bytes.fill(0xff, at - 6, at + 12));
    expect([await positions(), await positions()]).toEqual([[], [1]]);
  });

  test("data written by a newer version is refused with one sentence", async () => {
    const file = temporaryFile();
    const store = await openSqliteStore({ file });
    await store.db.insertInto("migrations").values({ name: "9999-future", applied_at: 1 }).execute();
    await store.close();
    await expect(openSqliteStore({ file })).rejects.toMatchObject({
      name: "StartupError",
      message: expect.stringMatching(/^The data was written by a newer version of Miscord \(9999-future\): .*\.$/),
    });
  });

  test("a database that cannot be opened is named with the reason", async () => {
    const file = `${temporaryFile()}/no/such/folder`;
    await expect(openSqliteStore({ file })).rejects.toMatchObject({
      name: "StartupError",
      message: `The database ${file} cannot be opened: unable to open database file.`,
    });
  });

  test("a write transaction open for too long is rolled back and other writes continue", async () => {
    const clock = new ManualClock();
    const store = await openSqliteStore({ file: temporaryFile(), clock });
    const world = await createWorld(store);
    const rename = (name: string) =>
      store.db.updateTable("servers").set({ name }).where("id", "=", world.serverId).execute();
    // Waits for a write that can only run after this transaction has ended.
    const stuck = store.db.transaction().execute(async (trx) => {
      await trx.updateTable("servers").set({ name: "stuck" }).where("id", "=", world.serverId).execute();
      const waiting = rename("outside");
      clock.advance(10_000);
      await waiting;
      await trx.updateTable("servers").set({ name: "too late" }).where("id", "=", world.serverId).execute();
    });
    await expect(stuck).rejects.toThrow("lasted more than 10000 ms");
    const { name } = await store.db.selectFrom("servers").select("name").executeTakeFirstOrThrow();
    expect(name).toBe("outside");
    expect((await send(store, world.general, world.ann)).seq).toBe(1);
    expect(clock.pending).toBe(0);
    await store.close();
  });

  test("a message waits for one of many other writes at most", async () => {
    const store = await openSqliteStore({ file: temporaryFile() });
    const world = await createWorld(store);
    const done: string[] = [];
    const others = Array.from({ length: 20 }, () =>
      store.db
        .transaction()
        .execute((trx) => trx.updateTable("users").set({ theme: "dark" }).execute())
        .then(() => done.push("other")),
    );
    // All of them wait in line, and the first has begun.
    await others[0];
    await send(store, world.general, world.ann).then(() => done.push("message"));
    expect(done.indexOf("message")).toBeLessThan(4);
    await Promise.all(others);
    await store.close();
  });

  test("read transactions beyond the limit wait and all complete", async () => {
    const store = await openSqliteStore({ file: temporaryFile() });
    const world = await createWorld(store);
    await Promise.all(Array.from({ length: 30 }, () => store.log.commit(sending(world.general, world.ann))));
    const pages = await Promise.all(Array.from({ length: 100 }, () => store.log.history(world.general, { limit: 50 })));
    expect(new Set(pages.map((page) => page.messages.length))).toEqual(new Set([30]));
    await store.close();
  });
});
