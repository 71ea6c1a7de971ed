import { expect, test } from "vitest";
import { HeldReads } from "../../testing/held-reads.ts";
import { RealtimeWorld } from "../../testing/realtime-world.ts";
import type { TestSocket } from "../../testing/test-socket.ts";

const statusIn = (socket: TestSocket, userId: number) =>
  socket
    .all("member_list")
    .at(-1)
    ?.rows.find(({ id }) => id === userId)?.status;

test("who looks at a page between two rounds does not keep a status that was over before the next one", async () => {
  const world = await RealtimeWorld.open();
  const [owner, ann, bob] = [await world.person("owner"), await world.person("ann"), await world.person("bob")];
  const { serverId } = await world.server(owner, ann, bob);
  const changing = await world.connect(bob);
  const [first, second] = [await world.connect(owner), await world.connect(ann)];
  const lists = [{ server_id: serverId, pages: [0] }];
  const seen = (socket: TestSocket, status: string) =>
    expect
      .poll(() => {
        world.clock.advance(100);
        return statusIn(socket, bob.id);
      })
      .toBe(status);
  const choose = async (status: "idle" | "online") => {
    changing.send({ type: "set_status", status });
    await expect.poll(() => world.presence.statusOf(bob.id)).toBe(status);
  };
  first.send({ type: "watch_members", lists });
  for (const status of ["idle", "online"] as const) {
    await choose(status);
    await seen(first, status);
  }
  await choose("idle");
  second.send({ type: "watch_members", lists });
  await second.next("member_list");
  expect(statusIn(second, bob.id)).toBe("idle");
  await choose("online");
  await seen(second, "online");
  await world.close();
});

test("a list that somebody asked for while they left the server is up to date for those who look at it later", async () => {
  const reads = new HeldReads("hoist");
  const world = await RealtimeWorld.open({ wrapStore: reads.over });
  const [owner, ann, bob] = [await world.person("owner"), await world.person("ann"), await world.person("bob")];
  const [first, second] = [await world.server(owner, ann), await world.server(owner, ann, bob)];
  const leaving = await world.connect(ann);
  const lists = [first, second].map(({ serverId }) => ({ server_id: serverId, pages: [0] }));
  const held = reads.hold();
  leaving.send({ type: "watch_members", lists });
  await held;
  const { serverId } = second;
  const leave = async ({ id }: { id: number }) => {
    await world.store.db.deleteFrom("members").where("user_id", "=", id).where("server_id", "=", serverId).execute();
    const control = { type: "membership_removed", userId: id, serverId } as const;
    world.bus.publish(`user:${id}`, { kind: "control", control });
    const event = { type: "member_left", server_id: serverId, user_id: id, username: "", reason: "left" } as const;
    world.bus.publish(`server:${serverId}`, { kind: "event", event });
  };
  await leave(ann);
  reads.release();
  await leaving.next("member_list");
  await leaving.roundTrip();
  const socket = await world.connect(owner);
  socket.send({ type: "watch_members", lists: [{ server_id: serverId, pages: [0] }] });
  await socket.next("member_list");
  await leave(bob);
  await expect
    .poll(() => {
      world.clock.advance(100);
      return socket
        .all("member_list")
        .at(-1)
        ?.rows.map(({ id }) => id);
    })
    .toEqual([owner.id]);
  await world.close();
});
