import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createPerson } from "../../store/conformance/world.ts";
import type { Store } from "../../store/contract.ts";
import { openSqliteStore } from "../../store/sqlite/open-sqlite-store.ts";
import { temporaryFile } from "../../store/sqlite/testing/temporary-file.ts";
import { eventually } from "../../testing/eventually.ts";
import { ManualClock } from "../../testing/manual-clock.ts";
import { DueWork, type Duty } from "./due-work.ts";

let store: Store;
let clock: ManualClock;
let due: DueWork;
let errors: unknown[];

beforeEach(async () => {
  store = await openSqliteStore({ file: temporaryFile() });
  clock = new ManualClock();
  errors = [];
  due = new DueWork({ store, clock }, (error) => errors.push(error));
});
afterEach(async () => {
  due.stop();
  await store.close();
});

/** Lets one look come to its end. */
async function look(): Promise<void> {
  const executed = vi.spyOn(store.db, "executeQuery");
  clock.advance(500);
  await eventually(() => expect(executed).toHaveBeenCalledTimes(1));
  await executed.mock.results[0]!.value;
  await new Promise(setImmediate);
  executed.mockRestore();
}

async function mailDueAt(at: number): Promise<void> {
  const userId = await createPerson(store, `user${at}`);
  const mail = { user_id: userId, address: "a@x.org", kind: "digest", created_at: 0, due_at: at };
  await store.db.insertInto("mails").values(mail).execute();
}

test("one query looks for all duties, and only that whose time has come begins", async () => {
  const [mails, rings] = [vi.fn<Duty["work"]>(async () => {}), vi.fn<Duty["work"]>(async () => {})];
  const onError = (error: unknown) => errors.push(error);
  due.add({ kinds: ["mail"], pauseMs: 500, work: mails, onError });
  due.add({ kinds: ["ring", "export"], pauseMs: 500, work: rings, onError });
  await mailDueAt(clock.now() + 1_200);
  await look();
  await look();
  expect(mails).not.toHaveBeenCalled();
  await look();
  expect(mails).toHaveBeenCalledTimes(1);
  expect(rings).not.toHaveBeenCalled();
  expect(errors).toEqual([]);
});

test("work that fails or leaves something is begun again after its pause, and work that still runs is not", async () => {
  await mailDueAt(clock.now());
  const running = Promise.withResolvers<void>();
  const failing = vi.fn<Duty["work"]>(() => Promise.reject(new Error("no disk")));
  const slow = vi.fn<Duty["work"]>(() => running.promise);
  const failed: unknown[] = [];
  due.add({ kinds: ["mail"], pauseMs: 1_000, work: failing, onError: (error) => failed.push(error) });
  due.add({ kinds: ["mail"], pauseMs: 500, work: slow, onError: (error) => errors.push(error) });
  for (let looks = 0; looks < 4; looks += 1) await look();
  expect(failing).toHaveBeenCalledTimes(2);
  expect(failed).toHaveLength(2);
  expect(slow).toHaveBeenCalledTimes(1);
  running.resolve();
  await look();
  await look();
  expect(slow).toHaveBeenCalledTimes(3);
  expect(errors).toEqual([]);
});

test("a duty with a time of its own begins without the database, and one that was taken away does not", async () => {
  const [often, gone] = [vi.fn<Duty["work"]>(async () => {}), vi.fn<Duty["work"]>(async () => {})];
  const onError = (error: unknown) => errors.push(error);
  due.add({ kinds: [], isTime: () => true, pauseMs: 1_000, work: often, onError });
  due.add({ kinds: [], isTime: () => true, pauseMs: 500, work: gone, onError })();
  clock.advance(500);
  await new Promise(setImmediate);
  clock.advance(500);
  await new Promise(setImmediate);
  clock.advance(500);
  expect(often).toHaveBeenCalledTimes(2);
  expect(gone).not.toHaveBeenCalled();
});
