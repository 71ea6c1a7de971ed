import { expect, test } from "vitest";
import { createInvite } from "./invites.ts";
import { joinServer } from "./join-server.ts";
import { leaveServer } from "./members.ts";
import { RealtimeWorld, type TestPerson } from "../../testing/realtime-world.ts";

test("who joins and leaves a large server again and again waits, and others do not", async () => {
  const world = await RealtimeWorld.open();
  const [owner, ann, bob] = [await world.person("owner"), await world.person("ann"), await world.person("bob")];
  const { serverId, channelId } = await world.server(owner);
  const rows = Array.from({ length: 6_000 }, (_, index) => ({
    channel_id: channelId,
    type: "member",
    target_id: 1_000 + index,
    allow: 0,
    deny: 0,
  }));
  for (let at = 0; at < rows.length; at += 500)
    await world.store.db
      .insertInto("channel_overrides")
      .values(rows.slice(at, at + 500))
      .execute();
  const actor = ({ id, name, sessionId }: TestPerson) => {
    const user = { id, username: name, display_name: "", avatar_url: null, avatar_color: "" };
    return { userId: id, sessionId, expiresAt: Infinity, user, isLegacy: false };
  };
  const { code } = await createInvite(world.context, actor(owner), serverId, {});
  const join = (person: TestPerson) =>
    joinServer(world.context, actor(person), code).then(
      () => "ok",
      (error: { code: string }) => error.code,
    );
  const joinAndLeave = async () => {
    const joined = await join(ann);
    if (joined === "ok") await leaveServer(world.context, actor(ann), serverId);
    return joined;
  };
  expect([await joinAndLeave(), await joinAndLeave(), await joinAndLeave()]).toEqual(["ok", "ok", "rate_limited"]);
  expect(await join(bob)).toBe("ok");
  world.clock.advance(60_000);
  expect(await join(ann)).toBe("ok");
  await world.close();
});
