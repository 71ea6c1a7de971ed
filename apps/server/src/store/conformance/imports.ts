import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { removedFiles } from "../queries/attachments.ts";
import * as discord from "../queries/discord.ts";
import * as queries from "../queries/imports.ts";
import { deleteWebhookPicturesOf, knownPicture, notePicture } from "../queries/webhook-pictures.ts";
import { insertWebhook, updateWebhook } from "../queries/webhooks.ts";
import { isUniqueViolation } from "../sql-dialect.ts";
import { reacting } from "./commands.ts";
import type { OpenStore, StoreUnderTest } from "./store-under-test.ts";
import { commit, createWorld, send, type World } from "./world.ts";

export function describeImports(open: OpenStore): void {
  describe("imports", () => {
    let fixture: StoreUnderTest;
    let world: World;
    beforeAll(async () => {
      fixture = await open();
      world = await createWorld(fixture.store);
    });
    afterAll(() => fixture.cleanUp());

    const row = (id: string) => ({ id, user_id: world.ann, created_at: 1, due_at: 5, expires_at: 5 });

    test("[S10] of which one is open at a time take files, and their bytes in order and once", async () => {
      const { db } = fixture.store;
      await queries.insertImport(db, row("one"));
      const second = await queries.insertImport(db, row("two")).catch((error: unknown) => error);
      expect(isUniqueViolation(second)).toBe(true);
      expect(await queries.takeRoom(db, "one", { files: 2, bytes: 9 }, 7)).toEqual({ start: 0, files: 2 });
      expect(await queries.takeRoom(db, "one", { files: 1, bytes: 1 }, 8)).toEqual({ start: 9, files: 3 });
      const file = (path: string, start: number, size: number) => ({ import_id: "one", path, start, size });
      await queries.insertImportFiles(db, [file("b", 0, 4), file("a/c", 4, 5), file("z", 9, 1)]);
      const paths = async (after: string) =>
        (await queries.importFilesAfter(db, "one", after, 2)).map(({ path }) => path);
      expect([await paths(""), await paths("b")]).toEqual([["a/c", "b"], ["z"]]);
      const part = (start: number, size: number, storage_key: string) => ({
        import_id: "one",
        start,
        size,
        storage_key,
      });
      const send = (...given: Parameters<typeof part>) =>
        db.transaction().execute((trx) => queries.insertImportPart(trx, part(...given), 10 + given[0]));
      expect([await send(0, 6, "k1"), await send(0, 6, "k2"), await send(7, 1, "k3"), await send(6, 5, "k4")]).toEqual([
        true,
        false,
        false,
        false,
      ]);
      expect(await send(6, 4, "k5")).toBe(true);
      expect((await queries.importPartsAfter(db, "one", -1, 9)).map(({ storage_key }) => storage_key)).toEqual([
        "k1",
        "k5",
      ]);
      const before = (await queries.importById(db, "one"))!;
      expect(before).toMatchObject({
        files: 3,
        bytes: 10,
        received: 10,
        due_at: 16,
        expires_at: 16,
        attempts: 0,
        status: "uploading",
      });
      expect(await queries.changeImport(db, before, { status: "reading", attempts: 1 })).toBe(true);
      expect(await queries.changeImport(db, before, { status: "ready" })).toBe(false);
      expect(await queries.takeRoom(db, "one", { files: 1, bytes: 1 }, 9)).toBeUndefined();
      const now = (await queries.importById(db, "one"))!;
      await queries.changeImport(db, now, { finished_at: 3, status: "done" });
      await queries.insertImport(db, { ...row("two"), due_at: 6 });
      expect((await queries.dueImport(db, 100))!.id).toBe("two");
      const clear = () => db.transaction().execute((trx) => queries.deleteSomeFiles(trx, "one", 2));
      expect([await clear(), await clear(), await clear()]).toEqual([true, true, false]);
      expect((await removedFiles(db, 100, 100)).toSorted()).toEqual(["k1", "k5"]);
      await queries.deleteImport(db, "one");
      expect((await queries.latestImports(db, 9)).map(({ id }) => id)).toEqual(["two"]);
    });

    test("[S10] pictures of a webhook are noted once for each address, and the oldest go", async () => {
      const { db } = fixture.store;
      const { serverId, general, ann } = world;
      const fields = {
        server_id: serverId,
        channel_id: general,
        created_by: ann,
        name: "x",
        token_digest: "t",
        created_at: 1,
      };
      const hook = await db.transaction().execute((trx) => insertWebhook(trx, fields));
      const note = (digest: string, picture: string | null) =>
        db.transaction().execute((trx) => notePicture(trx, hook, { digest, picture, expiresAt: 9 }));
      expect(await note("a", null)).toEqual([]);
      expect(await note("a", "p1")).toEqual([]);
      expect(await note("a", "p2")).toEqual(["p2"]);
      expect(await knownPicture(db, hook.id, "a")).toEqual({ picture: "p1", expires_at: 9 });
      for (let number = 0; number < 49; number += 1) await note(`b${number}`, `q${number}`);
      expect(await note("c", "last")).toEqual(["p1"]);
      expect(await knownPicture(db, hook.id, "a")).toBeUndefined();
      expect(await deleteWebhookPicturesOf(db, serverId)).toHaveLength(50);
      // Those of webhooks that are deleted take up room too; what a webhook has as its own stays.
      await db.transaction().execute((trx) => updateWebhook(trx, hook.id, { picture: "own" }));
      await note("own", "own");
      const ofDeleted = Array.from({ length: 500 }, (_, number) => ({
        server_id: serverId,
        webhook_id: 1_000_000 + number,
        digest: "d",
        picture: `r${number}`,
        expires_at: 9,
      }));
      await db.insertInto("webhook_pictures").values(ofDeleted).execute();
      expect(await note("e", "new")).toEqual(["r0"]);
      expect(await deleteWebhookPicturesOf(db, serverId)).toHaveLength(501);
    });

    test("[S10] an author's messages, reactions and files become the claimer's, whose own reactions stay", async () => {
      const { db } = fixture.store;
      const { ann, bob, general, names } = world;
      const author = { discordId: "777", name: "old", displayName: "Old", color: "#336699", now: 1 };
      const placeholder = await db.transaction().execute((trx) => discord.insertPlaceholder(trx, author));
      expect(await discord.placeholderOf(db, "777")).toBe(placeholder);
      const sent = [await send(world.store, general, bob), await send(world.store, general, bob)];
      const ids = sent.map(({ id }) => id);
      for (const id of ids) await commit(world.store, reacting(id, ann, "👍"));
      await commit(world.store, reacting(ids[0]!, bob, "👍"));
      await commit(world.store, reacting(ids[1]!, bob, "🎉"));
      await db.updateTable("messages").set({ author_id: placeholder }).where("id", "in", ids).execute();
      const ofBob = db.updateTable("reactions").set({ user_id: placeholder }).where("user_id", "=", bob);
      await ofBob.where("message_id", "in", ids).execute();
      expect(await discord.claimAuthorOf(db, placeholder, ann)).toBe(true);
      expect(await discord.claimAuthorOf(db, placeholder, bob)).toBe(false);
      expect(await discord.discordAuthorsNamed(db, "old")).toMatchObject([{ id: ann, discord_id: "777" }]);
      expect(await discord.movePlaceholder(db, placeholder, ann)).toBe(2);
      expect(await discord.movePlaceholder(db, placeholder, ann)).toBe(0);
      const { messages } = await world.store.log.history(general, { limit: 2 });
      expect(messages.map(({ author: { username } }) => username)).toEqual([names.ann, names.ann]);
      const rows = await db.selectFrom("reactions").where("message_id", "in", ids).selectAll().execute();
      expect(rows.map(({ user_id, emoji }) => `${user_id} ${emoji}`).toSorted()).toEqual(
        [`${ann} 👍`, `${ann} 👍`, `${ann} 🎉`].toSorted(),
      );
    });
  });
}
