import { sql } from "kysely";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { fastest } from "./fastest.ts";
import type { OpenStore, StoreUnderTest } from "./store-under-test.ts";
import type { HistoryPage } from "../contract.ts";
import { deleting, editing, reacting } from "./commands.ts";
import { commit, createWorld, send, type World } from "./world.ts";

export function describeHistory(open: OpenStore): void {
  describe("history", () => {
    let fixture: StoreUnderTest;
    let world: World;
    /** Ids of messages "1" to "10", of which the first, the last and "5" are deleted. */
    let ids: number[];
    beforeAll(async () => {
      fixture = await open();
      world = await createWorld(fixture.store);
      ids = [];
      for (let number = 1; number <= 10; number += 1) {
        const { id } = await send(fixture.store, world.general, world.ann, { content: String(number) });
        ids.push(id);
        await send(fixture.store, world.random, world.ann, { content: "elsewhere" });
      }
      for (const number of [1, 5, 10]) await commit(fixture.store, deleting(at(number), world.ann));
    });
    afterAll(() => fixture.cleanUp());

    const at = (number: number) => ids[number - 1] ?? 0;
    const page = async (wanted: HistoryPage) => {
      const { messages, has_more, has_newer, seq } = await fixture.store.log.history(world.general, wanted);
      expect(seq).toBe(13);
      return [messages.map((message) => message.content).join(" "), has_more, has_newer];
    };

    test("[L15] a page holds the newest messages, oldest first, without tombstones", async () => {
      expect(await page({ limit: 3 })).toEqual(["7 8 9", true, false]);
      expect(await page({ limit: 7 })).toEqual(["2 3 4 6 7 8 9", false, false]);
      expect(await page({ limit: 100 })).toEqual(["2 3 4 6 7 8 9", false, false]);
    });

    test("[L15] a page before a message, deleted or not, says whether more messages exist on both sides", async () => {
      expect(await page({ limit: 3, before: at(7) })).toEqual(["3 4 6", true, true]);
      expect(await page({ limit: 3, before: at(4) })).toEqual(["2 3", false, true]);
      expect(await page({ limit: 3, before: at(2) })).toEqual(["", false, true]);
      expect(await page({ limit: 2, before: at(5) })).toEqual(["3 4", true, true]);
      expect(await page({ limit: 2, before: at(10) })).toEqual(["8 9", true, false]);
    });

    test("[L15] a page after a message, deleted or not, says whether more messages exist on both sides", async () => {
      expect(await page({ limit: 3, after: at(4) })).toEqual(["6 7 8", true, true]);
      expect(await page({ limit: 3, after: at(7) })).toEqual(["8 9", true, false]);
      expect(await page({ limit: 3, after: at(9) })).toEqual(["", true, false]);
      expect(await page({ limit: 1, after: at(1) })).toEqual(["2", false, true]);
    });

    test("[L15] a page around a message, deleted or not, says whether more messages exist on both sides", async () => {
      expect(await page({ limit: 4, around: at(6) })).toEqual(["4 6 7 8", true, true]);
      expect(await page({ limit: 4, around: at(2) })).toEqual(["2 3 4", false, true]);
      expect(await page({ limit: 4, around: at(9) })).toEqual(["8 9", true, false]);
      expect(await page({ limit: 4, around: at(5) })).toEqual(["3 4 6 7", true, true]);
    });

    test("pages around a position, at which no message needs to be", async () => {
      const { messages } = await fixture.store.log.history(world.general, { limit: 100 });
      const seqOf = (id: number) => messages.find((message) => message.id === id)!.seq;
      expect(await page({ limit: 4, aroundSeq: seqOf(at(6)) })).toEqual(["4 6 7 8", true, true]);
      expect(await page({ limit: 4, aroundSeq: seqOf(at(6)) - 1 })).toEqual(["3 4 6 7", true, true]);
      expect(await page({ limit: 4, aroundSeq: 0 })).toEqual(["2 3", false, true]);
      expect(await page({ limit: 4, aroundSeq: 999_999_999 })).toEqual(["8 9", true, false]);
    });

    test("[L15] a page beside 100,000 deleted messages reads none of them", async () => {
      const { store, general, ann } = await createWorld(fixture.store);
      const { id } = await send(store, general, ann);
      const page = async () =>
        expect((await store.log.history(general, { limit: 50 })).messages.map((message) => message.id)).toEqual([id]);
      const alone = await fastest(50, page);
      await sql`with recursive n(seq) as (select 2 union all select seq + 1 from n where seq < 100001)
        insert into messages (channel_id, author_id, content, seq, updated_seq, created_at, deleted_at)
        select ${sql.lit(general)}, ${sql.lit(ann)}, '', seq, seq, seq, 1 from n`.execute(store.db);
      expect(await fastest(50, page)).toBeLessThan(5 * Math.max(alone, 1));
    });

    test("[L17] unknown channels and messages are not found", async () => {
      const { log } = fixture.store;
      const elsewhere = (await log.history(world.random, { limit: 1 })).messages[0]?.id ?? 0;
      for (const wanted of [{ before: elsewhere }, { after: 999_999_999 }, { around: 999_999_999 }]) {
        await expect(log.history(world.general, { limit: 3, ...wanted })).rejects.toMatchObject({ code: "not_found" });
      }
      await expect(log.history(999_999_999, { limit: 3 })).rejects.toMatchObject({ code: "not_found" });
      await expect(log.changesSince(999_999_999, 0, 10)).rejects.toMatchObject({ code: "not_found" });
      expect(await log.message(999_999_999)).toBeNull();
    });

    describe("changesSince", () => {
      let other: World;
      beforeEach(async () => void (other = await createWorld(fixture.store)));

      test("[L16] each changed message is returned once, in its current state, by updated_seq", async () => {
        const { store, general, ann, bob } = other;
        const one = await send(store, general, ann, { content: "one" });
        const two = await send(store, general, ann, { content: "two" });
        const three = await send(store, general, bob, { content: "three", replyToId: one.id });
        await commit(store, reacting(two.id, bob, "👍"));
        await commit(store, editing(two.id, ann, "second"));
        await commit(store, deleting(one.id, ann));
        const { seq, changes } = await store.log.changesSince(general, 2, 10);
        expect(seq).toBe(6);
        expect(changes?.map(({ id, updated_seq }) => [id, updated_seq])).toEqual([
          [three.id, 3],
          [two.id, 5],
          [one.id, 6],
        ]);
        expect(changes?.[0]?.reply_to).toMatchObject({ is_deleted: true, content: "" });
        expect(changes?.[1]).toMatchObject({ content: "second", reactions: [{ emoji: "👍", count: 1 }] });
        expect(changes?.[2]).toMatchObject({ is_deleted: true, content: "" });
      });

      test("[L16] the current position returns no changes", async () => {
        const { store, general, ann } = other;
        await send(store, general, ann);
        expect(await store.log.changesSince(general, 1, 10)).toEqual({ seq: 1, changes: [] });
      });

      test("[L16] changes are null when more than the limit changed or the position is beyond the channel", async () => {
        const { store, general, ann } = other;
        for (let number = 0; number < 4; number += 1) await send(store, general, ann);
        expect((await store.log.changesSince(general, 0, 4)).changes).toHaveLength(4);
        expect(await store.log.changesSince(general, 0, 3)).toEqual({ seq: 4, changes: null });
        expect(await store.log.changesSince(general, 5, 100)).toEqual({ seq: 4, changes: null });
      });

      test("[L16] changes are null when their texts are too long, whatever holds them", async () => {
        const { store, general, ann } = other;
        const forwarded = { sourceId: 1, content: "ж".repeat(500), writtenAt: 1, sticker: null };
        for (let number = 0; number < 9; number += 1) await send(store, general, ann, { content: "", forwarded });
        expect((await store.log.changesSince(general, 0, 9, 9_000)).changes).toHaveLength(9);
        expect(await store.log.changesSince(general, 0, 9, 8_999)).toEqual({ seq: 9, changes: null });
        expect(await store.log.changesSince(general, 0, 8, 9_000)).toEqual({ seq: 9, changes: null });
      });
    });
  });
}
