import { pictureUrl } from "@miscord/protocol";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { deleteChannel } from "../queries/channels.ts";
import { deletePictureOf, makeNameless } from "../queries/deletions.ts";
import { replacePicture, type PictureOwner } from "../queries/own-pictures.ts";
import { pictureById } from "../queries/pictures.ts";
import { dmById, insertGroup } from "../queries/private-channels.ts";
import { deleteServer, serverById } from "../queries/servers.ts";
import { usersById } from "../queries/users.ts";
import { editing, reacting } from "./commands.ts";
import type { OpenStore, StoreUnderTest } from "./store-under-test.ts";
import { commit, createPerson, createServer, createWorld, send, type World } from "./world.ts";

let pictures = 0;

export function describeOwnPictures(open: OpenStore): void {
  describe("pictures of people, servers and groups", () => {
    let fixture: StoreUnderTest;
    let world: World;
    beforeAll(async () => {
      fixture = await open();
      world = await createWorld(fixture.store);
    });
    afterAll(() => fixture.cleanUp());

    async function stored(): Promise<string> {
      const id = `picture${(pictures += 1)}`.padEnd(24, "x");
      await world.store.db
        .insertInto("pictures")
        .values({ id, bytes: 1, width: 1, height: 1, created_at: 1 })
        .execute();
      return id;
    }
    const replace = (owner: PictureOwner, picture: string | null) =>
      world.store.db.transaction().execute((db) => replacePicture(db, owner, picture));
    const exists = async (id: string) => (await pictureById(world.store.db, id)) !== undefined;
    const isToBeRemoved = async (id: string) => {
      const rows = await world.store.db.selectFrom("removed_files").where("storage_key", "=", id).selectAll().execute();
      return rows.length === 1 && !(await exists(id));
    };

    test("[L9] a person's is in what the log commits, in history and in lists", async () => {
      const { store, general, ann, bob } = world;
      const id = await stored();
      expect(await replace({ table: "users", id: ann }, id)).toEqual({ former: null });
      const avatar_url = pictureUrl(id);
      const message = await send(store, general, ann);
      expect(message.author).toMatchObject({ avatar_url });
      const edited = await commit(store, editing(message.id, ann, "again"));
      expect(edited.message!.author).toMatchObject({ avatar_url });
      await commit(store, reacting(message.id, bob, "👍"));
      const answer = await send(store, general, bob, { replyToId: message.id });
      expect([answer.reply_to!.author.avatar_url, answer.author.avatar_url]).toEqual([avatar_url, null]);
      const { messages } = await store.log.history(general, { limit: 100 });
      expect(messages.slice(-2)).toMatchObject([{ author: { avatar_url } }, { reply_to: { author: { avatar_url } } }]);
      expect(await usersById(store.db, [ann])).toMatchObject([{ avatar_url }]);
    });

    test("a replaced one is removed, also when many replace it at once", async () => {
      const owner = { table: "users", id: world.bob } as const;
      const ids = await Promise.all([1, 2, 3, 4].map(stored));
      const outcomes = await Promise.all(ids.map((id) => replace(owner, id)));
      const left = (await Promise.all(ids.map(exists))).filter(Boolean);
      expect([left.length, outcomes.filter((outcome) => outcome?.former === null).length]).toEqual([1, 1]);
      await replace(owner, null);
      expect(await Promise.all(ids.map(isToBeRemoved))).toEqual([true, true, true, true]);
    });

    test("a server's and a group's go with them", async () => {
      const { store, owner, ann } = world;
      const serverId = await createServer(store, owner, []);
      const now = 1;
      const group = { ownerId: owner, userIds: [ann], name: "", now };
      const groupId = await store.db.transaction().execute((db) => insertGroup(db, group));
      const [ofServer, ofGroup] = [await stored(), await stored()];
      await replace({ table: "servers", id: serverId }, ofServer);
      await replace({ table: "channels", id: groupId }, ofGroup);
      expect(await serverById(store.db, serverId)).toMatchObject({ icon_url: pictureUrl(ofServer) });
      expect(await dmById(store.db, groupId)).toMatchObject({ icon_url: pictureUrl(ofGroup) });
      await store.db.transaction().execute((db) => deleteServer(db, serverId));
      await deleteChannel(store.db, groupId);
      expect([await isToBeRemoved(ofServer), await isToBeRemoved(ofGroup)]).toEqual([true, true]);
      expect(await replace({ table: "servers", id: serverId }, null)).toBeUndefined();
    });

    test("a deleted account shows none, gets none, and its own is removed", async () => {
      const { store } = world;
      const userId = await createPerson(store, `leaver${Date.now()}`);
      const id = await stored();
      await replace({ table: "users", id: userId }, id);
      const banner = await stored();
      await replace({ table: "users", id: userId, column: "banner" }, await stored());
      await replace({ table: "users", id: userId, column: "banner" }, banner);
      expect(await Promise.all([id, banner].map(exists))).toEqual([true, true]);
      await store.db.updateTable("users").set({ deletion_at: 1 }).where("id", "=", userId).execute();
      expect(await makeNameless(store.db, userId, 2)).toBe(true);
      expect(await usersById(store.db, [userId])).toMatchObject([{ avatar_url: null, is_deleted: true }]);
      expect(await replace({ table: "users", id: userId }, id)).toBeUndefined();
      for (let time = 0; time < 2; time += 1) {
        await store.db.transaction().execute((db) => deletePictureOf(db, userId));
        expect([await isToBeRemoved(id), await isToBeRemoved(banner)]).toEqual([true, true]);
      }
    });
  });
}
