import { afterEach, beforeEach, expect, test } from "vitest";
import { MemoryHub } from "../../cluster/memory-hub.ts";
import { pass } from "../../cluster/testing/pass.ts";
import { createWorld, send, type World } from "../../store/conformance/world.ts";
import type { LogCommand, Store } from "../../store/contract.ts";
import { setServerRetention } from "../../store/queries/servers.ts";
import { openSqliteStore } from "../../store/sqlite/open-sqlite-store.ts";
import { temporaryFile } from "../../store/sqlite/testing/temporary-file.ts";
import { eventually } from "../../testing/eventually.ts";
import { ManualClock } from "../../testing/manual-clock.ts";
import { testConfig } from "../../testing/test-server.ts";
import { startRetention } from "./start-retention.ts";

const old = 60;

let clock: ManualClock;
let hub: MemoryHub;
let store: Store;
let world: World;

beforeEach(async () => {
  clock = new ManualClock();
  hub = new MemoryHub(clock);
  store = await openSqliteStore({ file: temporaryFile() });
  world = await createWorld(store);
  const at = clock.now() - 5 * 86_400_000;
  for (let count = 0; count < old; count += 1) await send(store, world.general, world.ann, { at });
  await setServerRetention(store.db, world.serverId, { message_days: 3, file_days: 0, file_mb: 0 });
});
afterEach(async () => {
  hub.close();
  await store.close();
});

const present = async () => (await store.log.history(world.general, { limit: 100 })).messages.length;

/** A node that removes; `commands` are those that it gave the log. */
async function node() {
  const cluster = await hub.join();
  const commands: LogCommand[] = [];
  const log: Store["log"] = Object.assign(Object.create(store.log) as Store["log"], {
    commit(command: LogCommand) {
      commands.push(command);
      return store.log.commit(command);
    },
  });
  const unused = () => Promise.reject(new Error("no files"));
  const storage = {
    receive: unused,
    keep: unused,
    read: unused,
    freeBytes: unused,
    remove: unused,
    check: unused,
    size: unused,
    sweep: unused,
  };
  const removed: { messages: number; files: number }[] = [];
  const errors: unknown[] = [];
  const stop = startRetention(
    { store: { ...store, log, db: store.db }, clock, storage, cluster, settings: testConfig() },
    { onRemoved: (one) => removed.push(one), onError: (error) => errors.push(error) },
  );
  return { cluster, commands, removed, errors, stop };
}

test("one of two nodes removes, in slices with pauses, and another goes on where it was stopped", async () => {
  const nodes = [await node(), await node()];
  await pass(clock, 60_000);
  await eventually(async () => expect(await present()).toBe(old - 20));
  // The next slice waits for the clock.
  const [working, idle] = nodes[0]!.commands.length > 0 ? [nodes[0]!, nodes[1]!] : [nodes[1]!, nodes[0]!];
  expect([working.commands.length, idle.commands.length]).toEqual([20, 0]);
  working.stop();
  await working.cluster.close();
  await eventually(async () => {
    await pass(clock, 60_000);
    expect(await present()).toBe(0);
  });
  await eventually(async () => {
    await pass(clock, 60_000);
    expect(idle.removed).toEqual([{ messages: old - 20, files: 0 }]);
  });
  expect([working.commands.length, idle.commands.length]).toEqual([20, old - 20]);
  expect([...working.errors, ...idle.errors]).toEqual([]);
});

test("a message that was deleted before a node could note it is passed over", async () => {
  const first = await node();
  await pass(clock, 60_000);
  await eventually(async () => expect(await present()).toBe(old - 20));
  first.stop();
  await store.db.updateTable("channels").set({ expired_seq: 0 }).execute();
  await first.cluster.close();
  const second = await node();
  await eventually(async () => {
    await pass(clock, 60_000);
    expect(second.removed).toEqual([{ messages: old - 20, files: 0 }]);
  });
});
