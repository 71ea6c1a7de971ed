import { expect, test } from "vitest";
import { MemoryHub } from "../../cluster/memory-hub.ts";
import { ManualClock } from "../../testing/manual-clock.ts";
import { ConnectionLimits } from "./connection-limits.ts";

test("connections of a user and of an address count on all nodes, those of everybody on each node", async () => {
  const hub = new MemoryHub(new ManualClock());
  const settings = { maxConnections: 4, maxConnectionsPerUser: 2, maxConnectionsPerAddress: 3 };
  const clusters = [await hub.join(), await hub.join()] as const;
  const [first, second] = clusters.map((cluster) => new ConnectionLimits(settings, cluster)) as [
    ConnectionLimits,
    ConnectionLimits,
  ];
  expect([first.admitUser(1), second.admitUser(1)]).toEqual([null, null]);
  expect([first.admitUser(1), second.admitUser(1)]).toMatchObject([
    { reason: "too many connections of this user" },
    { reason: "too many connections of this user" },
  ]);
  first.releaseUser(1);
  expect(second.admitUser(1)).toBeNull();
  expect([1, 2, 3].map(() => first.admitAddress("a"))).toEqual([null, null, null]);
  expect(second.admitAddress("a")).toMatchObject({ reason: "too many connections from this address" });
  expect([second.admitAddress("b"), first.admitAddress("b"), second.total]).toEqual([null, null, 1]);
  expect(first.admitAddress("c")).toMatchObject({ reason: "too many connections" });
  expect([first.size, second.size]).toEqual([2, 2]);
  // The connections of a node that is gone count no longer.
  await clusters[0].close();
  expect(second.admitAddress("a")).toBeNull();
  hub.close();
});
