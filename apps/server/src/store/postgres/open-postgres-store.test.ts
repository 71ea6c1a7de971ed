import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startPostgres, type TestPostgres } from "../../testing/postgres.ts";
import { describeStore } from "../conformance.ts";
import { describeSeveralStores } from "../conformance/several-stores.ts";
import type { StoreUnderTest } from "../conformance/store-under-test.ts";
import { openPostgresStore } from "./open-postgres-store.ts";

let postgres: TestPostgres;
beforeAll(async () => {
  // No test here ends the cluster as a crash does.
  postgres = await startPostgres({ settings: { fsync: "off" } });
});
afterAll(() => postgres.dispose());

describe("PostgreSQL", () => {
  describeStore(async () => {
    const url = postgres.createDatabase();
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

  test("stores that open an empty database at the same time migrate it once and have one epoch", async () => {
    const url = postgres.createDatabase();
    const stores = await Promise.all(Array.from({ length: 4 }, () => openPostgresStore({ url, poolSize: 2 })));
    expect(new Set(stores.map((store) => store.epoch)).size).toBe(1);
    for (const store of stores) await store.close();
  });
});
