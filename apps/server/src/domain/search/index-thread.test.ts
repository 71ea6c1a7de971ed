import { Worker } from "node:worker_threads";
import { afterEach, expect, test, vi } from "vitest";
import { send } from "../../store/conformance/world.ts";
import { searchIndex } from "../../store/search/open-index.ts";
import { requestRebuild } from "../../store/search/state.ts";
import { openSearchWorld, type SearchWorld } from "../../testing/search-world.ts";

/** How often this thread loads the stems; the search's thread runs without Vitest. */
const loads = vi.hoisted(() => ({ count: 0 }));
vi.mock(import("../../search/document.ts"), async (load) => {
  loads.count += 1;
  return load();
});

const soon = { interval: 1, timeout: 15_000 };

let opened: SearchWorld;
afterEach(async () => {
  vi.restoreAllMocks();
  await opened.close();
});

const idsOf = (word: string, limit = 1_000) => {
  const clauses = [[{ term: word, isPrefix: false }]];
  return searchIndex(opened.store.search, "sqlite").find({ clauses, before: 1e9, from: 0, limit });
};

/** What passes between this thread and those of the store: steps, and the letters of all messages in both directions. */
function watchThreads() {
  const posted = vi.spyOn(Worker.prototype, "postMessage");
  const emitted = vi.spyOn(Worker.prototype, "emit");
  return {
    get steps(): string[] {
      const requests: unknown[] = posted.mock.calls.flatMap(([message]) => (Array.isArray(message) ? message : []));
      return requests.flatMap((request) =>
        typeof request === "object" && request && "step" in request ? [String(request.step)] : [],
      );
    },
    get letters(): number {
      const messages = [...posted.mock.calls, ...emitted.mock.calls.filter(([event]) => event === "message")];
      return messages.reduce((sum, message) => sum + JSON.stringify(message).length, 0);
    },
  };
}

async function sendMany(count: number, content: (index: number) => string): Promise<void> {
  const { store, world } = opened;
  const all = Array.from({ length: count }, (_, index) => index);
  await Promise.all(all.map((index) => send(store, world.general, world.ann, { content: content(index) })));
}

test("SQLite's search thread reads, stems and writes what it indexes: numbers alone pass between the threads", async () => {
  opened = await openSearchWorld(null);
  const { store, indexer } = opened;
  await indexer.run();
  await sendMany(600, (index) => `маяк ${index} ${"на берегу моря ".repeat(20)}`);
  const following = watchThreads();
  await indexer.run();
  expect(following.steps.filter((step) => step === "follow").length).toBeGreaterThan(1);
  expect(following.letters).toBeLessThan(5_000);
  vi.restoreAllMocks();
  expect(await idsOf("маяк")).toHaveLength(600);
  await requestRebuild(store.search);
  const rebuilding = watchThreads();
  await indexer.run();
  expect(rebuilding.steps).toContain("rebuild");
  expect(rebuilding.letters).toBeLessThan(7_500);
  vi.restoreAllMocks();
  expect(await idsOf("маяк")).toHaveLength(600);
  expect(loads.count).toBe(0);
});

test("a search waits for one step while long messages are indexed, in which there are few of them", async () => {
  opened = await openSearchWorld(null);
  const { indexer } = opened;
  await indexer.run();
  await sendMany(80, (index) => Array.from({ length: 400 }, (_, word) => `${index * 1_000 + word} слово`).join(" "));
  const seen = watchThreads();
  let isDone = false;
  const running = indexer.run().finally(() => (isDone = true));
  await vi.waitUntil(() => seen.steps.filter((step) => step === "follow").length > 2, soon);
  const before = seen.steps.length;
  await idsOf("слово", 1);
  // The one that runs, and one that was asked for before the search.
  expect([isDone, seen.steps.length - before <= 1]).toEqual([false, true]);
  await running;
  // Of 4,000 letters each.
  expect(seen.steps.length).toBeGreaterThan(80 / 8);
});

test("a step waits for a transaction of the index that is open in this thread", async () => {
  opened = await openSearchWorld(null);
  const { store, world, indexer } = opened;
  await indexer.run();
  await send(store, world.general, world.ann, { content: "маяк" });
  const seen = watchThreads();
  const running: Promise<void>[] = [];
  const taken = store.search.transaction().execute(async (trx) => {
    await trx.insertInto("search_positions").values({ channel_id: 77, seq: 1 }).execute();
    running.push(indexer.run());
    await vi.waitUntil(() => seen.steps.includes("look"), soon);
    for (let count = 0; count < 5; count += 1) await trx.selectFrom("search_positions").selectAll().execute();
    expect(seen.steps).not.toContain("follow");
    throw new Error("taken back");
  });
  await expect(taken).rejects.toThrow("taken back");
  await Promise.all(running);
  expect(await idsOf("маяк")).toHaveLength(1);
  const positions = await store.search.selectFrom("search_positions").select("channel_id").execute();
  expect(positions).not.toContainEqual({ channel_id: 77 });
});

test("a store that is closed while a step runs lets it end, and the run ends with it", async () => {
  opened = await openSearchWorld(null);
  const { store, indexer } = opened;
  await indexer.run();
  await sendMany(900, (index) => `маяк ${index} ${"на берегу моря ".repeat(20)}`);
  const seen = watchThreads();
  const ended = indexer.run().catch((error: unknown) => error);
  await vi.waitUntil(() => seen.steps.includes("follow"), soon);
  await store.close();
  expect(await ended).toMatchObject({ code: "unavailable" });
});
