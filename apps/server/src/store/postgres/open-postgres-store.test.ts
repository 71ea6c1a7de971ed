import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startPostgres, type TestPostgres } from "../../testing/postgres.ts";
import { describeStore } from "../conformance.ts";
import { describeSearch } from "../conformance/search.ts";
import { describeSeveralStores } from "../conformance/several-stores.ts";
import type { StoreUnderTest } from "../conformance/store-under-test.ts";
import { editing } from "../conformance/commands.ts";
import { commit, createWorld, send } from "../conformance/world.ts";
import { openPostgresStore } from "./open-postgres-store.ts";

let postgres: TestPostgres;
/** Of a database with all migrations, which each suite of rules has a copy of. */
let migrated: string;
beforeAll(async () => {
  postgres = await startPostgres();
  migrated = postgres.createDatabase();
  const store = await openPostgresStore({ url: migrated });
  // Each database has these of its own.
  await store.db.deleteFrom("meta").where("key", "in", ["epoch", "origin"]).execute();
  await store.close();
});
afterAll(() => postgres.dispose());

describe("PostgreSQL", () => {
  for (const describeRules of [describeStore, describeSearch])
    describeRules(async () => {
      const url = postgres.createDatabase(migrated);
      const fixture: StoreUnderTest = {
        store: await openPostgresStore({ url }),
        async reopen() {
          await fixture.store.close();
          fixture.store = await openPostgresStore({ url });
          return fixture.store;
        },
        async poison() {
          await sql`create function poisoned() returns trigger language plpgsql as
          $$ begin raise exception 'poisoned'; end $$`.execute(fixture.store.db);
          await sql`create trigger poison before insert on messages for each row when (new.content = 'poison')
          execute function poisoned()`.execute(fixture.store.db);
        },
        cleanUp: () => fixture.store.close(),
      };
      return fixture;
    });

  describeSeveralStores(async () => {
    const url = postgres.createDatabase();
    const stores = await Promise.all(Array.from({ length: 4 }, () => openPostgresStore({ url, poolSize: 5 })));
    return { stores, cleanUp: async () => void (await Promise.all(stores.map((store) => store.close()))) };
  });

  test("the replication has the number of standbys and their kind, and is null for a role that may not see it", async () => {
    const read = async (url: string) => {
      const store = await openPostgresStore({ url, poolSize: 2 });
      await store.ping();
      await expect.poll(() => store.stats().pool!.inUse).toBe(0);
      const stats = store.stats();
      await store.close();
      return stats;
    };
    // A standby copies the whole cluster, and the other tests' has hundreds of databases.
    const primary = await startPostgres();
    const url = primary.createDatabase();
    expect(await read(url)).toMatchObject({ replication: { standbys: 0, isSynchronous: false }, pool: { waiting: 0 } });
    const standby = await startPostgres({ standbyOf: primary });
    try {
      expect((await read(url)).replication).toEqual({ standbys: 1, isSynchronous: false });
      primary.run("alter system set synchronous_standby_names = '*'");
      primary.run("select pg_reload_conf()");
      await expect.poll(async () => (await read(url)).replication).toEqual({ standbys: 1, isSynchronous: true });
      primary.run("create role stranger login");
      primary.run("create database strange owner stranger");
      const strange = new URL(url);
      Object.assign(strange, { username: "stranger", pathname: "/strange" });
      expect((await read(strange.href)).replication).toBeNull();
    } finally {
      standby.dispose();
      primary.dispose();
    }
  });

  test("stores that open an empty database at the same time migrate it once and have one epoch", async () => {
    const url = postgres.createDatabase();
    const stores = await Promise.all(Array.from({ length: 4 }, () => openPostgresStore({ url, poolSize: 2 })));
    expect(new Set(stores.map((store) => store.epoch)).size).toBe(1);
    for (const store of stores) await store.close();
  });

  test("a column that a node of a newer version adds does not stop the log of this one", async () => {
    const store = await openPostgresStore({ url: postgres.createDatabase(migrated), poolSize: 2 });
    const { general, ann } = await createWorld(store);
    const { id } = await send(store, general, ann, {});
    await commit(store, editing(id, ann, "once"));
    await sql`alter table messages add column added integer not null default 7`.execute(store.db);
    expect(await commit(store, editing(id, ann, "twice"))).toMatchObject({ ok: true });
    expect((await send(store, general, ann, { replyToId: id })).seq).toBe(4);
    await store.close();
  });
});
