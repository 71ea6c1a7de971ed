import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { LogOutcome, Store } from "../contract.ts";
import { replaceAdminClaim, takeAdminClaim } from "../queries/admin-claim.ts";
import { deleteChannel } from "../queries/channels.ts";
import { insertAutomodRule, renewVersion } from "../queries/automod.ts";
import { countUse, insertInvite } from "../queries/invites.ts";
import { markNotificationsRead } from "../queries/notifications.ts";
import { retirePositions } from "../queries/progress.ts";
import { insertUser } from "../queries/users.ts";
import { deleting, editing, reacting, sending } from "./commands.ts";
import { createAttachment, createWorld, send, type World } from "./world.ts";

const rounds = 20;
const summary = (outcome: LogOutcome) => (outcome.ok ? (outcome.event ? "sent" : "repeated") : outcome.code);
const sorted = (values: unknown[]) => values.map(String).toSorted();

/** Tests what only several stores on one database can show (S12). `open` resolves with four stores on a fresh one. */
export function describeSeveralStores(open: () => Promise<{ stores: Store[]; cleanUp(): Promise<void> }>): void {
  describe("several stores on one database", () => {
    let fixture: Awaited<ReturnType<typeof open>>;
    let stores: [Store, Store, Store, Store];
    let world: World;
    beforeAll(async () => {
      fixture = await open();
      stores = fixture.stores as typeof stores;
      world = await createWorld(stores[0]);
    });
    afterAll(() => fixture.cleanUp());

    /** Runs the work on two stores at the same time. */
    const onTwo = <Value>(work: (store: Store, index: number) => Promise<Value>) =>
      Promise.all(stores.slice(0, 2).map(work));

    test("[L1] [L6] batches of four stores in one channel give positions without gaps, each store's events in order", async () => {
      const { general, ann, bob } = await createWorld(stores[0]);
      const seen = stores.map((store) => {
        const seqs: number[] = [];
        store.log.onCommitted((outcome) => outcome.channelId === general && seqs.push(outcome.event!.seq));
        return seqs;
      });
      const sends = stores.flatMap((store, node) =>
        Array.from({ length: 150 }, (_, index) =>
          store.log.commit(sending(general, index % 2 ? ann : bob, { nonce: `${node} ${index}` })),
        ),
      );
      const outcomes = await Promise.all(sends);
      expect(outcomes.filter(({ ok }) => !ok)).toEqual([]);
      const messages = outcomes.flatMap((outcome) => (outcome.ok && outcome.message ? [outcome.message] : []));
      const bySeq = messages.toSorted((a, b) => a.seq - b.seq);
      expect(bySeq.map(({ seq }) => seq)).toEqual(Array.from({ length: 600 }, (_, index) => index + 1));
      expect(bySeq.map(({ id }) => id)).toEqual(messages.map(({ id }) => id).toSorted((a, b) => a - b));
      for (const seqs of seen) expect(seqs).toEqual(seqs.toSorted((a, b) => a - b));
      expect(seen.flat()).toHaveLength(600);
    });

    test("L20: repeats of the same authors in two channels are counted by two stores at once, none of which waits in a circle", async () => {
      const { store, serverId, general, random, ann, bob, owner } = await createWorld(stores[0]);
      const trigger = { kind: "repeats", times: 20, window_s: 60, in_message: 50 } as const;
      await store.db.transaction().execute(async (db) => {
        const actions = { block: true, delete: false, alert_channel_id: null, timeout_s: 0 };
        const exempt = { exempt_role_ids: [], exempt_channel_ids: [], checks_names: false };
        await insertAutomodRule(
          db,
          serverId,
          { name: "x", message: "x", enabled: true, trigger, actions, ...exempt },
          1,
        );
        await renewVersion(db, serverId);
      });
      const sends = async () =>
        (await store.db.selectFrom("automod_sends").where("server_id", "=", serverId).select("sends").execute()).map(
          (row) => row.sends.split(",").length,
        );
      const authors = [ann, bob, owner];
      await Promise.all(authors.map((author) => send(store, general, author, { content: "0", at: 1 })));
      for (let round = 1; round <= 6; round += 1) {
        const outcomes = await onTwo((one, index) =>
          Promise.all(
            (index === 0 ? authors : authors.toReversed()).map((author) =>
              one.log.commit(sending(index === 0 ? general : random, author, { content: `${round} ${index}`, at: 1 })),
            ),
          ),
        );
        expect(outcomes.flat().map(summary)).toEqual(authors.flatMap(() => ["sent", "sent"]));
      }
      expect(await sends()).toEqual(authors.map(() => 13));
    });

    test("[L3] one nonce sent by two stores at once stores one message, which both return", async () => {
      const { general, ann } = world;
      for (let round = 0; round < rounds; round += 1) {
        const command = sending(general, ann, { nonce: `same channel ${round}` });
        const outcomes = await onTwo((store) => store.log.commit(command));
        expect(sorted(outcomes.map(summary))).toEqual(["repeated", "sent"]);
        const ids = new Set(outcomes.map((outcome) => (outcome.ok ? outcome.message?.id : null)));
        expect(ids.size).toBe(1);
      }
    });

    test("[L3] one nonce sent by two stores at once to two channels is a conflict for one, and others of its batch are sent", async () => {
      const { general, random, ann, bob } = world;
      for (let round = 0; round < rounds; round += 1) {
        const outcomes = await onTwo(async (store, index) => {
          const channelId = index === 0 ? general : random;
          const both = [
            sending(channelId, ann, { nonce: `two channels ${round}` }),
            sending(channelId, bob, { content: "beside" }),
          ];
          return (await Promise.all(both.map((command) => store.log.commit(command)))).map(summary);
        });
        expect(sorted(outcomes.map(([contested]) => contested))).toEqual(["nonce_conflict", "sent"]);
        expect(outcomes.map(([, beside]) => beside)).toEqual(["sent", "sent"]);
      }
    });

    test("[L10] an upload that two stores send at once in two channels is taken once", async () => {
      const { general, random, ann } = world;
      for (let round = 0; round < rounds; round += 1) {
        const attachmentIds = [await createAttachment(stores[0], ann)];
        const outcomes = await onTwo((store, index) =>
          store.log.commit(sending(index === 0 ? general : random, ann, { attachmentIds })),
        );
        expect(sorted(outcomes.map(summary))).toEqual(["invalid_request", "sent"]);
      }
    });

    test("[L10] slow mode lets one of two messages through that two stores are given at once", async () => {
      const { general, ann, owner } = await createWorld(stores[0]);
      await stores[0].db.updateTable("channels").set({ slow_mode_s: 30 }).where("id", "=", general).execute();
      for (let round = 1; round <= rounds; round += 1) {
        const at = round * 60_000;
        // Another's message holds the channel meanwhile, so that both find it locked.
        const outcomes = await onTwo((store) =>
          Promise.all([
            store.log.commit(sending(general, owner, { at })),
            store.log.commit(sending(general, ann, { at })),
          ]),
        );
        expect(sorted(outcomes.map(([, own]) => summary(own)))).toEqual(["rate_limited", "sent"]);
      }
    });

    test("[S5] transactions that read and then write lose no update of another store", async () => {
      const { random } = world;
      const work = stores.flatMap((store) =>
        Array.from({ length: 15 }, () =>
          store.db.transaction().execute(async (trx) => {
            await retirePositions(trx, 1);
            const channel = trx.selectFrom("channels").select("name").where("id", "=", random);
            const { name } = await channel.executeTakeFirstOrThrow();
            await trx
              .updateTable("channels")
              .set({ name: `${name}.` })
              .where("id", "=", random)
              .execute();
          }),
        ),
      );
      await Promise.all(work);
      const find = stores[1].db.selectFrom("channels").select("name").where("id", "=", random);
      expect((await find.executeTakeFirstOrThrow()).name).toBe(`text${".".repeat(60)}`);
      const retired = stores[1].db.selectFrom("meta").select("value").where("key", "=", "retired_positions");
      expect((await retired.executeTakeFirstOrThrow()).value).toBe("60");
    });

    test("[S5] what may happen once happens once: a claim, the last use of an invite, a name", async () => {
      const { serverId, owner } = world;
      for (let round = 0; round < rounds; round += 1) {
        const name = `twin${round}`;
        await replaceAdminClaim(stores[0].db, name);
        const invite = { server_id: serverId, created_by: owner, created_at: 1, expires_at: null, max_uses: 1 };
        await insertInvite(stores[0].db, { ...invite, code: name });
        const results = await onTwo(({ db }) => Promise.all([takeAdminClaim(db, name), countUse(db, name, 2)]));
        expect(sorted(results.map(([isTaken]) => isTaken))).toEqual(["false", "true"]);
        expect(sorted(results.map(([, isUsed]) => isUsed))).toEqual(["false", "true"]);
        const user = { email: "", password_hash: "", display_name: name, avatar_color: "", is_admin: 0, created_at: 1 };
        const named = { username: name, username_key: name, username_skeleton: name };
        const users = await onTwo(({ db }) =>
          db.transaction().execute((trx) => insertUser(trx, { ...user, ...named })),
        );
        expect(users.filter((row) => row !== undefined)).toHaveLength(1);
      }
    });

    test("[L8] a command during a transaction of another store that ends the membership is decided after it", async () => {
      const { general, bob, serverId } = await createWorld(stores[0]);
      const [deleted, ended] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
      const leaving = stores[0].db.transaction().execute(async (trx) => {
        await trx.deleteFrom("members").where("server_id", "=", serverId).where("user_id", "=", bob).execute();
        deleted.resolve();
        await ended.promise;
      });
      await deleted.promise;
      const outcome = stores[1].log.commit(sending(general, bob));
      // Long enough for the command to be decided, if it did not wait.
      await new Promise((resolve) => setTimeout(resolve, 100));
      ended.resolve();
      await leaving;
      expect(summary(await outcome)).toBe("not_found");
    });

    test("[S12] sends, changes, read marks and a deletion of a channel by four stores at once all succeed", async () => {
      const { general, random, ann, bob, names } = await createWorld(stores[0]);
      const first = await Promise.all(
        Array.from({ length: 40 }, () => send(stores[0], general, ann, { mentionNames: [names.bob] })),
      );
      const work = stores.flatMap((store, node) =>
        first.flatMap(({ id }, index) => [
          store.log.commit(sending(index % 2 ? random : general, bob, { replyToId: null })),
          store.log.commit(reacting(id, node % 2 ? ann : bob, node < 2 ? "👍" : "🎉")),
          store.log.commit(index % 4 === node ? deleting(id, ann) : editing(id, ann, `edit ${node}`, [names.bob])),
          ...(index % 10 === 0 ? [markNotificationsRead(store.db, bob, "all", 5)] : []),
        ]),
      );
      const [settled] = await Promise.all([Promise.allSettled(work), deleteChannel(stores[3].db, random)]);
      expect(settled.flatMap((result) => (result.status === "rejected" ? [String(result.reason)] : []))).toEqual([]);
      const { seq, changes } = await stores[2].log.changesSince(general, 0, 1_000);
      expect(changes!.at(-1)!.updated_seq).toBe(seq);
      const left = await stores[2].db.selectFrom("messages").select("id").where("channel_id", "=", random).execute();
      expect(left).toEqual([]);
    });
  });
}
