import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { SendCommand } from "../contract.ts";
import { insertGroup } from "../queries/private-channels.ts";
import { insertBlock } from "../queries/relationships.ts";
import { mentionCounts, privateCounts, unreadIn, unreadInMany } from "../queries/unread.ts";
import type { OpenStore, StoreUnderTest } from "./store-under-test.ts";
import { createWorld, send, type World } from "./world.ts";

export function describeUnreadLimits(open: OpenStore): void {
  describe("what nobody reads", () => {
    let fixture: StoreUnderTest;
    beforeAll(async () => void (fixture = await open()));
    afterAll(() => fixture.cleanUp());

    const sendMany = async ({ store, owner }: World, channelId: number, count: number, fields: Partial<SendCommand>) =>
      Promise.all(Array.from({ length: count }, () => send(store, channelId, owner, fields)));

    /** Bob's in both text channels, each as all queries find it. */
    async function countsOf({ store: { db }, general, random, bob }: World) {
      const all = await mentionCounts(db, bob);
      const added = (await unreadInMany(db, [general, random], [bob])).get(bob);
      return Promise.all(
        [general, random].map(async (id) => [
          (await unreadIn(db, id, [bob]))[0]?.mentions,
          all.get(id) ?? 0,
          added?.get(id)?.mentions ?? 0,
        ]),
      );
    }

    test("[S10] counts up to a limit in each channel, the same in every query, however much there is", async () => {
      const world = await createWorld(fixture.store);
      const { store, general, random, owner, bob, names } = world;
      const named = { mentionNames: [names.bob] };
      await sendMany(world, general, 150, named);
      await sendMany(world, random, 3, { mentionsEveryone: true, ...named });
      await sendMany(world, random, 4, { mentionsEveryone: true });
      const counted = await countsOf(world);
      expect(counted).toEqual([
        [150, 150, 150],
        [7, 7, 7],
      ]);
      await sendMany(world, general, 51, named);
      const ends = [[200, 200, 200], counted[1]];
      expect(await countsOf(world)).toEqual(ends);
      // More than one pass over all channels looks at.
      await sendMany(world, general, 2_000, named);
      expect(await countsOf(world)).toEqual(ends);
      await insertBlock(store.db, bob, owner, 1);
      expect((await countsOf(world)).flat()).toEqual(Array(6).fill(0));
    });

    test("[S10] counts so in a private channel too", async () => {
      const world = await createWorld(fixture.store);
      const { store, owner, bob } = world;
      const group = await store.db
        .transaction()
        .execute((db) => insertGroup(db, { ownerId: owner, userIds: [bob], name: "", now: 1 }));
      const counts = async () => [
        (await unreadIn(store.db, group, [bob]))[0]?.mentions,
        (await privateCounts(store.db, bob)).get(group),
      ];
      await sendMany(world, group, 199, {});
      expect(await counts()).toEqual([199, 199]);
      await sendMany(world, group, 2, {});
      expect(await counts()).toEqual([200, 200]);
    });
  });
}
