import { bitsOf } from "@miscord/rights";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { changeNotificationLevel } from "../queries/notification-levels.ts";
import { unreadIn } from "../queries/unread.ts";
import { deleting, editing, sending } from "./commands.ts";
import type { OpenStore, StoreUnderTest } from "./store-under-test.ts";
import { commit, createServer, createWorld, send, type World } from "./world.ts";

export function describeGroupMentions(open: OpenStore): void {
  describe("mentions of roles and of those who are online", () => {
    let fixture: StoreUnderTest;
    beforeAll(async () => {
      fixture = await open();
    });
    afterAll(() => fixture.cleanUp());

    /** Who is notified of the message, and as what. */
    async function notifiedOf({ store }: World, messageId: number): Promise<Record<number, string>> {
      const rows = await store.db
        .selectFrom("notifications")
        .where("message_id", "=", messageId)
        .select(["user_id", "kind"])
        .execute();
      return Object.fromEntries(rows.map((row) => [row.user_id, row.kind]));
    }

    async function unreadOf({ store, general }: World, userId: number): Promise<number | undefined> {
      return (await unreadIn(store.db, general, [userId]))[0]?.mentions;
    }

    test("[L12] a role notifies those who have it and see the channel, when it is mentionable or its author may mention everyone", async () => {
      const world = await createWorld(fixture.store);
      const { store, general, random, owner, ann, bob } = world;
      const role = await addRole(world, { mentionable: 1 }, ann, bob, owner);
      const closed = await addRole(world, {}, bob);
      const foreign = await addRole({ ...world, serverId: await createServer(store, owner, []) }, { mentionable: 1 });
      await hide(world, random, bob);

      const hers = await commit(store, sending(general, ann, { mentionRoles: [closed, role, foreign, 999_999] }));
      expect(hers.message).toMatchObject({ mentions: [], mentions_everyone: false, mention_roles: [role] });
      expect(await notifiedOf(world, hers.message!.id)).toEqual({ [bob]: "role", [owner]: "role" });
      expect([await unreadOf(world, bob), await unreadOf(world, owner), await unreadOf(world, ann)]).toEqual([1, 1, 0]);
      const his = await send(store, random, owner, { mentionRoles: [closed, role] });
      expect(his.mention_roles).toEqual([role, closed].toSorted((a, b) => a - b));
      expect(await notifiedOf(world, his.id)).toEqual({ [ann]: "role" });
      expect((await store.log.history(random, { limit: 1 })).messages).toEqual([his]);
    });

    test("[L12] who is online is notified by those who may mention everyone, once for all ways in which a message names them", async () => {
      const world = await createWorld(fixture.store);
      const { store, general, owner, ann, bob, stranger, names } = world;
      const role = await addRole(world, { mentionable: 1 }, bob);
      const hereIds = [bob, owner, stranger];
      const refused = await send(store, general, ann, { hereIds });
      expect([refused.mentions_here, await notifiedOf(world, refused.id)]).toEqual([undefined, {}]);
      const { message, notifiedEveryone } = await commit(store, sending(general, owner, { hereIds }));
      expect([message?.mentions_here, message?.mentions_everyone, notifiedEveryone]).toEqual([true, false, true]);
      expect(await notifiedOf(world, message!.id)).toEqual({ [bob]: "here" });
      const all = { hereIds: [ann, bob], mentionRoles: [role], mentionNames: [names.ann] };
      expect(await notifiedOf(world, (await send(store, general, owner, all)).id)).toEqual({
        [ann]: "mention",
        [bob]: "role",
      });
      expect([await unreadOf(world, bob), await unreadOf(world, ann)]).toEqual([2, 1]);
    });

    test("[S10] each is suppressed by its own setting, and then is no unread mention", async () => {
      const world = await createWorld(fixture.store);
      const { store, general, owner, ann, bob } = world;
      const role = await addRole(world, { mentionable: 1 }, ann, bob);
      await changeNotificationLevel(store.db, ann, { kind: "channel", id: general }, { suppress_roles: 1 });
      await changeNotificationLevel(store.db, bob, { kind: "account" }, { suppress_everyone: 1 });
      const toRole = await send(store, general, owner, { mentionRoles: [role] });
      const toOnline = await send(store, general, owner, { hereIds: [ann, bob] });
      expect(await notifiedOf(world, toRole.id)).toEqual({ [bob]: "role" });
      expect(await notifiedOf(world, toOnline.id)).toEqual({ [ann]: "here" });
      expect([await unreadOf(world, ann), await unreadOf(world, bob)]).toEqual([1, 1]);
    });

    test("[L12] an edit notifies whom it adds, takes back what it no longer names, and a deletion leaves nothing", async () => {
      const world = await createWorld(fixture.store);
      const { store, general, owner, ann, bob, names } = world;
      const [hers, his] = [
        await addRole(world, { mentionable: 1 }, ann),
        await addRole(world, { mentionable: 1 }, bob),
      ];
      const { id } = await send(store, general, owner, { mentionRoles: [hers] });
      const edit = (content: string, mentionRoles: number[], mentionNames: string[] = []) =>
        commit(store, { ...editing(id, owner, content, mentionNames), mentionRoles });
      const more = await edit("both", [hers, his]);
      expect([more.notifiedEveryone, more.unmentionedEveryone]).toEqual([true, false]);
      expect(await notifiedOf(world, id)).toEqual({ [ann]: "role", [bob]: "role" });
      expect((await edit("both, and ann by name", [hers, his], [names.ann])).message?.mentions).toEqual([ann]);
      expect(await unreadOf(world, ann)).toBe(1);
      const less = await edit("his", [his]);
      expect(less).toMatchObject({ unmentionedEveryone: false, message: { mention_roles: [his] } });
      expect(less.unaddressed).toEqual([ann, bob].toSorted((a, b) => a - b));
      expect(await notifiedOf(world, id)).toEqual({ [bob]: "role" });
      expect([await unreadOf(world, ann), await unreadOf(world, bob)]).toEqual([0, 1]);
      expect(await commit(store, deleting(id, owner))).toMatchObject({
        unmentionedEveryone: false,
        unaddressed: [bob],
      });
      expect([await notifiedOf(world, id), await unreadOf(world, bob)]).toEqual([{}, 0]);
    });
  });
}

async function addRole(world: World, fields: { mentionable?: number }, ...members: number[]): Promise<number> {
  const { store, serverId } = world;
  const { id } = await store.db
    .insertInto("roles")
    .values({ server_id: serverId, name: "Role", color: null, permissions: 0, position: 1, created_at: 1, ...fields })
    .returning("id")
    .executeTakeFirstOrThrow();
  for (const user_id of members) {
    await store.db.insertInto("member_roles").values({ server_id: serverId, user_id, role_id: id }).execute();
  }
  return id;
}

async function hide({ store }: World, channelId: number, userId: number): Promise<void> {
  const override = { channel_id: channelId, type: "member", target_id: userId, allow: 0, deny: bitsOf("viewChannel") };
  await store.db.insertInto("channel_overrides").values(override).execute();
  await store.db.updateTable("channels").set({ restricted: 1 }).where("id", "=", channelId).execute();
}
