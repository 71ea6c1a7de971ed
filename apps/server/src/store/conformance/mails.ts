import { afterAll, beforeAll, describe, expect, test } from "vitest";
import * as queries from "../queries/mails.ts";
import { insertNotification, missedMentions } from "../queries/notifications.ts";
import { claimDue, isDue } from "../queries/outbox.ts";
import { insertSession, liveSessions, revokeOldSessions } from "../queries/sessions.ts";
import { updateUser } from "../queries/users.ts";
import type { OpenStore, StoreUnderTest } from "./store-under-test.ts";
import { createWorld, send, type World } from "./world.ts";

const now = 1_700_000_000_000;

export function describeMails(open: OpenStore): void {
  describe("mails", () => {
    let fixture: StoreUnderTest;
    let world: World;
    beforeAll(async () => {
      fixture = await open();
      world = await createWorld(fixture.store);
    });
    afterAll(() => fixture.cleanUp());

    test("of notices are for confirmed addresses whose users want them, and are leased to one node at a time", async () => {
      const { db } = fixture.store;
      const { ann, bob, owner } = world;
      for (const id of [ann, bob])
        await updateUser(db, id, { email: "A@x.org", email_key: queries.foldAddress("A@x.org") });
      await updateUser(db, bob, { mail_notices: 0 });
      for (const userId of [ann, bob, owner]) await queries.insertNotice(db, { userId, kind: "new_device" }, now);
      const claim = (at: number) => claimDue(db, "mails", { now: at, leaseUntil: at + 1_000, limit: 10 });
      expect(await isDue(db, "mails", now)).toBe(true);
      const claims = await Promise.all([claim(now), claim(now)]);
      expect(claims.flat()).toMatchObject([{ user_id: ann, address: "A@x.org", kind: "new_device", attempts: 1 }]);
      expect(await isDue(db, "mails", now)).toBe(false);
      expect(await claim(now + 1_000)).toMatchObject([{ user_id: ann, attempts: 2 }]);
      expect((await queries.usersOfAddress(db, "a@X.ORG", 5)).map(({ id }) => id)).toEqual([ann, bob]);
    });

    test("of a new device are for the first of logins that come together", async () => {
      const { store, bob } = world;
      const session = { user_id: bob, kind: "web", refresh_hash: null, spent_hash: null, address: "::1" } as const;
      const times = { last_used_at: now, expires_at: now, revoked_at: null, confirmed_at: now };
      for (const [id, created_at] of [
        ["first", now],
        ["second", now],
        ["third", now + 1],
      ] as const) {
        await insertSession(store.db, { ...session, ...times, id, created_at, user_agent: id });
      }
      const before = async (id: string, createdAt: number) =>
        (await queries.sessionsBefore(store.db, bob, { id, createdAt })).map(({ user_agent }) => user_agent);
      expect(await before("first", now)).toEqual([]);
      expect(await before("second", now)).toEqual(["first"]);
      expect((await before("third", now + 1)).toSorted()).toEqual(["first", "second"]);
    });

    test("of a new device compare it with some hundred of the latest sessions, and live ones are fewer", async () => {
      const { store, ann } = world;
      const session = { user_id: ann, kind: "web", refresh_hash: null, spent_hash: null, address: "::1" } as const;
      const rest = { user_agent: "x", expires_at: now + 9_000, revoked_at: null, confirmed_at: now };
      await store.db.transaction().execute(async (db) => {
        for (let at = now; at < now + 600; at += 1) {
          await insertSession(db, { ...session, ...rest, id: `ann-${at}`, created_at: at, last_used_at: at });
        }
      });
      const latest = { id: "latest", createdAt: now + 600 };
      expect(await queries.sessionsBefore(store.db, ann, latest)).toHaveLength(500);
      await revokeOldSessions(store.db, ann, 3, now + 600);
      const live = await liveSessions(store.db, ann, now + 600);
      expect(live.map(({ last_used_at: at }) => at - now)).toEqual([599, 598, 597]);
    });

    test("of digests are due once, and count what was not read where the user still is", async () => {
      const { store, ann, owner, general, serverId } = world;
      await updateUser(store.db, ann, { digest_at: now });
      expect(await queries.dueDigests(store.db, now, 10)).toMatchObject([{ id: ann, digest_at: now }]);
      await updateUser(store.db, ann, { disabled_at: now });
      expect(await queries.dueDigests(store.db, now, 10)).toEqual([]);
      await updateUser(store.db, ann, { disabled_at: null });
      const next = () => queries.nextDigest(store.db, ann, { from: now, to: now + 1 });
      expect([await next(), await next()]).toEqual([true, false]);
      const { id } = await send(store, general, owner);
      const common = { user_id: ann, actor_id: owner, server_id: serverId, channel_id: general, message_id: id };
      for (const [created_at, read_at] of [
        [now, null],
        [now, now],
        [now - 1, null],
        [now + 1, null],
      ] as const) {
        await insertNotification(store.db, { ...common, kind: "mention", invite_code: null, created_at, read_at });
      }
      expect(await missedMentions(store.db, ann, now)).toMatchObject([{ server_name: "Server", count: 2 }]);
    });
  });
}
