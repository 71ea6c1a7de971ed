import { afterEach, beforeEach, expect, test } from "vitest";
import { memberIds } from "../../store/queries/members.ts";
import { RealtimeWorld } from "../../testing/realtime-world.ts";
import { endMembership } from "./members.ts";

let world: RealtimeWorld;
beforeEach(async () => {
  world = await RealtimeWorld.open();
});
afterEach(() => world.close());

test("nobody takes the owner out of a server, who may have become that since the rights were read", async () => {
  const { db } = world.store;
  const [owner, member] = [await world.person("owner"), await world.person("member")];
  const { serverId } = await world.server(owner, member);
  const end = (userId: number) => db.transaction().execute((trx) => endMembership(trx, serverId, userId));
  await expect(end(owner.id)).rejects.toMatchObject({ code: "conflict" });
  expect(await memberIds(db, serverId)).toContain(owner.id);
  expect(await end(member.id)).toEqual({ bots: [] });
});
