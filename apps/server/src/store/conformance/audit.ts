import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { auditEntries, deleteAuditEntriesBefore, recordAction } from "../queries/audit-log.ts";
import { deleteChannel } from "../queries/channels.ts";
import { putOverride, refreshRestricted } from "../queries/roles.ts";
import { deleting } from "./commands.ts";
import type { OpenStore, StoreUnderTest } from "./store-under-test.ts";
import { commit, createWorld, send, type World } from "./world.ts";

const page = { limit: 50 };

async function hide({ store, serverId }: World, channelId: number): Promise<void> {
  const { everyone_role_id: target_id } = await store.db
    .selectFrom("servers")
    .where("id", "=", serverId)
    .select("everyone_role_id")
    .executeTakeFirstOrThrow();
  await putOverride(store.db, channelId, { type: "role", target_id, allow: 0, deny: 1024 });
  await refreshRestricted(store.db, serverId);
}

/** The audit log: S10, and entries of the channel log (L13). */
export function describeAudit(open: OpenStore): void {
  describe("the audit log", () => {
    let fixture: StoreUnderTest;
    beforeAll(async () => {
      fixture = await open();
    });
    afterAll(() => fixture.cleanUp());

    const seen = async ({ store, serverId }: World, userId: number, seesAll = false) =>
      (await auditEntries(store.db, { userId, seesAll }, { serverId, ...page })).map(({ action }) => action);

    test("an entry of the audit log cannot be changed", async () => {
      const world = await createWorld(fixture.store);
      const { store, serverId, owner } = world;
      await recordAction(store.db, { serverId, actorId: owner, action: "server_update", at: 1 });
      const update = store.db.updateTable("audit_log").set({ reason: "another" }).where("server_id", "=", serverId);
      await expect(update.execute()).rejects.toThrow("cannot be changed");
      expect(await seen(world, owner)).toEqual(["server_update"]);
    });

    test("a message that a moderator deletes is in the audit log, one that its author deletes is not", async () => {
      const world = await createWorld(fixture.store);
      const { store, serverId, general, owner, ann } = world;
      const [first, second] = [await send(store, general, ann), await send(store, general, ann)];
      await commit(store, deleting(first.id, ann));
      await commit(store, deleting(second.id, owner));
      const entries = await auditEntries(store.db, { userId: owner, seesAll: true }, { serverId, ...page });
      expect(entries).toMatchObject([{ action: "message_delete", actor: { id: owner }, user: { id: ann } }]);
      expect(entries[0]).toMatchObject({ channel_id: general, subject: "text", changes: [] });
    });

    test("who does not see a channel does not see what was done in it, also once it is gone", async () => {
      const world = await createWorld(fixture.store);
      const { store, serverId, general, random, owner, ann } = world;
      const about = (id: number, isRestricted: boolean) =>
        recordAction(store.db, {
          serverId,
          actorId: owner,
          action: "channel_update",
          at: 1,
          channel: { id, isRestricted },
        });
      await about(general, false);
      await about(random, false);
      expect(await seen(world, ann)).toHaveLength(2);
      await hide(world, general);
      await about(general, true);
      expect(await seen(world, ann)).toHaveLength(1);
      expect(await seen(world, owner)).toHaveLength(3);
      for (const id of [general, random]) await deleteChannel(store.db, id);
      expect(await seen(world, ann)).toHaveLength(1);
      expect(await seen(world, owner, true)).toHaveLength(3);
    });

    test("an order of channels names only those that the reader sees", async () => {
      const world = await createWorld(fixture.store);
      const { store, serverId, general, random, owner, ann } = world;
      const changes = [{ field: "order", before: [general, random], after: [random, general] }];
      await recordAction(store.db, { serverId, actorId: owner, action: "channels_reorder", at: 1, changes });
      await hide(world, general);
      const [entry] = await auditEntries(store.db, { userId: ann, seesAll: false }, { serverId, ...page });
      expect(entry?.changes).toEqual([{ field: "order", before: [random], after: [random] }]);
    });

    test("entries are found by action, actor and member, page by page, and old ones are deleted", async () => {
      const world = await createWorld(fixture.store);
      const { store, serverId, owner, ann, bob } = world;
      const reader = { userId: owner, seesAll: true };
      for (const at of [1, 2, 3]) {
        await recordAction(store.db, {
          serverId,
          actorId: ann,
          action: "member_kick",
          at,
          userId: bob,
          reason: `${at}`,
        });
      }
      await recordAction(store.db, { serverId, actorId: owner, action: "member_ban", at: 4, userId: ann });
      const find = async (filter: object) =>
        (await auditEntries(store.db, reader, { serverId, ...page, ...filter })).map(({ reason }) => reason);
      expect(await find({ action: "member_ban" })).toEqual([null]);
      expect(await find({ actorId: ann })).toEqual(["3", "2", "1"]);
      expect(await find({ targetId: bob, limit: 2 })).toEqual(["3", "2"]);
      const [, second] = await auditEntries(store.db, reader, { serverId, limit: 2 });
      expect(await find({ before: second!.id })).toEqual(["2", "1"]);
      await deleteAuditEntriesBefore(store.db, 3);
      expect(await find({})).toEqual([null, "3"]);
    });
  });
}
