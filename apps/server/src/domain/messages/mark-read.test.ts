import { afterEach, expect, test } from "vitest";
import { unreadIn } from "../../store/queries/unread.ts";
import { RealtimeWorld } from "../../testing/realtime-world.ts";

let world: RealtimeWorld;
afterEach(() => world.close());

test("a read position in a channel that is gone by then fails no other that is stored with it", async () => {
  world = await RealtimeWorld.open();
  const [ann, bob] = [await world.person("ann"), await world.person("bob")];
  const { channelId } = await world.server(ann, bob);
  const { readPositions, store } = world.context;
  await store.db.updateTable("channels").set({ seq: 9 }).where("id", "=", channelId).execute();
  const gone = { userId: bob.id, channelId: channelId + 1_000, seq: 3 };
  // The first is stored alone; what comes meanwhile, together.
  const done = await Promise.allSettled([
    readPositions({ userId: ann.id, channelId, seq: 1 }),
    readPositions(gone),
    readPositions({ userId: ann.id, channelId, seq: 5 }),
  ]);
  expect([done[0].status, done[2].status]).toEqual(["fulfilled", "fulfilled"]);
  expect(await unreadIn(store.db, channelId, [ann.id])).toMatchObject([{ readSeq: 5 }]);
  await expect(readPositions(gone)).rejects.toThrow(/foreign key/i);
});
