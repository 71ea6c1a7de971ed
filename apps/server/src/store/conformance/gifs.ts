import { afterAll, beforeAll, describe, expect, test } from "vitest";
import * as gifs from "../queries/favourite-gifs.ts";
import { orphanPictures, pictureById, pictureReferences } from "../queries/pictures.ts";
import { replacePicture } from "../queries/own-pictures.ts";
import { schemaOf } from "./schema-of.ts";
import type { OpenStore, StoreUnderTest } from "./store-under-test.ts";
import { createWorld, type World } from "./world.ts";

let pictures = 0;

export function describeGifs(open: OpenStore): void {
  describe("GIFs that people keep", () => {
    let fixture: StoreUnderTest;
    let world: World;
    beforeAll(async () => {
      fixture = await open();
      world = await createWorld(fixture.store);
    });
    afterAll(() => fixture.cleanUp());

    async function stored(createdAt = 1): Promise<string> {
      const id = `gif${(pictures += 1)}`.padEnd(24, "x");
      const row = { id, bytes: 10, width: 3, height: 2, created_at: createdAt };
      await world.store.db.insertInto("pictures").values(row).execute();
      return id;
    }
    const add = async (userId: number, source: string, pictureId: string) =>
      world.store.db.transaction().execute(async (db) => {
        await gifs.lockFavourites(db, userId);
        const { count } = await gifs.favouritesTaken(db, userId);
        const row = { user_id: userId, source, picture_id: pictureId, title: "Cat", credit: null, created_at: 1 };
        return { before: count, id: await gifs.insertFavourite(db, row) };
      });

    test("come from a place once for each person, the latest first, with the room that they take", async () => {
      const { ann, bob, store } = world;
      const { db } = store;
      const ids = await Promise.all([1, 2, 3].map(() => stored()));
      const first = await add(ann, "a:1", ids[0]!);
      const second = await add(ann, "a:2", ids[1]!);
      expect((await add(ann, "a:1", ids[2]!)).id).toBeUndefined();
      expect((await add(bob, "a:1", ids[2]!)).id).toBeDefined();
      expect((await gifs.favouritesOf(db, ann)).map(({ id }) => id)).toEqual([second.id, first.id]);
      const kept = await gifs.favouriteBySource(db, ann, "a:1");
      expect(gifs.presentFavourite(kept!)).toEqual({
        id: first.id,
        url: `/api/pictures/${ids[0]}`,
        width: 3,
        height: 2,
        title: "Cat",
        source: "a:1",
      });
      expect(await gifs.favouritesTaken(db, ann)).toEqual({ count: 2, bytes: 20 });
      expect(await gifs.favouriteById(db, bob, first.id!)).toBeUndefined();
    });

    test("of many that are added at once each counts the others", async () => {
      const person = world.owner;
      const ids = await Promise.all([1, 2, 3, 4].map(() => stored()));
      const added = await Promise.all(ids.map((id, at) => add(person, `b:${at}`, id)));
      expect(added.map(({ before }) => before).toSorted((a, b) => a - b)).toEqual([0, 1, 2, 3]);
    });

    test("go with their pictures, one by one and with the account", async () => {
      const { bob, store } = world;
      const { db } = store;
      const [one, other] = [await stored(), await stored()];
      const { id } = await add(bob, "c:1", one);
      await add(bob, "c:2", other);
      const drop = (userId: number) => db.transaction().execute((trx) => gifs.deleteFavourite(trx, userId, id!));
      expect([await drop(world.ann), await drop(bob), await drop(bob)]).toEqual([undefined, one, undefined]);
      expect(await pictureById(db, one)).toBeUndefined();
      await db.transaction().execute((trx) => gifs.deleteFavouritesOf(trx, bob));
      expect(await gifs.favouritesOf(db, bob)).toEqual([]);
      expect(await pictureById(db, other)).toBeUndefined();
    });

    test("pictures that no row names are found by their age, and those that something else names are not", async () => {
      const { ann, store } = world;
      const { db } = store;
      const [lost, young, named, kept] = [await stored(5), await stored(500), await stored(5), await stored(5)];
      const face = await stored(5);
      await db.transaction().execute((trx) => replacePicture(trx, { table: "users", id: ann }, face));
      await add(ann, "d:1", kept);
      const orphans = (limit = 100) => orphanPictures(db, { before: 100, limit, otherwise: [named] });
      const found = await orphans();
      expect(found).toContain(lost);
      for (const id of [young, named, kept, face]) expect(found).not.toContain(id);
      expect(await orphans(1)).toHaveLength(1);
    });

    test("every column that holds ids of pictures is looked at", async () => {
      const isOfPicture = (name: string) => ["picture", "picture_id", "banner"].includes(name);
      const found = [...(await schemaOf(world.store))].flatMap(([table, columns]) =>
        columns.filter(({ name }) => isOfPicture(name)).map(({ name }) => `${table}.${name}`),
      );
      expect(found.toSorted()).toEqual(pictureReferences.map((pair) => pair.join(".")).toSorted());
    });
  });
}
