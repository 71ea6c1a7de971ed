import { expect, test } from "vitest";
import { systemClock } from "../clock.ts";
import { ManualClock } from "../testing/manual-clock.ts";
import { describeCluster } from "./conformance.ts";
import { joinHub, MemoryHub } from "./memory-hub.ts";
import { testTimes } from "./testing/cluster-world.ts";
import { createFaultyChannel } from "./testing/faulty-channel.ts";

describeCluster("hub in memory", () => {
  const hub = new MemoryHub(systemClock);
  return Promise.resolve({
    async join() {
      const channel = createFaultyChannel();
      hub.connect(channel.far);
      const cluster = await joinHub(channel.near, { clock: systemClock, times: testTimes });
      return { cluster, ...channel };
    },
    dispose: () => Promise.resolve(hub.close()),
  });
});

test("a node whose channel has ended is gone for the others at once", async () => {
  const clock = new ManualClock();
  const hub = new MemoryHub(clock);
  const channel = createFaultyChannel();
  const disconnect = hub.connect(channel.far);
  const { nodeId } = await joinHub(channel.near, { clock });
  const other = await hub.join();
  expect(other.nodes).toEqual(new Set([nodeId, other.nodeId]));
  disconnect();
  expect(other.nodes).toEqual(new Set([other.nodeId]));
  hub.close();
});
