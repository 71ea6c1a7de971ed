import { afterEach, beforeEach, expect, test } from "vitest";
import { systemClock } from "../clock.ts";
import { MemoryHub } from "../cluster/memory-hub.ts";
import { codeOf } from "../testing/code-of.ts";
import { eventually } from "../testing/eventually.ts";
import { insertPeople } from "../testing/insert-people.ts";
import { RealtimeWorld, type TestPerson } from "../testing/realtime-world.ts";
import { shareStore } from "../testing/shared-store.ts";
import { testConfig } from "../testing/test-server.ts";
import type { DomainContext } from "./context.ts";
import { sendMessage } from "./messages/send-message.ts";
import { setReaction } from "./messages/set-reaction.ts";
import { createRateLimits } from "./rate-limits.ts";

let world: RealtimeWorld;
let hub: MemoryHub;
let nodes: DomainContext[];
let owner: TestPerson;
let guest: TestPerson;
let place: { serverId: number; channelId: number };

beforeEach(async () => {
  world = await RealtimeWorld.open();
  hub = new MemoryHub(systemClock);
  const clusters = await Promise.all([hub.join(), hub.join()]);
  const viewOf = shareStore(world.store);
  nodes = clusters.map((cluster) => ({
    ...world.context,
    store: viewOf(),
    rates: createRateLimits(testConfig().rates, cluster),
  }));
  [owner, guest] = [await world.person("owner"), await world.person("guest")];
  place = await world.server(owner, guest);
});
afterEach(async () => {
  hub.close();
  await world.close();
});

test("whom one node has notified of an author's messages to everyone counts on another one", async () => {
  await insertPeople(world.store, 9_000, (ids) =>
    world.store.db
      .insertInto("members")
      .values(ids.map((user_id) => ({ server_id: place.serverId, user_id, joined_at: 1 })))
      .execute(),
  );
  const call = (node: DomainContext) =>
    codeOf(sendMessage(node, { userId: owner.id }, { channelId: place.channelId, content: "@everyone" }));
  for (let time = 0; time < 2; time += 1) expect(await call(nodes[0]!)).toBe("ok");
  // How many were notified is counted afterwards.
  await eventually(async () => expect(await call(nodes[0]!)).toBe("rate_limited"));
  // The other node learns of it with the first message that it lets pass.
  const codes: string[] = [];
  await eventually(async () => {
    codes.push(await call(nodes[1]!));
    expect(codes.at(-1)).toBe("rate_limited");
  });
  expect(codes.filter((code) => code === "ok").length).toBeLessThanOrEqual(1);
});

test("whom the changes of one user name on one node counts on another one", async () => {
  const { channelId } = place;
  const { message } = await sendMessage(nodes[0]!, { userId: owner.id }, { channelId, content: "well done" });
  await insertPeople(world.store, 9_000, (ids) =>
    world.store.db
      .insertInto("reactions")
      .values(ids.map((user_id) => ({ message_id: message.id, emoji: "👍", user_id, position: 1, seq: 1 })))
      .execute(),
  );
  const change = (node: DomainContext, on: boolean) =>
    codeOf(setReaction(node, { userId: guest.id }, { messageId: message.id, emoji: "👍", on }));
  for (const on of [true, false, true]) expect(await change(nodes[0]!, on)).toBe("ok");
  expect(await change(nodes[0]!, false)).toBe("rate_limited");
  await change(nodes[1]!, false);
  await eventually(async () => expect(await change(nodes[1]!, true)).toBe("rate_limited"));
});
