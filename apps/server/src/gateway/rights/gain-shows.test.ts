import { expect, test } from "vitest";
import { RealtimeWorld } from "../../testing/realtime-world.ts";
import type { ClientSession } from "../client-session/client-session.ts";
import { GainShows } from "./gain-shows.ts";
import type { ThreadWatch } from "./thread-watch.ts";

test("a server that changes while it waits keeps its place, and gives it back when nothing is to be shown any more", async () => {
  const world = await RealtimeWorld.open();
  const threads = { showSoon: () => {} } as unknown as ThreadWatch;
  const shows = new GainShows({ db: world.store.db, threads, voiceStates: () => [] });
  const session = { userId: 1, serverIds: new Set() } as unknown as ClientSession;
  const never = new Promise<void>(() => {});
  const { promise: subscribed, resolve: release } = Promise.withResolvers<void>();
  const busy = [1, 2, 3, 4].map((serverId) => shows.show([{ session, channelId: 1, subscribed }], serverId, never));
  expect(await shows.show([], 5, Promise.resolve())).toBe(false);
  expect(await shows.show([], 7, Promise.resolve())).toBe(false);
  shows.leave(7);
  const order: number[] = [];
  const later = [6, 5].map(async (serverId) => {
    expect(await shows.show([], serverId, never)).toBe(true);
    order.push(serverId);
  });
  release();
  await Promise.all([...busy, ...later]);
  expect(order).toEqual([5, 6]);
  // All four places are free again.
  for (const serverId of [1, 2, 3, 4, 5]) expect(await shows.show([], serverId, never)).toBe(true);
  await world.close();
});
