import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { createServer } from "../../domain/servers/create-server.ts";
import { deleteServer, renameServer } from "../../domain/servers/change-server.ts";
import { createInvite } from "../../domain/servers/invites.ts";
import { joinServer } from "../../domain/servers/join-server.ts";
import { leaveServer } from "../../domain/servers/members.ts";
import { userById } from "../../store/queries/users.ts";
import { presentUser } from "../../store/present-message.ts";
import { HeldReads } from "../../testing/held-reads.ts";
import { RealtimeWorld, type TestPerson } from "../../testing/realtime-world.ts";

describe("while the state of a server is read for a new member", () => {
  let reads: HeldReads;
  let world: RealtimeWorld;
  let owner: TestPerson;
  let ann: TestPerson;

  beforeEach(async () => {
    reads = new HeldReads("member_count");
    world = await RealtimeWorld.open({ wrapStore: reads.over });
    [owner, ann] = [await world.person("owner"), await world.person("ann")];
  });
  afterEach(() => world.close());

  async function actor({ id, sessionId }: TestPerson) {
    return {
      userId: id,
      sessionId,
      expiresAt: Infinity,
      user: presentUser((await userById(world.store.db, id))!),
      isLegacy: false,
    };
  }

  test("a member who leaves gets no more events of the server", async () => {
    const { serverId } = await world.server(owner);
    const { code } = await createInvite(world.context, await actor(owner), serverId, {});
    const [mine, theirs] = [await world.connect(owner), await world.connect(ann)];
    const held = reads.hold();
    const joining = joinServer(world.context, { userId: ann.id }, code);
    await held;
    await leaveServer(world.context, await actor(ann), serverId);
    reads.release();
    await expect(joining).rejects.toMatchObject({ code: "not_found" });
    await theirs.next("server_left");
    await renameServer(world.context, { userId: owner.id }, serverId, { name: "Without them" });
    await mine.next("server_updated");
    await theirs.roundTrip();
    expect(theirs.all("server_updated")).toEqual([]);
    expect(theirs.all("server_joined")).toEqual([]);
  });

  test("an owner who deletes the new server leaves no subscription to it", async () => {
    const socket = await world.connect(ann);
    const before = world.realtime.delivery.topicCount;
    const held = reads.hold();
    const creating = createServer(
      world.context,
      { userId: ann.id },
      { name: "Brief", locale: "en", template: "blank" },
    );
    await held;
    const [{ id }] = (await world.store.db.selectFrom("servers").select("id").execute()) as [{ id: number }];
    await deleteServer(world.context, { userId: ann.id, sessionId: ann.sessionId }, id);
    reads.release();
    await creating;
    await socket.next("server_left");
    expect(world.realtime.delivery.topicCount).toBe(before);
  });
});

test("who leaves a server between two connections shows its members nothing from then on", async () => {
  const world = await RealtimeWorld.open();
  const [owner, ann] = [await world.person("owner"), await world.person("ann")];
  const { serverId } = await world.server(owner, ann);
  const theirs = await world.connect(owner);
  const first = await world.connect(ann);
  await first.close();
  await vi.waitFor(() => expect(world.realtime.gateway.connectionCount).toBe(1));
  const { username } = presentUser((await userById(world.store.db, ann.id))!);
  const actor = { userId: ann.id, sessionId: ann.sessionId, expiresAt: Infinity, isLegacy: false };
  await leaveServer(world.context, { ...actor, user: { id: ann.id, username } as never }, serverId);
  // Within the grace, in which a reconnection does not show.
  await world.connect(ann);
  await theirs.next("member_left");
  const custom = { emoji: null, text: "still here", ends_at: null };
  world.presence.statusChosen({ id: ann.id, username }, { chosen: "dnd", custom });
  world.clock.advance(2_000);
  await theirs.roundTrip();
  expect(theirs.all("user_status_changed").filter(({ status }) => status === "dnd")).toEqual([]);
  expect(world.presence.onlineIn(serverId)).toEqual([owner.id]);
  await world.close();
});
