import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { customStatusOf } from "../queries/own-profile.ts";
import { mutualFriends, mutualServerIds, seesProfile } from "../queries/profiles.ts";
import { deleteFriends, insertBlock, insertFriend } from "../queries/relationships.ts";
import { changeUser, presentMe } from "../queries/users.ts";
import type { OpenStore, StoreUnderTest } from "./store-under-test.ts";
import { createPerson, createServer, createWorld, type World } from "./world.ts";

export function describeProfiles(open: OpenStore): void {
  describe("profiles", () => {
    let fixture: StoreUnderTest;
    let world: World;
    beforeAll(async () => {
      fixture = await open();
      world = await createWorld(fixture.store);
    });
    afterAll(() => fixture.cleanUp());

    const ask = (one: number, other: number) =>
      world.store.db.transaction().execute((db) => insertFriend(db, one, other, 1));
    const befriend = async (one: number, other: number) => {
      await ask(one, other);
      await ask(other, one);
    };
    const person = (name: string) => createPerson(world.store, `${name}${Date.now()}`);

    test("are seen by people of the same server, friends, and who is asked to be one", async () => {
      const { db } = world.store;
      const [one, other] = [await person("one"), await person("other")];
      const seen = async () => [await seesProfile(db, one, other), await seesProfile(db, other, one)];
      expect([await seesProfile(db, one, one), ...(await seen())]).toEqual([true, false, false]);
      await ask(one, other);
      expect(await seen()).toEqual([false, true]);
      await ask(other, one);
      expect(await seen()).toEqual([true, true]);
      await deleteFriends(db, one, other);
      expect(await seen()).toEqual([false, false]);
      const serverId = await createServer(world.store, one, [other]);
      expect(await seen()).toEqual([true, true]);
      expect(await mutualServerIds(db, one, other)).toEqual([serverId]);
    });

    test("show friends of both, unless one hides the other", async () => {
      const { db } = world.store;
      const [one, other, ofBoth, ofOne, asked] = [
        await person("reader"),
        await person("shown"),
        await person("both"),
        await person("single"),
        await person("asked"),
      ];
      await befriend(one, ofBoth);
      await befriend(other, ofBoth);
      await befriend(one, ofOne);
      await befriend(one, asked);
      await ask(other, asked);
      const ids = async () => {
        const { users, count } = await mutualFriends(db, one, other);
        expect(users).toHaveLength(count);
        return users.map(({ id }) => id);
      };
      expect(await ids()).toEqual([ofBoth]);
      await insertBlock(db, other, one, 1);
      expect(await ids()).toEqual([]);
    });

    test("and custom statuses are kept, and a status that has ended is not shown", async () => {
      const { db } = world.store;
      const status = { emoji: "🌲", text: "away", ends_at: new Date(1_000).toISOString() };
      const change = { about: "trees", pronouns: "she/her", banner_color: "#123456" };
      const row = (await changeUser(db, world.ann, { ...change, custom_status: JSON.stringify(status) }))!;
      expect(await presentMe(db, row, 999)).toMatchObject({ ...change, banner_url: null, custom_status: status });
      expect((await presentMe(db, row, 1_000)).custom_status).toBeUndefined();
      expect(customStatusOf({ custom_status: null }, 0)).toBeNull();
    });
  });
}
