import { afterEach, beforeEach, describe, expect, test } from "vitest";
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
