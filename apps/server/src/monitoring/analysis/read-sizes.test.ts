import { statSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sql } from "kysely";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openPostgresStore } from "../../store/postgres/open-postgres-store.ts";
import { readServedDatabase } from "../../store/postgres/database-size.ts";
import type { Store } from "../../store/contract.ts";
import { eventually } from "../../testing/eventually.ts";
import { ManualClock } from "../../testing/manual-clock.ts";
import { startPostgres, type TestPostgres } from "../../testing/postgres.ts";
import { ReadSizes } from "./read-sizes.ts";

let folder: string;
let postgres: TestPostgres;
let store: Store;
const failures: unknown[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "miscord-sizes-"));
  await writeFile(join(folder, "miscord.db"), Buffer.alloc(4_096));
  postgres = await startPostgres();
  store = await openPostgresStore({ url: postgres.createDatabase(), poolSize: 2 });
});
afterAll(async () => {
  await store.close();
  postgres.dispose();
  await rm(folder, { recursive: true });
});

const sizesOf = (of: Pick<Store, "db" | "stats">, clock = new ManualClock(0), dataFolder = folder) =>
  new ReadSizes({ folder: dataFolder, store: of, clock, onFailure: (error) => failures.push(error) });

test("the embedded database has the size of its file", async () => {
  const stats = () => ({ latencyMs: null, pool: null, replication: null });
  const { database_bytes: bytes, disk } = await sizesOf({ stats } as Pick<Store, "db" | "stats">).read();
  expect(bytes).toBe(4_096);
  expect(disk!.total).toBeGreaterThan(0);
});

test("of PostgreSQL the size is asked for every quarter of an hour, and the file of an earlier database has none", async () => {
  const clock = new ManualClock(0);
  const sizes = sizesOf(store, clock);
  expect((await sizes.read()).database_bytes).toBeNull();
  const size = async () => (await sizes.read()).database_bytes;
  await eventually(async () => expect(await size()).toBeGreaterThan(1e6));
  const before = await size();
  await store.db
    .insertInto("meta")
    .values({ key: "large", value: incompressible(4_000_000) })
    .execute();
  expect(await size()).toBe(before);
  clock.advance(15 * 60_000);
  await eventually(async () => expect(await size()).toBeGreaterThan(before! + 3_000_000));
  expect(failures).toEqual([]);
});

test("the disk of PostgreSQL is told where it is on this machine and another one than that of the data folder", async () => {
  const diskBeside = async (dataFolder: string) => {
    const sizes = sizesOf(store, new ManualClock(0), dataFolder);
    await eventually(async () => expect((await sizes.read()).database_bytes).not.toBeNull());
    return (await sizes.read()).database_disk;
  };
  const { dev } = statSync(folder);
  const elsewhere = ["/dev/shm", "/"].find((path) => statSync(path).dev !== dev)!;
  expect(await diskBeside(folder)).toBeNull();
  expect((await diskBeside(elsewhere))!.total).toBeGreaterThan(0);
});

test("a role that may not see where PostgreSQL keeps its files gets the size without the folder", async () => {
  postgres.run("create role stranger");
  const { folder: shown } = await readServedDatabase(store.db);
  expect(shown).toContain(postgres.folder);
  const seen = await store.db.transaction().execute(async (db) => {
    await sql`set local role stranger`.execute(db);
    return readServedDatabase(db);
  });
  expect(seen.folder).toBeNull();
  expect(seen.bytes).toBeGreaterThan(1e6);
});

function incompressible(length: number): string {
  let state = 1;
  return Array.from({ length }, () => {
    state = (state * 16_807) % 2_147_483_647;
    return String.fromCodePoint(33 + (state % 90));
  }).join("");
}
