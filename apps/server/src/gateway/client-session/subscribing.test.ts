import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { MemoryHub } from "../../bus/memory-hub.ts";
import { NetworkBus } from "../../bus/network-bus.ts";
import type { BusTransport } from "../../bus/transport.ts";
import { systemClock } from "../../clock.ts";
import { createInvite } from "../../domain/servers/invites.ts";
import { joinServer } from "../../domain/servers/join-server.ts";
import { userById } from "../../store/queries/users.ts";
import { presentUser } from "../../store/present-message.ts";
import { RealtimeWorld, type TestPerson } from "../../testing/realtime-world.ts";

describe("on a bus whose subscriptions take time", () => {
  let world: RealtimeWorld;
  let other: NetworkBus;
  let owner: TestPerson;
  /** Subscriptions to servers are live once it resolves. */
  let live: PromiseWithResolvers<void>;

  beforeEach(async () => {
    live = Promise.withResolvers();
    const hub = new MemoryHub(systemClock);
    const link = hub.connect("a");
    const slow: BusTransport = {
      send: (channel, text) => link.send(channel, text),
      async subscribe(channel) {
        if (channel.startsWith("server:")) await live.promise;
        await link.subscribe(channel);
      },
      unsubscribe: (channel) => link.unsubscribe(channel),
      listen: (listener) => link.listen(listener),
      ping: () => link.ping(),
      close: () => link.close(),
    };
    world = await RealtimeWorld.open({ bus: await NetworkBus.open(slow, { nodeId: "a", clock: systemClock }) });
    other = await NetworkBus.open(hub.connect("b"), { nodeId: "b", clock: systemClock });
    owner = await world.person("owner");
  });

  afterEach(async () => {
    await Promise.all([world.close(), world.bus.close(), other.close()]);
  });

  const wait = () => new Promise((resolve) => setTimeout(resolve, 50));

  test("a connection is established once no event of its servers can be missed", async () => {
    const { serverId } = await world.server(owner);
    const socket = world.dial(`/ws/main?token=${owner.token}`);
    await wait();
    expect(socket.events).toEqual([]);
    live.resolve();
    await socket.next("connection_established");
    other.publish(`server:${serverId}`, { kind: "event", event: { type: "server_deleted", server_id: serverId } });
    await socket.next("server_deleted");
    expect(socket.all("resync")).toEqual([]);
  });

  test("a connection that ends while its subscriptions are made leaves no topic behind", async () => {
    await world.server(owner);
    const socket = world.dial(`/ws/main?token=${owner.token}`);
    await vi.waitFor(() => expect(world.realtime.delivery.topicCount).toBe(2), { timeout: 60_000 });
    socket.ws.terminate();
    live.resolve();
    await vi.waitFor(() => expect(world.realtime.delivery.topicCount).toBe(0), { timeout: 60_000 });
  });

  test("a client that has joined a server loads its state anew once no event of it can be missed", async () => {
    const ann = await world.person("ann");
    const { serverId } = await world.server(owner);
    const user = presentUser((await userById(world.store.db, owner.id))!);
    const actor = { userId: owner.id, sessionId: owner.sessionId, expiresAt: Infinity, user, isLegacy: false };
    const { code } = await createInvite(world.context, actor, serverId, {});
    const socket = await world.connect(ann);
    await joinServer(world.context, { userId: ann.id }, code);
    await socket.next("server_joined");
    await wait();
    expect(socket.all("resync")).toEqual([]);
    live.resolve();
    await socket.next("resync");
  });
});
