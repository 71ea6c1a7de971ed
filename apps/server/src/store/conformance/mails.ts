import { afterAll, beforeAll, describe, expect, test } from "vitest";
import * as queries from "../queries/mails.ts";
import { insertNotification, missedMentions } from "../queries/notifications.ts";
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
      const claim = (at: number) => queries.claimMails(db, { now: at, leaseUntil: at + 1_000, limit: 10 });
      expect(await queries.isMailDue(db, now)).toBe(true);
      const claims = await Promise.all([claim(now), claim(now)]);
      expect(claims.flat()).toMatchObject([{ user_id: ann, address: "A@x.org", kind: "new_device", attempts: 1 }]);
      expect(await queries.isMailDue(db, now)).toBe(false);
      expect(await claim(now + 1_000)).toMatchObject([{ user_id: ann, attempts: 2 }]);
      expect((await queries.usersOfAddress(db, "a@X.ORG", 5)).map(({ id }) => id)).toEqual([ann, bob]);
    });

    test("of digests are due once, and count what was not read where the user still is", async () => {
      const { store, ann, owner, general, serverId } = world;
      await updateUser(store.db, ann, { digest_at: now });
      expect(await queries.dueDigests(store.db, now, 10)).toMatchObject([{ id: ann, digest_at: now }]);
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
