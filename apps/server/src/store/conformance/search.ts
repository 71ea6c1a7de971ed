import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { searchIndex } from "../search/open-index.ts";
import type { IndexBatch, IndexQuery, SearchIndex, Term } from "../search/search-index.ts";
import { readState } from "../search/state.ts";
import type { OpenStore, StoreUnderTest } from "./store-under-test.ts";
import { createWorld, send, type World } from "./world.ts";

const exactly = (term: string): Term => ({ term, isPrefix: false });
const beginning = (term: string): Term => ({ term, isPrefix: true });

export function describeSearch(open: OpenStore): void {
  describe("search index", () => {
    let fixture: StoreUnderTest;
    let world: World;
    let index: SearchIndex;
    let ids: number[];
    beforeAll(async () => {
      fixture = await open();
      world = await createWorld(fixture.store);
      index = searchIndex(fixture.store.search, fixture.store.dialect);
      await index.reset({ epoch: "e", remainingBelow: 0, positions: [] });
      ids = [];
      for (let count = 0; count < 4; count += 1) ids.push((await send(fixture.store, world.general, world.ann)).id);
      const terms = [
        ["канал", ":c1"],
        ["канал", "кот", ":c2"],
        ["котор", ":c1"],
        ["кот", ":c1"],
      ];
      await write({ documents: ids.map((id, at) => ({ id, terms: terms[at] ?? [] })), removed: [] });
    });
    afterAll(() => fixture.cleanUp());

    const write = (batch: Partial<IndexBatch>) => index.write({ documents: [], removed: [], positions: [], ...batch });
    /** Places of the found messages among those sent. */
    const find = async (clauses: Term[][], page: Partial<IndexQuery> = {}) => {
      const found = await index.find({ clauses, before: Number.MAX_SAFE_INTEGER, from: 0, limit: 10, ...page });
      return found.map((id) => ids.indexOf(id));
    };

    test("[S13] a term, a beginning, alternatives and all of several are found, the newest first", async () => {
      expect(await find([[exactly("кот")]])).toEqual([3, 1]);
      expect(await find([[beginning("кот")]])).toEqual([3, 2, 1]);
      expect(await find([[exactly("котор"), exactly("канал")]])).toEqual([2, 1, 0]);
      expect(await find([[beginning("кот")], [exactly(":c1")]])).toEqual([3, 2]);
      expect(await find([[beginning("кот")]], { without: [":c2", ":c3"] })).toEqual([3, 2]);
      expect(await find([[exactly("собака")]])).toEqual([]);
    });

    test("[S13] pages go by id in either direction", async () => {
      const all = [[exactly(":c1"), exactly(":c2")]];
      expect(await find(all, { limit: 2 })).toEqual([3, 2]);
      expect(await find(all, { limit: 2, before: ids[2]! })).toEqual([1, 0]);
      expect(await find(all, { from: ids[1]!, before: ids[3]! })).toEqual([2, 1]);
    });

    test("[S13] a document is replaced as a whole, and a removed one is not found", async () => {
      const { id } = await send(fixture.store, world.general, world.ann);
      ids.push(id);
      await write({ documents: [{ id, terms: ["старый"] }] });
      await write({ documents: [{ id, terms: ["новый"] }], removed: [id] });
      expect([await find([[exactly("старый")]]), await find([[exactly("новый")]])]).toEqual([[], [4]]);
      await write({ removed: [id] });
      await index.compact();
      expect(await find([[exactly("новый")]])).toEqual([]);
      for (const word of ["старый", "новый"]) expect(fixture.bytes?.().includes(word) ?? false).toBe(false);
      expect(await find([[exactly("кот")]])).toEqual([3, 1]);
    });

    test("[S13] what is removed while the index is compacted is left for the next time", async () => {
      const { store } = fixture;
      const remains = async () => (await readState(store.search, "e")).remains;
      const { id } = await send(store, world.general, world.ann);
      await write({ documents: [{ id, terms: ["мимолётный"] }] });
      const working: Promise<unknown>[] = [];
      // While this transaction is open no other writes: the removal comes after the compaction has begun.
      await store.search.transaction().execute(async () => {
        working.push(index.compact());
        await remains();
        working.push(write({ removed: [id] }));
      });
      await Promise.all(working);
      // PostgreSQL keeps nothing that would have to be compacted.
      expect((await remains()) !== null).toBe(store.dialect === "sqlite");
      await index.compact();
      expect(await remains()).toBeNull();
    });

    test("[S13] a batch moves positions, and one that was overtaken by another node changes nothing", async () => {
      const { store } = fixture;
      const move = (from: number, to: number, term: string) =>
        write({
          documents: [{ id: ids[0]!, terms: [term] }],
          removed: [ids[0]!],
          positions: [{ channelId: world.random, from, to }],
        });
      let overtaken = false;
      expect(await move(0, 5, "первый")).toBe(true);
      // One process has the file of SQLite to itself.
      if (store.dialect === "postgres") overtaken = await move(0, 4, "второй");
      expect(overtaken).toBe(false);
      expect([await find([[exactly("первый")]]), await find([[exactly("второй")]])]).toEqual([[0], []]);
      const positions = await store.search.selectFrom("search_positions").selectAll().execute();
      expect(positions).toEqual([{ channel_id: world.random, seq: 5 }]);
    });

    test("[S13] an index of another epoch, or none, counts as missing, and a reset empties it", async () => {
      const { search } = fixture.store;
      expect((await readState(search, "e")).remainingBelow).toBe(0);
      expect((await readState(search, "another")).remainingBelow).toBe(null);
      await index.reset({ epoch: "f", remainingBelow: 7, positions: [{ channelId: world.general, seq: 2 }] });
      expect(await find([[beginning("кот")]])).toEqual([]);
      expect((await readState(search, "f")).remainingBelow).toBe(7);
      await write({ remainingBelow: { from: 7, to: 3 } });
      expect((await readState(search, "f")).remainingBelow).toBe(3);
      expect(await index.size()).toBeGreaterThan(0);
    });
  });
}
