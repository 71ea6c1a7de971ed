import { rm } from "node:fs/promises";
import { sql } from "kysely";
import { describe, expect, test } from "vitest";
import { systemClock, type Clock } from "../clock.ts";
import { describeStore } from "../store/conformance.ts";
import { createWorld, send } from "../store/conformance/world.ts";
import type { StoreUnderTest } from "../store/conformance/store-under-test.ts";
import type { Store } from "../store/contract.ts";
import { openSqliteStore, type SqliteStore } from "../store/sqlite/open-sqlite-store.ts";
import { bytesOf, temporaryFile, temporaryFolder } from "../store/sqlite/testing/temporary-file.ts";
import { ManualClock } from "../testing/manual-clock.ts";
import { openMigratedStore } from "../testing/migrated-database.ts";
import { Link } from "./link.ts";
import { openLinkStore } from "./link-store.ts";
import type { StoreOffer } from "./offers.ts";
import { serveStore } from "./serve-store.ts";
import { portPair, type PortPair } from "./testing/port-pair.ts";

interface Worker {
  store: Store;
  ports: PortPair;
  /** As the primary does when the worker's process is gone. */
  die(): void;
}

function openWorker(primary: SqliteStore, file: string, clock: Clock = systemClock): Worker {
  const ports = portPair();
  const served = serveStore(primary, clock);
  new Link(ports.far).serve(served.offer);
  const link = new Link<StoreOffer>(ports.near);
  const store = openLinkStore(link, { file, epoch: primary.epoch, onFailure: () => {} });
  const die = () => {
    ports.cut();
    served.release();
  };
  return { store, ports, die };
}

describe("SQLite through a primary", () => {
  describeStore(async () => {
    const { folder, file } = temporaryFolder();
    let primary: SqliteStore;
    const open = async () => {
      primary = await openMigratedStore({ file });
      const { store } = openWorker(primary, file);
      // The primary publishes what its workers commit; here the suite's listener stands for it.
      const onCommitted: Store["log"]["onCommitted"] = (listener) => primary.log.onCommitted(listener);
      return { ...store, log: { ...store.log, onCommitted } };
    };
    const close = async () => {
      await fixture.store.close();
      await primary.close();
    };
    const fixture: StoreUnderTest = {
      store: await open(),
      async reopen() {
        await close();
        fixture.store = await open();
        return fixture.store;
      },
      async poison() {
        const raise = sql`create trigger poison before insert on messages when new.content = 'poison'
          begin select raise(abort, 'poisoned'); end`;
        await raise.execute(primary.db);
      },
      bytes: () => bytesOf(file),
      async cleanUp() {
        await close();
        await rm(folder, { recursive: true });
      },
    };
    return fixture;
  });
});

async function openTwoWorkers(clock: Clock = systemClock) {
  const file = temporaryFile();
  const primary = await openSqliteStore({ file });
  const world = await createWorld(primary);
  const [first, second] = [openWorker(primary, file, clock), openWorker(primary, file, clock)];
  const rename = ({ db }: Pick<Store, "db">, name: string) =>
    db.updateTable("servers").set({ name }).where("id", "=", world.serverId).execute();
  const nameOf = async ({ db }: Store) =>
    (await db.selectFrom("servers").select("name").where("id", "=", world.serverId).executeTakeFirstOrThrow()).name;
  const close = async () => {
    await Promise.all([first.store.close(), second.store.close()]);
    await primary.close();
  };
  return { primary, world, first, second, rename, nameOf, close };
}

/** Begins a write transaction of the worker that never ends by itself. */
function hold(worker: Worker, during: (db: Store["db"]) => Promise<unknown>): Promise<unknown> {
  const begun = Promise.withResolvers<unknown>();
  const work = worker.store.db.transaction().execute(async (trx) => {
    await during(trx);
    begun.resolve(undefined);
    await new Promise(() => {});
  });
  work.catch(begun.reject);
  return begun.promise;
}

test("a worker reads at once what another one has written", async () => {
  const { first, second, rename, nameOf, world, close } = await openTwoWorkers();
  for (let round = 1; round <= 50; round += 1) {
    await rename(round % 2 ? first.store : second.store, `round ${round}`);
    expect(await nameOf(round % 2 ? second.store : first.store)).toBe(`round ${round}`);
    const { id } = await send(first.store, world.general, world.ann);
    expect((await second.store.log.message(id))?.id).toBe(id);
  }
  await close();
});

test("the write transaction of a worker that dies is rolled back, and the others write on", async () => {
  const { first, second, rename, nameOf, world, close } = await openTwoWorkers();
  await hold(first, (db) => rename({ db }, "half done"));
  const waiting = [rename(second.store, "whole"), send(second.store, world.general, world.ann)];
  first.die();
  await Promise.all(waiting);
  expect(await nameOf(second.store)).toBe("whole");
  await close();
});

test("a worker that dies while it waits for its turn to write does not get the turn", async () => {
  const { first, second, primary, rename, nameOf, close } = await openTwoWorkers();
  const transaction = await primary.writer.begin();
  const refused = hold(first, (db) => rename({ db }, "late")).catch((error: unknown) => error);
  const waiting = rename(second.store, "whole");
  await new Promise((resolve) => void setTimeout(resolve, 50));
  first.die();
  await transaction.rollback();
  await waiting;
  expect(await refused).toMatchObject({ code: "unavailable" });
  expect(await nameOf(second.store)).toBe("whole");
  await close();
});

test("a worker that stands still in a write transaction loses it after two seconds, and cannot commit it later", async () => {
  const clock = new ManualClock();
  const { first, second, rename, nameOf, close } = await openTwoWorkers(clock);
  const begun = Promise.withResolvers<unknown>();
  const awake = Promise.withResolvers<unknown>();
  const late = first.store.db.transaction().execute(async (trx) => {
    await rename({ db: trx }, "half done");
    begun.resolve(undefined);
    await awake.promise;
  });
  await begun.promise;
  const waiting = rename(second.store, "whole");
  clock.advance(2_000);
  await waiting;
  awake.resolve(undefined);
  await expect(late).rejects.toMatchObject({ code: "unavailable" });
  expect(await nameOf(second.store)).toBe("whole");
  await close();
});

test("two workers that write at the same time get the same share of the turns", async () => {
  const { first, second, world, close } = await openTwoWorkers();
  const counts = { first: 0, second: 0 };
  const enough = new AbortController();
  const keepSending = async (store: Store, name: keyof typeof counts) => {
    while (!enough.signal.aborted) {
      await send(store, world.general, name === "first" ? world.ann : world.bob);
      counts[name] += 1;
    }
  };
  const senders = Array.from({ length: 5 }, () => [
    keepSending(first.store, "first"),
    keepSending(second.store, "second"),
  ]).flat();
  await expect.poll(() => counts.first + counts.second).toBeGreaterThan(400);
  enough.abort();
  await Promise.all(senders);
  expect(Math.min(counts.first, counts.second)).toBeGreaterThan(0.35 * (counts.first + counts.second));
  await close();
});
