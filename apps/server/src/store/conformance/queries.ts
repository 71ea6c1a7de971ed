import { sql } from "kysely";
import { AppError } from "../../errors.ts";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { OpenStore, StoreUnderTest } from "./store-under-test.ts";
import { isUniqueViolation } from "../sql-dialect.ts";
import { deleting } from "./commands.ts";
import { channelsById } from "../queries/channels.ts";
import {
  attachmentExists,
  deleteUnsentOf,
  forgetRemovedFiles,
  insertAttachment,
  noteUnfinishedFile,
  removedFiles,
  uploadedBytes,
} from "../queries/attachments.ts";
import {
  deleteSigningKeysReplacedBefore,
  ensureSigningKey,
  newSigningSecret,
  rotateSigningKey,
  signingKeys,
} from "../queries/signing-keys.ts";
import { publicServers } from "../queries/discovery.ts";
import { sessionById } from "../queries/sessions.ts";
import { userByKey } from "../queries/users.ts";
import { deleteVoiceNode, insertVoiceNode, voiceNodeByName, voiceNodes } from "../queries/voice-nodes.ts";
import { commit, createAttachment, createPerson, createWorld, send } from "./world.ts";

const page = { limit: 5, now: 1 };

export function describeQueries(open: OpenStore): void {
  describe("store", () => {
    let fixture: StoreUnderTest;
    beforeAll(async () => void (fixture = await open()));
    afterAll(() => fixture.cleanUp());

    test("[S1] a transaction that throws leaves nothing behind", async () => {
      const { db } = fixture.store;
      const failing = db.transaction().execute(async (trx) => {
        await trx.insertInto("meta").values({ key: "half", value: "done" }).execute();
        throw new Error("changed my mind");
      });
      await expect(failing).rejects.toThrow("changed my mind");
      expect(await db.selectFrom("meta").selectAll().where("key", "=", "half").execute()).toEqual([]);
    });

    test("a text with NUL is found nowhere, or refused as the mistake of whoever asks for it", async () => {
      const { db } = fixture.store;
      const outcome = (asked: Promise<unknown>) =>
        asked.then(
          (found) => JSON.stringify(found) ?? "nothing",
          (error: unknown) => (error instanceof AppError ? error.code : "failure"),
        );
      const writing = db
        .transaction()
        .execute(async (trx) => void (await trx.insertInto("meta").values({ key: "nul", value: "\0" }).execute()));
      const found = [userByKey(db, "name\0"), sessionById(db, "session\0"), writing].map(outcome);
      for (const one of await Promise.all(found)) expect(["nothing", "invalid_request"]).toContain(one);
      const servers = await outcome(publicServers(db, 1, { ...page, search: "a\0" }));
      expect(['{"servers":[],"next":null}', "invalid_request"]).toContain(servers);
      expect(await userByKey(db, "nobody")).toBeUndefined();
    });

    test("[S2] writes of a transaction are visible to others only after it commits", async () => {
      const { db } = fixture.store;
      const find = () => db.selectFrom("meta").select("value").where("key", "=", "whole").execute();
      await db.transaction().execute(async (trx) => {
        await trx.insertInto("meta").values({ key: "whole", value: "done" }).execute();
        expect(await find()).toEqual([]);
      });
      expect(await find()).toEqual([{ value: "done" }]);
    });

    test("[S3] a read-only transaction sees the same snapshot while others write", async () => {
      const { store } = fixture;
      const world = await createWorld(store);
      const snapshot = store.db.transaction().setAccessMode("read only").setIsolationLevel("repeatable read");
      await snapshot.execute(async (trx) => {
        const count = async () =>
          (await trx.selectFrom("messages").select("id").where("channel_id", "=", world.general).execute()).length;
        expect(await count()).toBe(0);
        await send(store, world.general, world.ann);
        expect(await count()).toBe(0);
      });
    });

    test("[S4] reads do not wait for an open write transaction", async () => {
      const { store } = fixture;
      const world = await createWorld(store);
      const message = await send(store, world.general, world.ann);
      await store.db.transaction().execute(async (trx) => {
        await trx.updateTable("servers").set({ name: "later" }).where("id", "=", world.serverId).execute();
        expect((await store.log.history(world.general, { limit: 10 })).messages).toEqual([message]);
        expect((await store.log.changesSince(world.general, 0, 10)).changes).toEqual([message]);
      });
    });

    test("[S10] no channels are found for no ids", async () => {
      expect(await channelsById(fixture.store.db, [])).toEqual([]);
    });

    test("[S6] a violated unique constraint is recognised by isUniqueViolation", async () => {
      const { store } = fixture;
      await createPerson(store, "unique");
      const second = await createPerson(store, "unique").catch((error: unknown) => error);
      expect(isUniqueViolation(second)).toBe(true);
      expect(isUniqueViolation(new Error("other"))).toBe(false);
    });

    test("[S5] concurrent writes through the log and through db all succeed without a lost update", async () => {
      const { store } = fixture;
      const world = await createWorld(store);
      const writes = Array.from({ length: 60 }, (_, index) => [
        send(store, world.general, world.ann, { content: `message ${index}` }),
        store.db
          .updateTable("servers")
          .set({ name: `name ${index}` })
          .where("id", "=", world.serverId)
          .execute(),
        store.db.transaction().execute(async (trx) => {
          const { name } = await trx
            .selectFrom("channels")
            .select("name")
            .where("id", "=", world.random)
            .executeTakeFirstOrThrow();
          await trx
            .updateTable("channels")
            .set({ name: `${name}.` })
            .where("id", "=", world.random)
            .execute();
        }),
      ]);
      await Promise.all(writes.flat());
      const { name } = await store.db
        .selectFrom("channels")
        .select("name")
        .where("id", "=", world.random)
        .executeTakeFirstOrThrow();
      expect(name).toBe(`text${".".repeat(60)}`);
      expect((await store.log.history(world.general, { limit: 100 })).messages).toHaveLength(60);
    });

    test("[S10] of first keys and of rotations at once each generation is made once", async () => {
      const { db } = fixture.store;
      await Promise.all([1, 2, 3].map(() => ensureSigningKey(db, newSigningSecret(), 1_000)));
      const rotate = (now: number, revoke: boolean) =>
        db.transaction().execute((trx) => rotateSigningKey(trx, { now, revoke }));
      await Promise.allSettled([rotate(2_000, false), rotate(2_000, false)]);
      const made = await signingKeys(db);
      const generations = made.map(({ generation }) => generation);
      expect(generations).toEqual(Array.from(generations, (_, index) => generations.length - index));
      expect(generations.length).toBeGreaterThan(1);
      await deleteSigningKeysReplacedBefore(db, 2_000);
      expect(await signingKeys(db)).toEqual(made);
      await deleteSigningKeysReplacedBefore(db, 2_001);
      expect(await signingKeys(db)).toEqual([made[0]]);
      await rotate(3_000, true);
      expect((await signingKeys(db)).map(({ generation }) => generation)).toEqual([generations.length + 1]);
    });

    test("[S10] of voice nodes of one name that are added at once one is kept, until it is removed", async () => {
      const { db } = fixture.store;
      const node = (name: string, digest: string) => ({ name, digest, created_at: 1_000 });
      const added = await Promise.all(
        ["one", "two", "three"].map((digest) => insertVoiceNode(db, node("nyc", digest))),
      );
      expect(added.filter(Boolean)).toHaveLength(1);
      await insertVoiceNode(db, node("ams", "four"));
      expect(await voiceNodes(db)).toMatchObject([node("ams", "four"), node("nyc", expect.any(String))]);
      expect(await deleteVoiceNode(db, "nyc")).toBe(true);
      expect(await deleteVoiceNode(db, "nyc")).toBe(false);
      expect(await voiceNodeByName(db, "nyc")).toBeUndefined();
      expect(await voiceNodeByName(db, "ams")).toMatchObject(node("ams", "four"));
    });

    test("[S10] an attachment is stored as long as its file is noted, and the file is removed otherwise", async () => {
      const { db } = fixture.store;
      const { ann } = await createWorld(fixture.store);
      const attachment = (key: string) => ({
        uploader_id: ann,
        message_id: null,
        ordinal: 0,
        storage_key: key,
        filename: "file",
        size: 1,
        content_type: "text/plain",
        width: null,
        height: null,
        created_at: 1,
      });
      const insert = (key: string) => db.transaction().execute((trx) => insertAttachment(trx, attachment(key)));
      await noteUnfinishedFile(db, "in-time", 5_000);
      await noteUnfinishedFile(db, "never-ends", 5_000);
      expect(await insert("in-time")).toMatchObject({ storage_key: "in-time", size: 1 });
      expect(await removedFiles(db, 4_999, 10)).toEqual([]);
      expect(await removedFiles(db, 5_000, 10)).toEqual(["never-ends"]);
      await forgetRemovedFiles(db, ["never-ends"]);
      expect(await insert("never-ends")).toBeUndefined();
    });

    test("[S10] more unsent uploads of one user than a statement takes values are deleted, and no sent one", async () => {
      const { db } = fixture.store;
      const { ann, bob, general } = await createWorld(fixture.store);
      const sent = await createAttachment(fixture.store, ann);
      await send(fixture.store, general, ann, { attachmentIds: [sent] });
      const ofBob = await createAttachment(fixture.store, bob);
      const count = 70_000;
      await sql`insert into attachments
        (uploader_id, message_id, ordinal, storage_key, filename, size, content_type, created_at)
        with recursive numbers(n) as (select 1 union all select n + 1 from numbers where n < ${sql.lit(count)})
        select ${sql.lit(ann)}, null, 0, 'unsent-' || n, 'x', 1, 'text/plain', 1 from numbers`.execute(db);
      await deleteUnsentOf(db, ann);
      expect(await uploadedBytes(db, ann)).toEqual({ total: 4_096, unsent: 0 });
      expect(await Promise.all([sent, ofBob].map((id) => attachmentExists(db, id)))).toEqual([true, true]);
      const { rows } = await sql<{ count: number | string }>`select count(*) as count from removed_files
        where storage_key like 'unsent-%'`.execute(db);
      expect(Number(rows[0]!.count)).toBe(count);
      await sql`delete from removed_files where storage_key like 'unsent-%'`.execute(db);
    });

    test("[S7] [S8] a reopened store answers a ping, keeps epoch and data, and continues ids and positions", async () => {
      const { store } = fixture;
      const world = await createWorld(store);
      const message = await send(store, world.general, world.ann, { content: "lasting" });
      await store.ping();
      fixture.store = await fixture.reopen();
      await fixture.store.ping();
      expect(fixture.store.epoch).toBe(store.epoch);
      expect(await fixture.store.log.message(message.id)).toEqual(message);
      const next = await send(fixture.store, world.general, world.ann);
      expect(next.seq).toBe(message.seq + 1);
      expect(next.id).toBeGreaterThan(message.id);
    });

    test("[S11] after an erasure deleted text is not found, where the store erases files also in none of their bytes", async () => {
      const { store } = fixture;
      const { general, ann } = await createWorld(store);
      const { id } = await send(store, general, ann, { content: "treasure to be erased" });
      await commit(store, deleting(id, ann));
      expect(await store.eraseDeleted()).toBe(true);
      expect(await store.log.message(id)).toMatchObject({ content: "", is_deleted: true });
      expect(fixture.bytes !== undefined).toBe(store.erasesFiles);
      expect(fixture.bytes?.().includes("treasure to be erased") ?? false).toBe(false);
    });

    test("[S8] [S9] a closing store completes accepted commands, then refuses commands and pings", async () => {
      const closing = await open();
      const world = await createWorld(closing.store);
      const accepted = send(closing.store, world.general, world.ann);
      await Promise.all([accepted, closing.store.close()]);
      expect((await accepted).seq).toBe(1);
      await expect(send(closing.store, world.general, world.ann)).rejects.toMatchObject({ code: "unavailable" });
      await expect(closing.store.ping()).rejects.toBeInstanceOf(Error);
      await closing.cleanUp();
    });
  });
}
