import { timedOutPermissions } from "@miscord/rights";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { serverAccess } from "../queries/access.ts";
import { auditEntries, deleteAuditEntriesBefore, recordAction, recordActions } from "../queries/audit-log.ts";
import { bansOf, deleteBansBefore, insertBan, isBanned } from "../queries/bans.ts";
import { deleteChannel } from "../queries/channels.ts";
import { addMember, setTimeOut } from "../queries/members.ts";
import {
  deleteReportsClosedBefore,
  putReport,
  reportReaders,
  reportRow,
  reportsIn,
  setClaim,
  setOutcome,
} from "../queries/reports.ts";
import { putOverride, refreshRestricted, rolesOfMembers } from "../queries/roles.ts";
import { setRaidMode } from "../queries/raid-mode.ts";
import { fastest } from "./fastest.ts";
import { deleting, editing, reacting, sending } from "./commands.ts";
import type { OpenStore, StoreUnderTest } from "./store-under-test.ts";
import { commit, createWorld, leave, refusal, send, type World } from "./world.ts";

const page = { limit: 50, looksAt: 20_000 };

async function hide({ store, serverId }: World, channelId: number): Promise<void> {
  const { everyone_role_id: target_id } = await store.db
    .selectFrom("servers")
    .where("id", "=", serverId)
    .select("everyone_role_id")
    .executeTakeFirstOrThrow();
  await putOverride(store.db, channelId, { type: "role", target_id, allow: 0, deny: 1024 });
  await refreshRestricted(store.db, serverId);
}

/** The audit log, time outs and bans. */
export function describeModeration(open: OpenStore): void {
  describe("moderation", () => {
    let fixture: StoreUnderTest;
    beforeAll(async () => {
      fixture = await open();
    });
    afterAll(() => fixture.cleanUp());

    const seen = async ({ store, serverId }: World, userId: number, seesAll = false) =>
      (await auditEntries(store.db, { userId, seesAll }, { serverId, ...page })).entries.map(({ action }) => action);

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
      const { entries } = await auditEntries(store.db, { userId: owner, seesAll: true }, { serverId, ...page });
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

    test("[S10] 10,000 entries about a channel that is gone are each looked at once", async () => {
      const world = await createWorld(fixture.store);
      const { store, serverId, general, owner, ann } = world;
      const about = (isRestricted: boolean) =>
        ({ serverId, actorId: owner, action: "message_pin", at: 1, channel: { id: general, isRestricted } }) as const;
      const record = async (entries: number) => {
        for (let count = 0; count < entries; count += 500)
          await recordActions(
            store.db,
            Array.from({ length: 500 }, () => about(false)),
          );
      };
      const read = async () => expect(await seen(world, ann)).toEqual([]);
      await record(1_000);
      await recordAction(store.db, about(true));
      await deleteChannel(store.db, general);
      const few = await fastest(5, read);
      await record(9_000);
      expect(await fastest(5, read)).toBeLessThan(30 * Math.max(few, 1));
    });

    test("an order of channels names only those that the reader sees", async () => {
      const world = await createWorld(fixture.store);
      const { store, serverId, general, random, owner, ann } = world;
      const changes = [{ field: "order", before: [general, random], after: [random, general] }];
      await recordAction(store.db, { serverId, actorId: owner, action: "channels_reorder", at: 1, changes });
      await hide(world, general);
      const { entries } = await auditEntries(store.db, { userId: ann, seesAll: false }, { serverId, ...page });
      expect(entries[0]?.changes).toEqual([{ field: "order", before: [random], after: [random] }]);
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
        (await auditEntries(store.db, reader, { serverId, ...page, ...filter })).entries.map(({ reason }) => reason);
      expect(await find({ action: "member_ban" })).toEqual([null]);
      expect(await find({ actorId: ann })).toEqual(["3", "2", "1"]);
      expect(await find({ targetId: bob, limit: 2 })).toEqual(["3", "2"]);
      const [, second] = (await auditEntries(store.db, reader, { serverId, ...page, limit: 2 })).entries;
      expect(await find({ before: second!.id })).toEqual(["2", "1"]);
      const some = await auditEntries(store.db, reader, { serverId, ...page, looksAt: 2, actorId: ann });
      expect(some).toMatchObject({ entries: [{ reason: "3" }], rest: some.entries[0]!.id });
      expect(await find({ before: some.rest!, looksAt: 3 })).toEqual(["2", "1"]);
      expect(
        (await auditEntries(store.db, reader, { serverId, ...page, before: some.rest!, looksAt: 3 })).rest,
      ).toBeNull();
      await deleteAuditEntriesBefore(store.db, 3);
      expect(await find({})).toEqual([null, "3"]);
    });

    test("[L8] a member who is timed out is refused until the end, also after coming back, and reads and deletes", async () => {
      const { store, serverId, general, owner, ann } = await createWorld(fixture.store);
      const until = 1_700_000_500_000;
      const [own, other] = [await send(store, general, ann), await send(store, general, owner)];
      await setTimeOut(store.db, serverId, ann, until);
      await leave(store, serverId, ann);
      await addMember(store.db, serverId, ann, until - 1_000);
      const before = { at: until - 1 };
      const commands = [
        { ...sending(general, ann), ...before },
        { ...editing(own.id, ann, "x"), ...before },
        { ...reacting(other.id, ann, "👍"), ...before },
      ];
      for (const command of commands) expect(await refusal(store, command)).toBe("forbidden");
      await commit(store, { ...deleting(own.id, ann), ...before });
      await commit(store, sending(general, owner, before));
      await commit(store, sending(general, ann, { at: until }));
    });

    test("[L8] raid mode holds those who joined since, until its end, and not those with all rights", async () => {
      const { store, serverId, general, owner, ann, bob } = await createWorld(fixture.store);
      const [since, until] = [1_700_000_000_000, 1_700_000_500_000];
      await leave(store, serverId, ann);
      await addMember(store.db, serverId, ann, since);
      await setRaidMode(store.db, serverId, { since, until });
      const during = { at: until - 1 };
      expect(await refusal(store, sending(general, ann, during))).toBe("forbidden");
      for (const userId of [bob, owner]) await commit(store, sending(general, userId, during));
      expect(await serverAccess(store.db, ann, serverId, until - 1)).toMatchObject({
        permissions: timedOutPermissions,
      });
      expect((await rolesOfMembers(store.db, serverId, [ann])).get(ann)).toMatchObject({ timedOutUntil: until });
      await setTimeOut(store.db, serverId, ann, until + 100);
      expect(await refusal(store, sending(general, ann, { at: until }))).toBe("forbidden");
      await commit(store, sending(general, ann, { at: until + 100 }));
    });

    test("a reporter has one open report of a subject, and concurrent ones become one", async () => {
      const { store, serverId, owner, ann, bob } = await createWorld(fixture.store);
      const report = {
        server_id: serverId,
        for_instance: 0,
        reporter_id: ann,
        user_id: bob,
        subject: `user:${bob} server:${serverId}`,
        message_id: null,
        channel_id: null,
        restricted: 0,
        evidence: null,
        notify: 0,
        created_at: 1,
      };
      const reasons = ["one", "two", "three"];
      const rows = await Promise.all(reasons.map((reason) => putReport(store.db, { ...report, reason })));
      const [id] = [...new Set(rows.map((row) => row.id))] as [number];
      expect(rows.every((row) => row.id === id)).toBe(true);
      const known = { serverId, reader: { userId: owner, seesAll: true } };
      const listed = (status: "open" | "closed") => reportsIn(store.db, known, { status, limit: 9 });
      expect((await listed("open")).map((one) => one.id)).toEqual([id]);
      const close = { closedBy: owner, now: 5, outcome: "acted", note: null } as const;
      expect(await setClaim(store.db, id, bob)).toBe(true);
      expect(await setOutcome(store.db, id, close)).toBe(false);
      expect([await setClaim(store.db, id, null), await setOutcome(store.db, id, close)]).toEqual([true, true]);
      expect((await putReport(store.db, { ...report, reason: "four" })).id).not.toBe(id);
      expect((await listed("closed")).map((one) => one.id)).toEqual([id]);
      await deleteReportsClosedBefore(store.db, 6);
      expect(await listed("closed")).toEqual([]);
      const readers = await reportReaders(store.db, (await reportRow(store.db, (await listed("open"))[0]!.id))!);
      expect(readers).toEqual([owner]);
    });

    test("a ban ends by itself, and one that has ended is deleted", async () => {
      const { store, serverId, owner, ann } = await createWorld(fixture.store);
      const ban = { serverId, userId: ann, bannedBy: owner, now: 1 };
      await insertBan(store.db, { ...ban, expiresAt: 100 });
      expect(await isBanned(store.db, serverId, ann, 99)).toBe(true);
      expect(await isBanned(store.db, serverId, ann, 100)).toBe(false);
      await deleteBansBefore(store.db, 101);
      expect(await isBanned(store.db, serverId, ann, 99)).toBe(false);
      await insertBan(store.db, ban);
      await deleteBansBefore(store.db, 1_000_000);
      expect(await bansOf(store.db, serverId, 1_000_000)).toMatchObject([{ reason: null, expires_at: null }]);
    });

    test("[L10] slow mode makes its author wait, in one batch and between two, and not who manages messages", async () => {
      const { store, general, random, owner, ann, bob } = await createWorld(fixture.store);
      await store.db.updateTable("channels").set({ slow_mode_s: 30 }).where("id", "=", general).execute();
      const at = 1_700_000_000_000;
      const outcomes = await Promise.all([
        store.log.commit(sending(general, ann, { at, nonce: "slow" })),
        store.log.commit(sending(general, ann, { at: at + 1_000 })),
        store.log.commit(sending(general, bob, { at: at + 1_000 })),
        store.log.commit(sending(random, ann, { at: at + 1_000 })),
        // The first one again: it is no second message.
        store.log.commit(sending(general, ann, { at: at + 2_000, nonce: "slow" })),
        store.log.commit(sending(general, owner, { at })),
        store.log.commit(sending(general, owner, { at })),
      ]);
      expect(outcomes.map(({ ok }) => ok)).toEqual([true, false, true, true, true, true, true]);
      expect(outcomes[1]).toMatchObject({ code: "rate_limited", retryAfterMs: 29_000 });
      const early = await store.log.commit(sending(general, ann, { at: at + 29_999 }));
      expect(early).toMatchObject({ code: "rate_limited", retryAfterMs: 1 });
      await commit(store, sending(general, ann, { at: at + 30_000 }));
      expect(await refusal(store, sending(general, ann, { at: at + 30_001 }))).toBe("rate_limited");
    });
  });
}
