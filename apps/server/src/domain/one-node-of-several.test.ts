import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { MemoryBus } from "../bus/memory.ts";
import { MemoryHub } from "../cluster/memory-hub.ts";
import type { Cluster } from "../cluster/contract.ts";
import { pass } from "../cluster/testing/pass.ts";
import { createPerson } from "../store/conformance/world.ts";
import type { Store } from "../store/contract.ts";
import { insertSession, revokeSession, sessionById } from "../store/queries/sessions.ts";
import { openSqliteStore } from "../store/sqlite/open-sqlite-store.ts";
import { temporaryFile } from "../store/sqlite/testing/temporary-file.ts";
import { ManualClock } from "../testing/manual-clock.ts";
import { consumeClaim, issueClaim } from "./accounts/claim.ts";
import { watchRevocations } from "./accounts/watch-revocations.ts";
import { DueWork } from "./due-work/due-work.ts";
import { startHousekeeping } from "./housekeeping.ts";
import { testConfig } from "../testing/test-server.ts";
import { eventually } from "../testing/eventually.ts";

const day = 86_400_000;

describe("work that one of several nodes does", () => {
  let clock: ManualClock;
  let hub: MemoryHub;
  let store: Store;
  let first: Cluster;
  let second: Cluster;

  beforeEach(async () => {
    clock = new ManualClock();
    hub = new MemoryHub(clock);
    store = await openSqliteStore({ file: temporaryFile() });
    first = await hub.join();
    second = await hub.join();
  });
  afterEach(async () => {
    hub.close();
    await store.close();
  });

  async function session(id: string, expiresAt: number): Promise<number> {
    const userId = await createPerson(store, `u${id}`);
    await insertSession(store.db, {
      id,
      user_id: userId,
      kind: "web",
      refresh_hash: null,
      spent_hash: null,
      user_agent: "",
      address: "",
      created_at: 0,
      last_used_at: 0,
      expires_at: expiresAt,
      revoked_at: null,
    });
    return userId;
  }

  test("housekeeping is done by one node, and by another once that one is gone", async () => {
    const unused = () => Promise.reject(new Error("no files"));
    const storage = {
      receive: unused,
      keep: unused,
      read: unused,
      freeBytes: unused,
      remove: unused,
      check: unused,
      size: unused,
      sweep: () => Promise.resolve(),
    };
    const errors: unknown[] = [];
    const sweeps = [first, second].map((cluster) => {
      const eraseDeleted = vi.fn<Store["eraseDeleted"]>(() => store.eraseDeleted());
      const settings = testConfig();
      const bus = new MemoryBus();
      const context = { store: { ...store, eraseDeleted }, bus, clock, storage, cluster, settings };
      startHousekeeping(context, (error) => errors.push(error));
      return eraseDeleted;
    });
    const done = () => sweeps.map(({ mock }) => mock.calls.length);
    await session("old", clock.now() - 30 * day);
    await pass(clock, 10 * 60_000);
    await eventually(() => expect(done().toSorted((a, b) => a - b)).toEqual([0, 1]));
    expect(await sessionById(store.db, "old")).toBeUndefined();
    const keeper = done()[0] === 1 ? first : second;
    await keeper.close();
    await session("older", clock.now() - 30 * day);
    await pass(clock, 10 * 60_000);
    await eventually(() => expect(done()).toEqual([1, 1]));
    expect(await sessionById(store.db, "older")).toBeUndefined();
    // The node that is closed cannot claim any more.
    expect(errors.length).toBeLessThanOrEqual(1);
  });

  test("the claim link of the first node stays valid when another starts, and a node after it gets one of its own", async () => {
    const secret = await issueClaim({ store, cluster: first, clock });
    expect(secret).not.toBeNull();
    expect(await issueClaim({ store, cluster: second, clock })).toBeNull();
    await store.db.transaction().execute((db) => consumeClaim(db, secret!));
    await first.close();
    expect(await issueClaim({ store, cluster: second, clock })).not.toBeNull();
  });

  test("every node closes a revoked session within a second, once, without a message on the bus", async () => {
    const closed: string[][] = [[], []];
    const onError = (error: unknown) => expect.fail(String(error));
    const stops = closed.map((ids) => {
      const due = new DueWork({ store, clock }, onError);
      watchRevocations({ store, clock }, due, { close: (userId, id) => ids.push(`${userId} ${id}`), onError });
      return () => due.stop();
    });
    const userId = await session("stolen", clock.now() + day);
    await revokeSession(store.db, "stolen", clock.now());
    await pass(clock, 1_000);
    await eventually(() => expect(closed).toEqual([[`${userId} stolen`], [`${userId} stolen`]]));
    await pass(clock, 20_000);
    expect(closed.map(({ length }) => length)).toEqual([1, 1]);
    for (const stop of stops) stop();
  });
});
