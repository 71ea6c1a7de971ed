import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import type { Cluster, NodeId } from "./contract.ts";
import { describeBudgets, pause, slowRate } from "./conformance-budgets.ts";
import { Fixture, patience } from "./testing/cluster-fixture.ts";
import { testTimes, type ClusterWorld } from "./testing/cluster-world.ts";

const { leaseMs } = testTimes;
/** After this the shared place counts as away. */
const commandTimeoutMs = 1_000;

/** Tests the rules of the `Cluster` contract for several nodes, cited by number. */
export function describeCluster(name: string, createWorld: () => Promise<ClusterWorld>): void {
  describe(`cluster: ${name}`, () => {
    const fixture = new Fixture();
    beforeAll(async () => {
      fixture.world = await createWorld();
    });
    afterEach(() => fixture.close());
    afterAll(() => fixture.world.dispose());
    describeLeases(fixture);
    describeEntries(fixture);
    describeClaims(fixture);
    describeBudgets(fixture);
    describeOutages(fixture);
  });
}

function describeLeases(fixture: Fixture): void {
  test("[C1] the entries and claims of a killed node are gone once its lease has ended, and its end is reported once", async () => {
    const [dying, ...living] = await fixture.join(3);
    const gone = living.map(({ cluster }) => recordGone(cluster));
    dying!.cluster.map<number>("m").set("k", 1);
    const claim = fixture.unique();
    await dying!.cluster.claim(claim);
    await vi.waitFor(() => {
      for (const { cluster } of living) expect(cluster.map("m").get("k").get(dying!.cluster.nodeId)).toBe(1);
    }, patience);
    dying!.kill();
    expect(await living[0]!.cluster.claim(claim)).toBe(dying!.cluster.nodeId);
    await vi.waitFor(() => expect(gone).toEqual([[dying!.cluster.nodeId], [dying!.cluster.nodeId]]), patience);
    for (const { cluster } of living) {
      expect(cluster.map("m").get("k").size).toBe(0);
      expect(cluster.nodes.has(dying!.cluster.nodeId)).toBe(false);
    }
    const owner = living[1]!.cluster.nodeId;
    expect([await living[1]!.cluster.claim(claim), await living[0]!.cluster.claim(claim)]).toEqual([owner, owner]);
    await pause(leaseMs);
    expect(gone).toEqual([[dying!.cluster.nodeId], [dying!.cluster.nodeId]]);
  });

  test("[C7] after close the entries and claims of a node are gone for the others at once", async () => {
    const [closing, dying, other] = await fixture.join(3);
    const gone = recordGone(other!.cluster);
    const claim = fixture.unique();
    closing!.cluster.map<number>("m").set("k", 1);
    await closing!.cluster.claim(claim);
    await vi.waitFor(() => expect([...other!.cluster.map("m").keys()]).toEqual(["k"]), patience);
    dying!.kill();
    await closing!.cluster.close();
    expect(closing!.cluster.owns(claim)).toBe(false);
    expect(await other!.cluster.claim(claim)).toBe(other!.cluster.nodeId);
    await vi.waitFor(() => expect(gone).not.toEqual([]), patience);
    // By its farewell, and not by the end of its lease: that of the killed one ends earlier.
    expect(gone[0]).toBe(closing!.cluster.nodeId);
    expect([...other!.cluster.map("m").keys()]).toEqual([]);
    await expect(closing!.cluster.ping()).rejects.toThrow(/closed/i);
    await closing!.cluster.close();
  });

  test("a ping resolves while the shared place answers", async () => {
    const [node] = await fixture.join(1);
    await expect(node!.cluster.ping()).resolves.toBeUndefined();
  });
}

function describeEntries(fixture: Fixture): void {
  test("[C2] changes of one node reach another in the order in which they were made", async () => {
    const [writer, reader] = await fixture.join(2);
    const seen: unknown[] = [];
    reader!.cluster.map("m").onChange((key, nodeId, value) => seen.push([key, nodeId, value]));
    const map = writer!.cluster.map<number>("m");
    const expected: unknown[] = [];
    for (let i = 0; i < 200; i += 1) {
      map.set(`k${i % 7}`, i);
      expect(map.get(`k${i % 7}`).get(writer!.cluster.nodeId)).toBe(i);
      expected.push([`k${i % 7}`, writer!.cluster.nodeId, i]);
      if (i % 20 === 0) await pause(1);
    }
    map.delete("k3");
    expected.push(["k3", writer!.cluster.nodeId, undefined]);
    await vi.waitFor(() => expect(seen).toEqual(expected), patience);
  });

  test("[C2] a node that joins sees the entries that were set before, of each node under one key", async () => {
    const [first, second] = await fixture.join(2);
    first!.cluster.map<string>("m").set("k", "a");
    second!.cluster.map<string>("m").set("k", "b");
    second!.cluster.map<string>("other").set("k", "c");
    second!.cluster.map<string>("m").delete("missing");
    const { cluster } = (await fixture.join(1))[0]!;
    const map = cluster.map<string>("m");
    await vi.waitFor(
      () =>
        expect(new Map(map.get("k"))).toEqual(
          new Map([
            [first!.cluster.nodeId, "a"],
            [second!.cluster.nodeId, "b"],
          ]),
        ),
      patience,
    );
    first!.cluster.map<string>("m").delete("k");
    await vi.waitFor(() => expect([...map.get("k").values()]).toEqual(["b"]), patience);
    expect([...map.keys()]).toEqual(["k"]);
  });

  test("[C4] the entries of a node that comes back are set again, with the changes it made while it was away", async () => {
    const [paused, other] = await fixture.join(2);
    const map = paused!.cluster.map<number>("m");
    map.set("kept", 1);
    map.set("deleted", 1);
    const seen = other!.cluster.map<number>("m");
    await vi.waitFor(() => expect([...seen.keys()]).toEqual(["kept", "deleted"]), patience);
    paused!.pause();
    other!.cluster.map<number>("m").set("meanwhile", 3);
    await vi.waitFor(() => expect([...seen.keys()]).toEqual(["meanwhile"]), patience);
    map.delete("deleted");
    map.set("added", 2);
    paused!.resume();
    await vi.waitFor(() => {
      expect([...seen.keys()].toSorted()).toEqual(["added", "kept", "meanwhile"]);
      expect([...map.keys()].toSorted()).toEqual(["added", "kept", "meanwhile"]);
    }, patience);
    expect(other!.cluster.nodes).toEqual(new Set([paused!.cluster.nodeId, other!.cluster.nodeId]));
  });
}

function describeClaims(fixture: Fixture): void {
  test("[C3] of four nodes that claim one name at once, one owns it and all learn which", async () => {
    const nodes = await fixture.join(4);
    for (let round = 0; round < 10; round += 1) {
      const claim = fixture.unique();
      const owners = await Promise.all(nodes.map(({ cluster }) => cluster.claim(claim)));
      expect(new Set(owners).size).toBe(1);
      expect(nodes.filter(({ cluster }) => cluster.owns(claim)).map(({ cluster }) => cluster.nodeId)).toEqual([
        owners[0],
      ]);
    }
  });

  test("[C3] a released claim is free for another node, and a node cannot release the claim of another", async () => {
    const [first, second] = await fixture.join(2);
    const claim = fixture.unique();
    await first!.cluster.claim(claim);
    await second!.cluster.release(claim);
    expect(await second!.cluster.claim(claim)).toBe(first!.cluster.nodeId);
    await first!.cluster.release(claim);
    expect(first!.cluster.owns(claim)).toBe(false);
    expect(await second!.cluster.claim(claim)).toBe(second!.cluster.nodeId);
  });

  test("[C4] a node paused past its lease owns nothing by its own clock, and loses its claim to another node", async () => {
    const [paused, other] = await fixture.join(2);
    const claim = fixture.unique();
    await paused!.cluster.claim(claim);
    expect(paused!.cluster.owns(claim)).toBe(true);
    paused!.pause();
    await vi.waitFor(async () => {
      const owner = await other!.cluster.claim(claim);
      const owners = [paused!, other!].filter(({ cluster }) => cluster.owns(claim));
      expect(owners.length).toBeLessThanOrEqual(1);
      expect(owner).toBe(other!.cluster.nodeId);
    }, patience);
    let rejoined = 0;
    paused!.cluster.onRejoined(() => (rejoined += 1));
    paused!.resume();
    await vi.waitFor(() => expect(rejoined).toBe(1), patience);
    expect(paused!.cluster.owns(claim)).toBe(false);
    expect(await paused!.cluster.claim(claim)).toBe(other!.cluster.nodeId);
  });
}

function describeOutages(fixture: Fixture): void {
  test("[C5] [C6] a node gets the answers of its budgets in the order of its calls, also when it is cut off", async () => {
    const [node] = await fixture.join(2);
    const budgets = ["order-1", "order-2"].map((name) => node!.cluster.budget(name, { perSecond: 1, burst: 1_000 }));
    const order: number[] = [];
    const all: Promise<unknown>[] = [];
    const takeSome = (from: number) => {
      for (let i = from; i < from + 50; i += 1) {
        all.push((async () => void (await budgets[i % 2]!.take("k"), order.push(i)))());
      }
    };
    takeSome(0);
    await pause(5);
    node!.pause();
    takeSome(50);
    await pause(500);
    takeSome(100);
    await pause(700);
    takeSome(150);
    await Promise.all(all);
    node!.resume();
    expect(order).toEqual(Array.from({ length: 200 }, (_, i) => i));
  });

  test("[C6] a node that is cut off answers from its memory, claims nothing and spends budgets alone", async () => {
    const [node, other] = await fixture.join(2);
    const budget = node!.cluster.budget("alone", slowRate);
    other!.cluster.map<number>("m").set("theirs", 1);
    await vi.waitFor(() => expect(node!.cluster.map("m").get("theirs").size).toBe(1), patience);
    node!.pause();
    const map = node!.cluster.map<number>("m");
    map.set("mine", 2);
    expect([map.get("mine").get(node!.cluster.nodeId), map.get("theirs").size]).toEqual([2, 1]);
    const startedAt = performance.now();
    expect(await budget.take("k")).toBe(0);
    expect(performance.now() - startedAt).toBeLessThan(3 * commandTimeoutMs);
    const answers = await Promise.all(Array.from({ length: 30 }, async () => budget.take("k")));
    expect(answers.filter((wait) => wait === 0)).toHaveLength(slowRate.burst - 1);
    await expect(node!.cluster.claim(fixture.unique())).rejects.toThrow(/in time|lease/i);
    node!.resume();
  });
}

function recordGone(cluster: Cluster): NodeId[] {
  const gone: NodeId[] = [];
  cluster.onNodeGone((nodeId) => gone.push(nodeId));
  return gone;
}
