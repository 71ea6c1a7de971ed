import { expect, test } from "vitest";
import { ManualClock } from "../../testing/manual-clock.ts";
import type { QueryReply } from "./query-protocol.ts";
import { SearchesFirst } from "./searches-first.ts";

const select = { slot: 0, sql: "select 1", parameters: [] };

function createSearches() {
  const clock = new ManualClock();
  const answers: (() => void)[] = [];
  const reply: QueryReply = { rows: [], changes: 0, lastInsertRowid: 0 };
  const thread = { call: () => new Promise<QueryReply>((resolve) => answers.push(() => resolve(reply))) };
  const searches = new SearchesFirst(thread, clock);
  const answer = async (asked: Promise<unknown>) => {
    answers.shift()!();
    await asked;
  };
  const step = () => {
    const found = { isBegun: false };
    void searches.pass().then(() => (found.isBegun = true));
    return found;
  };
  const pass = async (ms: number) => {
    for (let count = 0; count < ms; count += 1) {
      clock.advance(1);
      await new Promise(setImmediate);
    }
  };
  return { clock, searches, answer, step, pass };
}

test("a step begins at once while nobody searches", async () => {
  const { step, pass, clock } = createSearches();
  const first = step();
  await pass(0);
  await Promise.resolve();
  expect([first.isBegun, clock.pending]).toEqual([true, 0]);
});

test("a step waits until the queries of a search, one after the other, are answered", async () => {
  const { searches, answer, step, pass } = createSearches();
  const first = searches.call(select);
  const waiting = step();
  await pass(4);
  await answer(first);
  await pass(1);
  const second = searches.call(select);
  await pass(4);
  expect(waiting.isBegun).toBe(false);
  await answer(second);
  await pass(3);
  expect(waiting.isBegun).toBe(true);
});

test("searches without end hold a step up for twenty milliseconds", async () => {
  const { searches, step, pass, clock } = createSearches();
  void searches.call(select);
  const waiting = step();
  await pass(19);
  expect(waiting.isBegun).toBe(false);
  await pass(1);
  expect([waiting.isBegun, clock.pending]).toEqual([true, 0]);
});
