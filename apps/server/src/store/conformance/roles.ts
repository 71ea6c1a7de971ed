import { bitsOf, can, everydayPermissions, threadPermissions, type Override } from "@miscord/rights";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { channelAccess } from "../queries/access.ts";
import { uploadedBytes } from "../queries/attachments.ts";
import { channelIdsOf, orderChannels } from "../queries/channels.ts";
import { inboxPage } from "../queries/notifications.ts";
import {
  countOverrides,
  deleteOverride,
  giveRole,
  insertRole,
  orderRoles,
  putOverride,
  refreshRestricted,
  rolesOfServers,
  updateRole,
} from "../queries/roles.ts";
import { connectionStateOf, insertSession } from "../queries/sessions.ts";
import { follow, insertThread, threadsFollowedBy } from "../queries/threads.ts";
import { channelViewers, restrictedChannelsOf, visibleChannels } from "../queries/visible-channels.ts";
import { editing, sending } from "./commands.ts";
import type { OpenStore, StoreUnderTest } from "./store-under-test.ts";
import { createAttachment, createWorld, refusal, send, commit, type World } from "./world.ts";

async function sessionStateOf(db: StoreUnderTest["store"]["db"], userId: number) {
  const id = `session-of-${userId}`;
  const seen = { created_at: 1, last_used_at: 1, expires_at: 10, revoked_at: null, confirmed_at: 1 };
  const session = {
    id,
    user_id: userId,
    kind: "web",
    refresh_hash: null,
    spent_hash: null,
    user_agent: "",
    address: "",
  };
  await insertSession(db, { ...session, ...seen });
  return (await connectionStateOf(db, id, 2))!;
}

/** A generator of the same numbers for the same seed (mulberry32). */
function random(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

const view = bitsOf("viewChannel");

async function addFactor(db: StoreUnderTest["store"]["db"], userId: number, kind: "app" | "passkey"): Promise<void> {
  if (kind === "app") {
    await db.insertInto("authenticators").values({ user_id: userId, secret: "x", confirmed_at: 1 }).execute();
    return;
  }
  const passkey = { id: `key ${userId}`, user_id: userId, name: "x", public_key: "x", counter: 0, transports: "[]" };
  await db
    .insertInto("passkeys")
    .values({ ...passkey, created_at: 1, last_used_at: null })
    .execute();
}
const role = { color: null, hoist: false, mentionable: false };

export function describeRoles(open: OpenStore): void {
  describe("roles and overrides", () => {
    let fixture: StoreUnderTest;
    beforeAll(async () => {
      fixture = await open();
    });
    afterAll(() => fixture.cleanUp());

    async function addRole(world: World, permissions: number, ...userIds: number[]): Promise<number> {
      return world.store.db.transaction().execute(async (db) => {
        const { id } = await insertRole(db, world.serverId, { ...role, name: "role", permissions }, 1);
        for (const userId of userIds) await giveRole(db, world.serverId, userId, id);
        await refreshRestricted(db, world.serverId);
        return id;
      });
    }

    async function override(world: World, channelId: number, one: Partial<Override>): Promise<void> {
      await world.store.db.transaction().execute(async (db) => {
        await putOverride(db, channelId, { type: "role", target_id: 0, allow: 0, deny: 0, ...one });
        await refreshRestricted(db, world.serverId);
      });
    }

    async function everyoneOf(world: World): Promise<number> {
      return (await channelAccess(world.store.db, world.owner, world.general, 1))!.everyoneRoleId;
    }

    /** The owner and Ann see `general`; Bob does not. */
    async function hideFromBob(): Promise<World> {
      const world = await createWorld(fixture.store);
      await override(world, world.general, { target_id: await everyoneOf(world), deny: view });
      await override(world, world.general, { type: "member", target_id: world.ann, allow: view });
      return world;
    }

    test("overrides and places of many channels and roles are set together", async () => {
      const { db } = fixture.store;
      const world = await createWorld(fixture.store);
      const channels = await channelIdsOf(db, world.serverId);
      const before = await countOverrides(db, world.serverId);
      const one = { type: "role", target_id: await everyoneOf(world), allow: 0, deny: view } as const;
      for (const deny of [view, 0]) await putOverride(db, channels, { ...one, deny });
      expect(await countOverrides(db, world.serverId)).toBe(before + channels.length);
      await deleteOverride(db, channels, one);
      expect(await countOverrides(db, world.serverId)).toBe(before);
      await orderChannels(db, channels.toReversed());
      expect(await channelIdsOf(db, world.serverId)).toEqual(channels.toReversed());
      const others = [await addRole(world, 0), await addRole(world, 0), await addRole(world, 0)];
      const order = [one.target_id, ...others];
      await orderRoles(db, order);
      expect((await rolesOfServers(db, [world.serverId])).map(({ id }) => id)).toEqual(order);
      expect(await uploadedBytes(db, world.ann)).toEqual({ total: 0, unsent: 0 });
    });

    test.each(Array.from({ length: 12 }, (_, index) => index + 1))(
      "[S10] the channels that queries show are those in which the access policy gives viewChannel (seed %i)",
      async (seed) => {
        const { db } = fixture.store;
        const world = await createWorld(fixture.store);
        const below = random(seed);
        const pick = <Item>(items: readonly Item[]) => items[below(items.length)]!;
        const people = [world.owner, world.ann, world.bob];
        const bits = () => pick([0, 0, view, bitsOf("sendMessages"), bitsOf("administrator"), everydayPermissions]);
        const everyone = await everyoneOf(world);
        await updateRole(db, everyone, {
          ...role,
          name: "everyone",
          permissions: pick([0, view, everydayPermissions]),
        });
        const roles = [everyone];
        for (let count = below(4); count > 0; count -= 1) roles.push(await addRole(world, bits(), pick(people)));
        for (let count = below(9); count > 0; count -= 1) {
          const target = pick([0, 1])
            ? { type: "role" as const, target_id: pick(roles) }
            : { type: "member" as const, target_id: pick(people) };
          await override(world, pick([world.general, world.random]), {
            ...target,
            ...pick([{ allow: view }, { deny: view }]),
          });
        }
        await db.transaction().execute((trx) => refreshRestricted(trx, world.serverId));
        // Without a second factor that the server requires, administrators see what other members see.
        const factor_required = pick([0, 1]);
        await db.updateTable("servers").set({ factor_required }).where("id", "=", world.serverId).execute();
        for (const userId of people) if (pick([0, 1])) await addFactor(db, userId, pick(["app", "passkey"]));
        const asides = new Map<number, number>();
        for (const parentId of [world.general, world.random]) {
          const fields = { serverId: world.serverId, parentId, name: "aside", ownerId: world.owner, starterId: null };
          const id = await insertThread(db, { ...fields, archiveAfterS: 60, now: 1 });
          for (const userId of [...people, world.stranger]) await follow(db, id, userId);
          asides.set(parentId, id);
        }
        for (const userId of [...people, world.stranger]) {
          const followed = await threadsFollowedBy(db, [userId], 1);
          const rows = await db
            .selectFrom(visibleChannels(db, [userId]))
            .select("visible.id")
            .execute();
          const restricted = (await restrictedChannelsOf(db, userId)).map(({ id }) => id);
          // Whether somebody sees them or not.
          const all = await db
            .selectFrom("channels")
            .where("restricted", "=", 1)
            .select(["server_id", "parent_id"])
            .execute();
          const here = all.filter((one) => one.server_id === world.serverId && one.parent_id === null);
          const counted = userId === world.stranger ? 0 : here.length;
          expect((await sessionStateOf(db, userId)).restrictedCount).toBe(counted);
          for (const [parentId, aside] of asides) {
            const { permissions } = (await channelAccess(db, userId, parentId, 1))!;
            const inThread = (await channelAccess(db, userId, aside, 1))!;
            expect(inThread.permissions).toBe(threadPermissions(permissions, false));
            expect(followed.some(({ id }) => id === aside)).toBe(can(inThread, "viewChannel"));
          }
          for (const channelId of [world.general, world.random, world.lounge]) {
            const facts = (await channelAccess(db, userId, channelId, 1))!;
            const isVisible = can(facts, "viewChannel");
            expect(rows.some(({ id }) => id === channelId)).toBe(isVisible);
            expect((await channelViewers(db, channelId)).includes(userId)).toBe(isVisible);
            expect(restricted.includes(channelId)).toBe(isVisible && facts.isRestricted);
            // A channel that is not restricted is seen by every member.
            expect(facts.isMember && !facts.isRestricted && !isVisible).toBe(false);
          }
        }
      },
    );

    test("[L8] where a second factor is required, who lacks it deletes no messages of others", async () => {
      const world = await createWorld(fixture.store);
      const { store, general, owner, ann, bob } = world;
      await addRole(world, bitsOf("manageMessages"), ann);
      await store.db.updateTable("servers").set({ factor_required: 1 }).where("id", "=", world.serverId).execute();
      const remove = async (actorId: number) => {
        const { id } = await send(store, general, bob);
        const outcome = await store.log.commit({ kind: "delete", actorId, messageId: id, at: 2 });
        return outcome.ok ? null : outcome.code;
      };
      // An app that was not confirmed is none.
      await store.db.insertInto("authenticators").values({ user_id: ann, secret: "x", confirmed_at: null }).execute();
      expect([await remove(ann), await remove(owner), await remove(world.admin)]).toEqual([
        "forbidden",
        "forbidden",
        null,
      ]);
      await store.db.updateTable("authenticators").set({ confirmed_at: 1 }).where("user_id", "=", ann).execute();
      await addFactor(store.db, owner, "passkey");
      expect([await remove(ann), await remove(owner)]).toEqual([null, null]);
      const setting = { name: "admin_factor", value: '"required"' };
      await store.db.insertInto("instance_settings").values(setting).execute();
      const refused = await remove(world.admin);
      await store.db.deleteFrom("instance_settings").where("name", "=", "admin_factor").execute();
      expect(refused).not.toBeNull();
    });

    test("[L8] to a member who does not see a channel, it and its messages do not exist", async () => {
      const world = await hideFromBob();
      const { store, general, owner, ann, bob } = world;
      const { id } = await send(store, general, owner);
      await send(store, general, ann);
      expect(await refusal(store, sending(general, bob))).toBe("not_found");
      const act = { actorId: bob, messageId: id, at: 2 };
      expect(await refusal(store, { kind: "react", ...act, emoji: "👍", on: true })).toBe("not_found");
      expect(await refusal(store, { kind: "delete", ...act })).toBe("not_found");
      expect(await refusal(store, editing(id, bob, "changed"))).toBe("not_found");
    });

    test("[L8] a channel says that it is restricted as of the commit", async () => {
      const world = await hideFromBob();
      const outcome = await commit(world.store, sending(world.general, world.ann));
      expect(outcome).toMatchObject({ isRestricted: true });
      expect(await commit(world.store, sending(world.random, world.ann))).toMatchObject({ isRestricted: false });
    });

    test("[L8] who sees a channel and may not write, attach or react in it is refused with forbidden", async () => {
      const world = await createWorld(fixture.store);
      const { store, general, owner, ann } = world;
      const { id } = await send(store, general, owner);
      const upload = await createAttachment(store, ann);
      await override(world, general, {
        target_id: await everyoneOf(world),
        deny: bitsOf("attachFiles", "addReactions"),
      });
      expect(await refusal(store, sending(general, ann, { attachmentIds: [upload] }))).toBe("forbidden");
      const reaction = { kind: "react", actorId: ann, messageId: id, emoji: "👍", on: true, at: 2 } as const;
      expect(await refusal(store, reaction)).toBe("forbidden");
      await send(store, general, ann);
      await override(world, general, { type: "member", target_id: ann, deny: bitsOf("sendMessages") });
      expect(await refusal(store, sending(general, ann))).toBe("forbidden");
    });

    test("[L8] a role lets a member delete messages of others and mention everyone", async () => {
      const world = await createWorld(fixture.store);
      const { store, general, owner, bob } = world;
      await addRole(world, bitsOf("manageMessages", "mentionEveryone"), bob);
      const { id } = await send(store, general, owner);
      await commit(store, { kind: "delete", actorId: bob, messageId: id, at: 2 });
      expect((await send(store, general, bob, { mentionsEveryone: true })).mentions_everyone).toBe(true);
    });

    test("[L12] members who do not see the channel are neither mentioned nor notified, and the outcome names them", async () => {
      const world = await hideFromBob();
      const { store, general, owner, ann, bob, names } = world;
      const mention = { mentionNames: [names.ann, names.bob], mentionsEveryone: true };
      const outcome = await commit(store, sending(general, owner, mention));
      expect(outcome).toMatchObject({ unseeing: [bob], message: { mentions: [ann] } });
      const kinds = await store.db
        .selectFrom("notifications")
        .where("channel_id", "=", general)
        .select(["user_id", "kind"])
        .execute();
      expect(kinds).toEqual([{ user_id: ann, kind: "mention" }]);
      expect(await inboxPage(store.db, bob, { before: undefined, limit: 10 })).toMatchObject({ notifications: [] });
    });
  });
}
