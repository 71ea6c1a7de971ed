import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { fastest } from "./fastest.ts";
import type { OpenStore, StoreUnderTest } from "./store-under-test.ts";
import * as queries from "../queries/notifications.ts";
import { createWorld, send, type World } from "./world.ts";

export function describeNotifications(open: OpenStore): void {
  describe("notifications", () => {
    let fixture: StoreUnderTest;
    let world: World;
    beforeAll(async () => {
      fixture = await open();
      world = await createWorld(fixture.store);
    });
    afterAll(() => fixture.cleanUp());

    /** Stores `count` notifications of one new message for the user; returns the position of the message. */
    async function mentioned(userId: number, count: number, createdAt = 1_000): Promise<number> {
      const { store, serverId, general, ann } = world;
      const { id, seq } = await send(store, general, ann);
      const row = {
        user_id: userId,
        kind: "mention" as const,
        actor_id: ann,
        server_id: serverId,
        channel_id: general,
        message_id: id,
        invite_code: null,
        created_at: createdAt,
        read_at: null,
      };
      for (let left = count; left > 0; left -= 500) {
        await store.db
          .insertInto("notifications")
          .values(Array.from({ length: Math.min(left, 500) }, () => row))
          .execute();
      }
      return seq;
    }

    const idsOf = async (userId: number) => {
      const rows = await world.store.db
        .selectFrom("notifications")
        .where("user_id", "=", userId)
        .orderBy("id")
        .select("id")
        .execute();
      return rows.map(({ id }) => id);
    };

    test("[S10] notifications beyond the newest 1,000 are not looked at, and go in portions", async () => {
      const { store, general, owner } = world;
      const first = await mentioned(owner, 1);
      const last = await mentioned(owner, 2_600);
      const page = await queries.inboxPage(store.db, owner, { before: (await idsOf(owner))[1_602]!, limit: 5 });
      expect(page).toMatchObject({ notifications: [{ message_id: expect.any(Number) }], unread: 1_000 });
      expect(await queries.hasUnreadNotifications(store.db, owner, { channelId: general, seq: first })).toBe(false);
      expect(await queries.hasUnreadNotifications(store.db, owner, { channelId: general, seq: last })).toBe(true);
      expect(
        await queries.markNotificationsRead(store.db, owner, { channelId: general, seq: last }, 2_000),
      ).toHaveLength(2_601);
      const newest = (await idsOf(owner)).slice(-1_000);
      await queries.keepNewestNotifications(store.db, owner, 500);
      expect(await idsOf(owner)).toEqual(newest);
      await store.db.deleteFrom("notifications").where("user_id", "=", owner).execute();
    });

    test("[S10] 40,000 notifications of messages up to a position are marked read, later ones stay unread", async () => {
      const { store, general, bob } = world;
      const many = await mentioned(bob, 40_000);
      await mentioned(bob, 1);
      const upTo = { channelId: general, seq: many };
      expect(await queries.hasUnreadNotifications(store.db, bob, upTo)).toBe(true);
      // No more are kept for long.
      expect(await queries.unreadNotifications(store.db, bob)).toBe(1_000);
      expect(await queries.markNotificationsRead(store.db, bob, upTo, 2_000)).toHaveLength(40_000);
      expect(await queries.hasUnreadNotifications(store.db, bob, upTo)).toBe(false);
      expect(await queries.unreadNotifications(store.db, bob)).toBe(1);
    });

    test("[S10] keeping the newest 1,000 notifications of a user deletes the user's older ones only", async () => {
      const { store, bob, owner } = world;
      await mentioned(owner, 5);
      const before = await idsOf(bob);
      expect(await queries.peopleWithMoreNotifications(store.db)).toEqual([bob]);
      expect(await queries.keepNewestNotifications(store.db, bob, 500)).toBe(before.at(-1_000));
      expect(await idsOf(bob)).toEqual(before.slice(-1_000));
      expect(await queries.keepNewestNotifications(store.db, bob, 500)).toBeNull();
      expect(await idsOf(owner)).toHaveLength(5);
      expect(await queries.peopleWithMoreNotifications(store.db)).toEqual([]);
    });

    test("[S10] old notifications are deleted in portions, newer ones stay", async () => {
      const { store, bob, owner } = world;
      await mentioned(owner, 3, 9_000);
      const all = [...(await idsOf(bob)), ...(await idsOf(owner))].toSorted((a, b) => a - b);
      const first = await queries.deleteOldNotifications(store.db, 9_000, 400);
      expect(first).toMatchObject({ count: 400, beforeId: all[399]! + 1 });
      expect(first.userIds).toContain(bob);
      while ((await queries.deleteOldNotifications(store.db, 9_000, 400)).count === 400);
      expect(await idsOf(owner)).toHaveLength(3);
      expect(await queries.deleteOldNotifications(store.db, 9_000, 400)).toMatchObject({ count: 0 });
    });

    test("[S10] what a server notified a member of is deleted, invites to it and other people's stay", async () => {
      const { store, serverId, owner, ann, bob } = world;
      await mentioned(bob, 2);
      await mentioned(owner, 2);
      const invite = { user_id: bob, kind: "invite", actor_id: ann, server_id: serverId, created_at: 9_000 } as const;
      await queries.insertNotification(store.db, {
        ...invite,
        channel_id: null,
        message_id: null,
        invite_code: "code",
        read_at: null,
      });
      const [others, mine] = [await idsOf(owner), await idsOf(bob)];
      await queries.deleteNotificationsFrom(store.db, serverId, bob);
      expect(await idsOf(bob)).toEqual(mine.slice(-1));
      expect(await idsOf(owner)).toEqual(others);
      expect(await queries.usersWithInviteTo(store.db, serverId)).toEqual([bob]);
    });

    test("[S10] who leaves a server does not wait until all notifications of its members are looked through", async () => {
      const { store, serverId, ann, bob } = world;
      const leave = () => queries.deleteNotificationsFrom(store.db, serverId, ann);
      const before = await fastest(10, leave);
      await mentioned(bob, 40_000);
      expect(await fastest(10, leave)).toBeLessThan(8 * Math.max(before, 1));
    });
  });
}
