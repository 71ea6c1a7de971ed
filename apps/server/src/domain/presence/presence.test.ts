import type { ChosenStatus, CustomStatus, MainEvent } from "@miscord/protocol";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Cluster } from "../../cluster/contract.ts";
import { joinHub, MemoryHub } from "../../cluster/memory-hub.ts";
import { leaseTimes } from "../../cluster/lease.ts";
import { pass } from "../../cluster/testing/pass.ts";
import { createFaultyChannel } from "../../cluster/testing/faulty-channel.ts";
import { ManualClock } from "../../testing/manual-clock.ts";
import { LivePresence } from "./presence.ts";

const graceMs = 5_000;
const ann = { id: 1, username: "ann" };
const just = (chosen: ChosenStatus, custom: CustomStatus | null = null) => ({ chosen, custom });

interface Node {
  cluster: Cluster;
  presence: LivePresence;
  /** Events to this node's clients: topic and status. */
  events: string[];
  kill(): void;
}

describe("presence over several nodes", () => {
  let clock: ManualClock;
  let hub: MemoryHub;
  let first: Node;
  let second: Node;

  async function join(): Promise<Node> {
    const channel = createFaultyChannel();
    hub.connect(channel.far);
    const cluster = await joinHub(channel.near, { clock });
    const presence = new LivePresence({ cluster, clock });
    const events: string[] = [];
    presence.onEvent((topic, event: MainEvent) => {
      if (event.type !== "user_status_changed") return;
      const { emoji, text } = event.custom_status ?? {};
      events.push([topic, event.username, event.status, emoji, text].filter(Boolean).join(" "));
    });
    return { cluster, presence, events, kill: () => channel.kill() };
  }

  function statuses(): string[] {
    return [first, second].map(({ presence }) => presence.statusOf(ann.id));
  }

  function takeEvents(): string[][] {
    return [first, second].map(({ events }) => events.splice(0));
  }

  beforeEach(async () => {
    clock = new ManualClock();
    hub = new MemoryHub(clock);
    first = await join();
    second = await join();
  });
  afterEach(() => hub.close());

  test("a user who connects to one node is online on all, and the clients of each receive it once", () => {
    first.presence.connected(ann, [7, 8], just("online"));
    expect(statuses()).toEqual(["online", "online"]);
    const once = ["server:7 ann online", "server:8 ann online"];
    expect(takeEvents()).toEqual([once, once]);
    second.presence.connected(ann, [7, 8], just("online"));
    expect(takeEvents()).toEqual([[], []]);
    expect([first.presence.size, second.presence.size]).toEqual([1, 1]);
  });

  test("a status that is chosen while a connection is set up is not replaced by the one that was read for it", () => {
    const readAt = clock.now();
    clock.advance(10);
    // Somebody without a connection yet, through the HTTP API.
    first.presence.statusChosen(ann, just("invisible"));
    second.presence.connected(ann, [7], just("online"), [], readAt);
    expect(statuses()).toEqual(["offline", "offline"]);
    expect(takeEvents()).toEqual([[], []]);
    // On the same node, and on the other one.
    for (const { presence } of [second, first]) presence.connected(ann, [7], just("online"), [], readAt);
    expect(statuses()).toEqual(["offline", "offline"]);
    expect(takeEvents()).toEqual([[], []]);
    clock.advance(10);
    second.presence.connected(ann, [7], just("dnd"), [], clock.now());
    expect(statuses()).toEqual(["dnd", "dnd"]);
  });

  test("a node that joins later knows who is online", async () => {
    first.presence.connected(ann, [7], just("dnd"));
    const third = await join();
    expect(third.presence.statusOf(ann.id)).toBe("dnd");
  });

  test("closing one of two tabs on different nodes changes nothing, closing both within the grace changes it once", async () => {
    first.presence.connected(ann, [7], just("online"));
    second.presence.connected(ann, [7], just("online"));
    takeEvents();
    first.presence.disconnected(ann.id);
    await pass(clock, graceMs * 2);
    expect([statuses(), takeEvents()]).toEqual([
      ["online", "online"],
      [[], []],
    ]);
    first.presence.connected(ann, [7], just("online"));
    first.presence.disconnected(ann.id);
    second.presence.disconnected(ann.id);
    await pass(clock, graceMs);
    const once = ["server:7 ann offline"];
    expect([statuses(), takeEvents()]).toEqual([
      ["offline", "offline"],
      [once, once],
    ]);
  });

  test("a user who reconnects to another node within the grace does not flicker", async () => {
    first.presence.connected(ann, [7], just("online"));
    takeEvents();
    first.presence.disconnected(ann.id);
    await pass(clock, graceMs - 500);
    second.presence.connected(ann, [7], just("online"));
    await pass(clock, graceMs * 2);
    expect([statuses(), takeEvents()]).toEqual([
      ["online", "online"],
      [[], []],
    ]);
    expect([first.presence.size, second.presence.size]).toEqual([0, 1]);
  });

  test("the people of a killed node are offline after its lease and the grace", async () => {
    first.presence.connected(ann, [7], just("online"));
    takeEvents();
    first.kill();
    await pass(clock, leaseTimes.leaseMs + graceMs - 1_000);
    expect(second.presence.statusOf(ann.id)).toBe("online");
    expect(second.events).toEqual([]);
    await pass(clock, 1_500);
    expect(second.presence.statusOf(ann.id)).toBe("offline");
    expect(second.events).toEqual(["server:7 ann offline"]);
  });

  test("the people of a killed node who reconnect elsewhere, or have a tab elsewhere, do not flicker", async () => {
    const third = await join();
    const bob = { id: 2, username: "bob" };
    first.presence.connected(ann, [7], just("online"));
    first.presence.connected(bob, [7], just("online"));
    third.presence.connected(bob, [7], just("online"));
    takeEvents();
    first.kill();
    await pass(clock, leaseTimes.leaseMs + 1_000);
    second.presence.connected(ann, [7], just("online"));
    await pass(clock, graceMs * 2);
    expect([ann, bob].map(({ id }) => second.presence.statusOf(id))).toEqual(["online", "online"]);
    expect(second.events).toEqual([]);
  });

  test("people of a node that stops as planned have the grace to reconnect elsewhere", async () => {
    first.presence.connected(ann, [7], just("online"));
    takeEvents();
    first.presence.disconnected(ann.id);
    await first.cluster.close();
    await pass(clock, graceMs - 500);
    second.presence.connected(ann, [7], just("online"));
    await pass(clock, graceMs * 2);
    expect(second.events).toEqual([]);
  });

  test("a status chosen on a node without a connection of the user holds on all nodes", async () => {
    first.presence.connected(ann, [7], just("online"));
    takeEvents();
    second.presence.statusChosen(ann, just("idle"));
    const once = ["server:7 ann idle"];
    expect([statuses(), takeEvents()]).toEqual([
      ["idle", "idle"],
      [once, once],
    ]);
    second.presence.connected(ann, [7], just("idle"));
    first.presence.statusChosen(ann, just("dnd"));
    expect(statuses()).toEqual(["dnd", "dnd"]);
    // The entry of each node holds the latest choice, so it does not matter which one goes.
    first.presence.disconnected(ann.id);
    await pass(clock, graceMs * 2);
    expect(statuses()).toEqual(["dnd", "dnd"]);
  });

  test("a user who appears offline stays hidden on all nodes", async () => {
    first.presence.connected(ann, [7], just("invisible"));
    second.presence.connected(ann, [7, 8], just("invisible"));
    first.presence.joinedServer(ann.id, 9);
    first.presence.disconnected(ann.id);
    await pass(clock, graceMs * 2);
    second.kill();
    await pass(clock, leaseTimes.leaseMs + graceMs * 2);
    expect([statuses()[0], takeEvents()]).toEqual(["offline", [[], []]]);
  });

  test("a server that an online user joins receives the status on all nodes", () => {
    first.presence.connected(ann, [7], just("online"));
    takeEvents();
    first.presence.joinedServer(ann.id, 9);
    expect(takeEvents()).toEqual([["server:9 ann online"], ["server:9 ann online"]]);
    first.presence.leftServer(ann.id, 9);
    second.presence.statusChosen(ann, just("dnd"));
    expect(takeEvents()).toEqual([["server:7 ann dnd"], ["server:7 ann dnd"]]);
  });

  test("a custom status is shown with the presence, until it ends and while its user is not invisible", async () => {
    const custom = { emoji: "🌲", text: "in the woods", ends_at: new Date(clock.now() + 60_000).toISOString() };
    first.presence.connected(ann, [7], just("online", custom));
    expect(second.presence.seenOf(ann.id)).toEqual({ status: "online", custom_status: custom });
    takeEvents();
    second.presence.statusChosen(ann, just("dnd", custom));
    expect(first.presence.seenOf(ann.id)).toEqual({ status: "dnd", custom_status: custom });
    second.presence.statusChosen(ann, just("dnd", { ...custom, text: "back" }));
    const told = ["server:7 ann dnd 🌲 in the woods", "server:7 ann dnd 🌲 back"];
    expect(takeEvents()).toEqual([told, told]);
    second.presence.statusChosen(ann, just("invisible", custom));
    expect([first, second].map(({ presence }) => presence.seenOf(ann.id))).toEqual([
      { status: "offline" },
      { status: "offline" },
    ]);
    second.presence.statusChosen(ann, just("online", custom));
    takeEvents();
    await pass(clock, 60_000);
    expect([first, second].map(({ presence }) => presence.seenOf(ann.id))).toEqual([
      { status: "online" },
      { status: "online" },
    ]);
    // Clients know the end: nothing is sent.
    expect(takeEvents()).toEqual([[], []]);
    first.presence.joinedServer(ann.id, 9);
    expect(takeEvents()).toEqual([["server:9 ann online"], ["server:9 ann online"]]);
  });
});
