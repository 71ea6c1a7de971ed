import { describe, expect, test } from "vitest";
import { ManualClock } from "../testing/manual-clock.ts";
import { MemoryCluster } from "./memory.ts";

describe("cluster of a single node", () => {
  test("budgets answer without a promise and share a bucket under one name", () => {
    const cluster = new MemoryCluster(new ManualClock());
    const rate = { perSecond: 1, burst: 1 };
    expect([cluster.budget("a", rate).take(1), cluster.budget("a", rate).take(1)]).toEqual([0, 1_000]);
    expect(cluster.budget("b", rate).spend(1)).toBeUndefined();
    expect(() => cluster.budget("b", rate).spend(1)).toThrow(expect.objectContaining({ code: "rate_limited" }));
  });

  test("maps of one name are the same, and listeners receive each change", () => {
    const cluster = new MemoryCluster(new ManualClock());
    const seen: unknown[] = [];
    cluster.map("m").onChange((key, nodeId, value) => seen.push([key, nodeId === cluster.nodeId, value]));
    cluster.map<number>("m").set("k", 1);
    expect([...cluster.map("m").get("k")]).toEqual([[cluster.nodeId, 1]]);
    cluster.map("m").delete("k");
    cluster.map("m").delete("k");
    expect(seen).toEqual([
      ["k", true, 1],
      ["k", true, undefined],
    ]);
    expect([...cluster.map("m").keys()]).toEqual([]);
  });

  test("a claim is owned until it is released or the cluster closes", async () => {
    const cluster = new MemoryCluster(new ManualClock());
    expect([await cluster.claim("a"), await cluster.claim("b")]).toEqual([cluster.nodeId, cluster.nodeId]);
    await cluster.release("a");
    expect([cluster.owns("a"), cluster.owns("b"), cluster.owns("c")]).toEqual([false, true, false]);
    await cluster.close();
    expect(cluster.owns("b")).toBe(false);
    await expect(cluster.ping()).rejects.toThrow(/closed/i);
  });
});
