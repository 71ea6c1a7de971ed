import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { draftsOf, keepLatestDrafts, putDraft } from "../queries/drafts.ts";
import { messageAtTime } from "../queries/messages.ts";
import { claimDue, isDue } from "../queries/outbox.ts";
import { unreadIn } from "../queries/unread.ts";
import { lowerReadState, raiseReadStates, readWholeServer } from "../queries/read-states.ts";
import * as saved from "../queries/saved-messages.ts";
import * as scheduled from "../queries/scheduled-messages.ts";
import { deleting } from "./commands.ts";
import type { OpenStore, StoreUnderTest } from "./store-under-test.ts";
import { commit, createChannel, createWorld, leave, send, type World } from "./world.ts";

export function describeOwnMessages(open: OpenStore): void {
  describe("what people keep for themselves", () => {
    let fixture: StoreUnderTest;
    let world: World;
    beforeAll(async () => {
      fixture = await open();
      world = await createWorld(fixture.store);
    });
    afterAll(() => fixture.cleanUp());

    const row = (fields = {}) => ({
      user_id: world.ann,
      channel_id: world.general,
      content: "later",
      reply_to_id: null,
      poll: null,
      send_at: 100,
      due_at: 100,
      created_at: 1,
      ...fields,
    });

    test("[S10] of several nodes that ask at once, each scheduled message goes to one, and to the next when its lease ends", async () => {
      const { db } = world.store;
      for (let index = 0; index < 10; index += 1) await scheduled.insertScheduled(db, row(), 50);
      expect(await isDue(db, "scheduled_messages", 99)).toBe(false);
      const claim = (now: number) => claimDue(db, "scheduled_messages", { now, leaseUntil: now + 50, limit: 4 });
      const claimed = (await Promise.all(Array.from({ length: 6 }, () => claim(100)))).flat();
      expect(new Set(claimed.map(({ id }) => id)).size).toBe(claimed.length);
      // What a node that is gone has leased.
      while ((await claim(100)).length > 0);
      const first = claimed[0]!;
      const own = { id: first.id, userId: world.ann };
      expect(await scheduled.changeScheduled(db, own, { send_at: 500 })).toBeUndefined();
      expect(await scheduled.cancelScheduled(db, first.id, world.ann)).toBe(false);
      expect(await claim(149)).toEqual([]);
      expect((await claim(150)).map(({ attempts }) => attempts)).toEqual([2, 2, 2, 2]);
      await scheduled.refuseScheduled(db, first.id, "forbidden");
      expect(await scheduled.changeScheduled(db, own, { send_at: 500 })).toMatchObject({ refused: null, due_at: 500 });
      expect(await scheduled.cancelScheduled(db, first.id, world.bob)).toBe(false);
      expect(await scheduled.cancelScheduled(db, first.id, world.ann)).toBe(true);
    });

    test("[S10] a draft's revision rises, whatever the clocks say, and the latest drafts stay", async () => {
      const { store, serverId, ann, bob, general, random } = world;
      const put = (channelId: number, text: string, now: number) =>
        putDraft(store.db, { userId: ann, channelId, text }, now);
      expect([await put(general, "a", 10), await put(general, "b", 5), await put(general, "", 20)]).toEqual([
        10, 11, 20,
      ]);
      await put(random, "c", 30);
      expect(await draftsOf(store.db, ann)).toEqual([
        { channel_id: general, text: "", rev: 20 },
        { channel_id: random, text: "c", rev: 30 },
      ]);
      expect(await draftsOf(store.db, bob)).toEqual([]);
      await keepLatestDrafts(store.db, ann, 1);
      expect(await draftsOf(store.db, ann)).toMatchObject([{ channel_id: random }]);
      const other = await createWorld(store);
      await putDraft(store.db, { userId: ann, channelId: other.general, text: "hidden" }, 40);
      expect((await draftsOf(store.db, ann)).map(({ text }) => text)).toEqual(["c"]);
      expect(serverId).not.toBe(other.serverId);
    });

    test("[S10] saved messages are found until they may not be seen any more, and each reminder comes once", async () => {
      const { db } = world.store;
      const { ann, owner, general } = world;
      const messages = [];
      for (let index = 0; index < 4; index += 1) messages.push(await send(world.store, general, owner));
      const [one, two, three, gone] = messages.map(({ id }) => id) as [number, number, number, number];
      const put = (messageId: number, remindAt: number | null | undefined, now: number) =>
        saved.putSaved(db, { userId: ann, messageId, remindAt }, now);
      await put(one, undefined, 1);
      await put(two, 100, 2);
      await put(three, 200, 3);
      await put(gone, 100, 4);
      await put(two, undefined, 5);
      await commit(world.store, deleting(gone, owner));
      const page = { onlyDue: false, limit: 2 };
      const first = await saved.savedOf(db, ann, page);
      expect(first.map((item) => item.message_id)).toEqual([three, two]);
      const next = await saved.savedOf(db, ann, { ...page, before: two });
      expect(next.map((item) => item.message_id)).toEqual([one]);

      expect(await saved.takeDueReminders(db, 99, 1)).toEqual([]);
      const taken = (await Promise.all(Array.from({ length: 4 }, () => saved.takeDueReminders(db, 150, 1)))).flat();
      while (taken.length < 2) taken.push(...(await saved.takeDueReminders(db, 150, 1)));
      expect(new Set(taken.map((item) => item.message_id))).toEqual(new Set([two, gone]));
      expect(await saved.takeDueReminders(db, 150, 5)).toEqual([]);
      expect((await saved.remindersOf(db, ann, 10)).map((item) => item.message_id)).toEqual([two]);
      await put(two, null, 6);
      expect(await saved.remindersOf(db, ann, 10)).toEqual([]);
      await saved.takeDueReminders(db, 250, 5);
      expect(await saved.savedOf(db, ann, { onlyDue: true, limit: 5 })).toMatchObject([{ message_id: three }]);
      await leave(world.store, world.serverId, ann);
      expect(await saved.savedOf(db, ann, page)).toEqual([]);
      expect(await saved.remindersOf(db, ann, 10)).toEqual([]);
      await world.store.db
        .insertInto("members")
        .values({ server_id: world.serverId, user_id: ann, joined_at: 1 })
        .execute();
    });

    test("[S10] a channel that is marked unread has a lower position of another generation", async () => {
      const { store, bob, ann } = world;
      const channelId = await createChannel(store, world.serverId, "text");
      for (let index = 0; index < 5; index += 1) await send(store, channelId, ann);
      await raiseReadStates(store.db, [{ userId: bob, channelId, seq: 5 }]);
      await lowerReadState(store.db, { userId: bob, channelId, seq: 2 });
      expect(await unreadIn(store.db, channelId, [bob])).toMatchObject([{ readSeq: 2, generation: 1 }]);
      await lowerReadState(store.db, { userId: bob, channelId, seq: 4 });
      await raiseReadStates(store.db, [{ userId: bob, channelId, seq: 5 }]);
      expect(await unreadIn(store.db, channelId, [bob])).toMatchObject([{ readSeq: 5, generation: 1 }]);
    });

    test("[S10] a new member has read all of a server's channels, threads and posts, however many there are", async () => {
      const { store, serverId, stranger, bob, general } = world;
      const { db } = store;
      const thread = { server_id: serverId, name: "post", type: "thread" as const, position: 0, created_at: 1 };
      for (let made = 0; made < 12_000; made += 2_000) {
        await db
          .insertInto("channels")
          .values(Array.from({ length: 2_000 }, () => ({ ...thread, seq: 7 })))
          .execute();
      }
      await raiseReadStates(db, [{ userId: stranger, channelId: general, seq: 1_000 }]);
      await readWholeServer(db, stranger, serverId);
      const states = await db.selectFrom("read_states").where("user_id", "=", stranger).selectAll().execute();
      const channels = await db.selectFrom("channels").where("server_id", "=", serverId).select("id").execute();
      expect(states.length).toBe(channels.length);
      expect(states.filter(({ seq }) => seq === 7).length).toBe(12_000);
      // A higher position stays.
      expect(states.find(({ channel_id }) => channel_id === general)?.seq).toBe(1_000);
      await db.deleteFrom("channels").where("server_id", "=", serverId).where("name", "=", "post").execute();
      await readWholeServer(db, bob, serverId);
    });

    test("[S10] the first message since a time is found among those that are left", async () => {
      const { store, ann } = world;
      const channelId = await createChannel(store, world.serverId, "text");
      expect(await messageAtTime(store.db, channelId, 0)).toBeUndefined();
      const ids: number[] = [];
      for (let index = 0; index < 20; index += 1) {
        ids.push((await send(store, channelId, ann, { at: 1_000 * (index + 1) })).id);
      }
      for (const index of [4, 5, 19]) await commit(store, deleting(ids[index]!, ann));
      const found = async (time: number) => ids.indexOf((await messageAtTime(store.db, channelId, time))!);
      expect(await Promise.all([0, 1_000, 1_001, 5_000, 6_500, 7_000, 19_000, 99_000].map(found))).toEqual([
        0, 0, 1, 6, 6, 6, 18, 18,
      ]);
    });
  });
}
