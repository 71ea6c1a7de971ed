import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Store } from "../contract.ts";
import { claimDue, isDue } from "../queries/outbox.ts";
import * as queries from "../queries/push.ts";
import { insertPair } from "../queries/private-channels.ts";
import { insertSession, revokeSession } from "../queries/sessions.ts";
import { deleting, sending } from "./commands.ts";
import type { OpenStore, StoreUnderTest } from "./store-under-test.ts";
import { commit, createWorld, send, type World } from "./world.ts";

const now = 1_700_000_000_000;

/** Subscribes a device of the user with a session of its own, which is returned. */
async function subscribe({ db }: Store, userId: number): Promise<string> {
  const id = randomUUID();
  await insertSession(db, {
    id,
    user_id: userId,
    kind: "web",
    refresh_hash: null,
    spent_hash: null,
    user_agent: "browser",
    address: "",
    created_at: now,
    last_used_at: now,
    expires_at: now + 1_000_000,
    revoked_at: null,
  });
  const keys = { p256dh: "key", auth: "secret", locale: "en", with_text: 1, kinds: "mention", is_mobile: 0 };
  const row = { user_id: userId, session_id: id, endpoint: `https://push.example/${id}`, ...keys };
  const fields = { created_at: now, succeeded_at: null, last_status: null };
  await db.transaction().execute((trx) => queries.savePushSubscription(trx, { ...row, ...fields }, 3));
  return id;
}

export function describePush(open: OpenStore): void {
  describe("pushes", () => {
    let fixture: StoreUnderTest;
    let world: World;
    beforeAll(async () => {
      fixture = await open();
      world = await createWorld(fixture.store);
    });
    afterAll(() => fixture.cleanUp());

    const claim = (at = now, limit = 100) =>
      claimDue(fixture.store.db, "pushes", { now: at, leaseUntil: at + 1_000, limit });

    test("[L5] are in the outbox with the message that notifies, one for each device of who is notified", async () => {
      const { store, general, owner, ann, bob, names } = world;
      for (const userId of [ann, ann, bob]) await subscribe(store, userId);
      const sends = [
        sending(general, owner, { mentionNames: [names.ann] }),
        sending(general, owner),
        sending(general, owner, { mentionsEveryone: true }),
        sending(general, ann, { mentionNames: [names.bob] }),
      ];
      const messages = (await Promise.all(sends.map((command) => commit(store, command)))).map(
        ({ message }) => message!,
      );
      const dm = await store.db.transaction().execute((db) => insertPair(db, ann, bob, now));
      const direct = await send(store, dm, ann);
      const [mention, , everyone, other] = messages;
      const rows = await claim();
      const expected = [
        ...[ann, ann].map((userId) => [userId, mention!.id, true]),
        ...[ann, ann, bob].map((userId) => [userId, everyone!.id, true]),
        [bob, other!.id, true],
        [bob, direct.id, false],
      ];
      const found = rows.map((row) => [row.user_id, row.message_id, row.notification_id !== null]);
      expect(new Set(found.map(String))).toEqual(new Set(expected.map(String)));
      expect(found).toHaveLength(expected.length);
      expect(
        (
          await queries.privatePushes(
            store.db,
            rows.map(({ id }) => id),
          )
        ).map(({ content }) => content),
      ).toEqual([direct.content]);

      // Leased: nobody else gets them before the lease ends.
      expect(await claim(now + 999)).toEqual([]);
      const again = await claim(now + 1_000, 2);
      expect(again.map(({ attempts }) => attempts)).toEqual([2, 2]);
      await queries.deletePushes(
        store.db,
        rows.map(({ id }) => id),
      );
      expect(await isDue(store.db, "pushes", now + 10_000)).toBe(false);
    });

    test("are closed when their messages are read or deleted, and go with the session", async () => {
      const { store, general, owner, ann, names } = await createWorld(fixture.store);
      const session = await subscribe(store, ann);
      const shown = async () => {
        const rows = await claim();
        for (const { id } of rows) await queries.changePush(store.db, id, { state: "shown", due_at: null });
        return rows.at(-1)!.id;
      };
      const state = async (id: number) => (await queries.pushById(store.db, id))?.state;
      const mention = () => send(store, general, owner, { mentionNames: [names.ann] });
      const [first, early] = [await mention(), await shown()];
      const [second, late] = [await mention(), await shown()];
      await queries.closePushes(store.db, { userId: ann, channelId: general, seq: first.seq }, now);
      expect([await state(early), await state(late)]).toEqual(["close", "shown"]);
      await commit(store, deleting(second.id, owner));
      await queries.closePushes(store.db, { messageId: second.id }, now);
      expect(await state(late)).toBe("close");
      expect(
        await queries.waitingCloses(store.db, (await queries.pushById(store.db, late))!.subscription_id),
      ).toHaveLength(2);

      expect(await queries.pushDevices(store.db, [ann], now)).toMatchObject([{ user_agent: "browser" }]);
      await revokeSession(store.db, session, now);
      expect(await queries.pushDevices(store.db, [ann], now)).toEqual([]);
      expect(await store.db.selectFrom("push_subscriptions").where("user_id", "=", ann).selectAll().execute()).toEqual(
        [],
      );
    });

    test("do not lose a device's history when its browser subscribes again at its next start", async () => {
      const { store, bob } = await createWorld(fixture.store);
      await subscribe(store, bob);
      const [device] = await queries.pushDevices(store.db, [bob], now);
      await queries.notePushAnswer(store.db, device!.id, 201, now);
      for (const at of [1, 2]) await queries.notePushAnswer(store.db, device!.id, 503, now + at);
      const again = async (change: object) => {
        const row = await store.db
          .selectFrom("push_subscriptions")
          .where("user_id", "=", bob)
          .select(["user_id", "session_id", "endpoint", "p256dh", "auth", "locale", "with_text", "kinds", "is_mobile"])
          .executeTakeFirstOrThrow();
        const fresh = { ...row, created_at: now + 5, succeeded_at: null, last_status: null, ...change };
        await store.db.transaction().execute((trx) => queries.savePushSubscription(trx, fresh, 3));
        return (await queries.pushDevices(store.db, [bob], now))[0];
      };
      const kept = { created_at: now, succeeded_at: now, failures: 2, last_status: 503, failing_since: now + 1 };
      expect(await again({ locale: "ru" })).toMatchObject({ ...kept, locale: "ru" });
      const anew = { created_at: now + 5, succeeded_at: null, failures: 0, last_status: null, failing_since: null };
      expect(await again({ endpoint: `https://push.example/${randomUUID()}` })).toMatchObject(anew);
    });

    test("of one person go to a bounded number of devices", async () => {
      const { store, bob } = await createWorld(fixture.store);
      for (let count = 0; count < 5; count += 1) await subscribe(store, bob);
      expect(await queries.pushDevices(store.db, [bob], now)).toHaveLength(3);
    });
  });
}
