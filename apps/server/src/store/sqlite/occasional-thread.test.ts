import { expect, test } from "vitest";
import { ManualClock } from "../../testing/manual-clock.ts";
import { OccasionalThread } from "./occasional-thread.ts";
import type { QueryReply } from "./query-protocol.ts";

const minuteMs = 60_000;
const select = { slot: 0, sql: "select 1", parameters: [] };

/** Threads that answer when the test says so, and end when it says so. */
function createThreads() {
  const clock = new ManualClock();
  const started: { answers: (() => void)[]; end: () => void; isClosed: boolean }[] = [];
  const thread = new OccasionalThread(() => {
    const { promise, resolve: end } = Promise.withResolvers<void>();
    const own = { answers: [] as (() => void)[], end, isClosed: false };
    started.push(own);
    return {
      call: () =>
        new Promise<QueryReply>((resolve) => {
          own.answers.push(() => resolve({ rows: [], changes: 0, lastInsertRowid: 0 }));
        }),
      async close() {
        own.isClosed = true;
        await promise;
      },
    };
  }, clock);
  const answer = async (number: number) => {
    for (const one of started[number]!.answers.splice(0)) one();
    await Promise.resolve();
  };
  return { clock, thread, started, answer };
}

test("a thread starts with the first need, runs once it answers, and ends ten minutes after the last one", async () => {
  const { clock, thread, started, answer } = createThreads();
  clock.advance(60 * minuteMs);
  expect(started).toEqual([]);
  void thread.need().call(select);
  expect([started.length, thread.running]).toEqual([1, null]);
  await answer(0);
  expect(thread.running).not.toBeNull();
  clock.advance(8 * minuteMs);
  void thread.need().call(select);
  clock.advance(9 * minuteMs);
  expect([started.length, started[0]!.isClosed]).toEqual([1, false]);
  clock.advance(2 * minuteMs);
  expect([started[0]!.isClosed, thread.running]).toEqual([true, null]);
  expect(clock.pending).toBe(0);
});

test("who needs a thread while the one before is ending has another one, and both have ended once it is closed", async () => {
  const { clock, thread, started, answer } = createThreads();
  thread.need();
  clock.advance(11 * minuteMs);
  thread.need();
  // The late answer of the one that is ending says nothing of the next one.
  await answer(0);
  expect([started.length, thread.running]).toEqual([2, null]);
  await answer(1);
  expect(thread.running).not.toBeNull();

  let isClosed = false;
  const close = async () => {
    await thread.close();
    isClosed = true;
  };
  const closing = close();
  started[1]!.end();
  await new Promise((resolve) => void setImmediate(resolve));
  expect([started[1]!.isClosed, isClosed]).toEqual([true, false]);
  started[0]!.end();
  await closing;
  await expect(thread.need().call(select)).rejects.toMatchObject({ code: "unavailable" });
  expect([started.length, clock.pending]).toEqual([2, 0]);
});
