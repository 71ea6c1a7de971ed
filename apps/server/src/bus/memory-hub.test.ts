import { expect, test, vi } from "vitest";
import { systemClock } from "../clock.ts";
import { describeBus } from "./conformance.ts";
import { describeNetworkBus } from "./conformance-network.ts";
import { MemoryHub, type HubLink } from "./memory-hub.ts";
import { NetworkBus } from "./network-bus.ts";
import { BusNodes, deletion } from "./testing/bus-nodes.ts";

function openNetwork() {
  const hub = new MemoryHub(systemClock);
  const links = new Map<string, HubLink>();
  const createBus = (nodeId: string) => {
    const link = hub.connect(nodeId);
    links.set(nodeId, link);
    return NetworkBus.open(link, { nodeId, clock: systemClock });
  };
  return { hub, links, createBus };
}

describeBus("hub", openNetwork().createBus);

describeNetworkBus("hub", ["one node is interrupted"], async () => {
  const { links, createBus } = openNetwork();
  const interruption = {
    name: "one node is interrupted",
    begin: () => links.get("n1")!.interrupt(),
    async end() {
      await new Promise((resolve) => setTimeout(resolve, 50));
      links.get("n1")!.restore();
    },
  };
  return Promise.resolve({ createBus, faults: [interruption] });
});

describeNetworkBus("hub with delays", [], async () => {
  const { hub, createBus } = openNetwork();
  hub.faults = { isLost: () => false, delayMs: () => Math.random() * 20 };
  return Promise.resolve({ createBus, faults: [] });
});

test("[B11] the last event of a channel that was lost is known from its position within seconds", async () => {
  const { hub, createBus } = openNetwork();
  const nodes = new BusNodes(createBus);
  const [publisher, other] = [await nodes.open(), await nodes.open("channel:7")];
  hub.faults = { isLost: (_from, _to, channel) => channel === "channel:7", delayMs: () => 0 };
  publisher.bus.publish("channel:7", deletion(7, 1));
  await vi.waitFor(() => expect(other.positions).toEqual([[7, 1]]), { timeout: 60_000 });
  expect(other.received).toEqual([]);
  await nodes.close();
});

test("[B11] a lost digest is a gap", async () => {
  const { hub, createBus } = openNetwork();
  const nodes = new BusNodes(createBus);
  const [publisher, other] = [await nodes.open(), await nodes.open("channel:7")];
  publisher.bus.publish("channel:7", deletion(7, 1));
  await vi.waitFor(() => expect(other.positions).toEqual([[7, 1]]), { timeout: 60_000 });
  let lostDigests = 0;
  const isLost = (from: string, _to: string, channel: string) => {
    if (from === publisher.nodeId && channel === "nodes") lostDigests += 1;
    return true;
  };
  hub.faults = { isLost, delayMs: () => 0 };
  publisher.bus.publish("channel:7", deletion(7, 2));
  await vi.waitFor(() => expect(lostDigests).toBeGreaterThan(0), { timeout: 60_000 });
  expect(other.bus.stats.gaps).toBe(0);
  hub.faults = { isLost: () => false, delayMs: () => 0 };
  await vi.waitFor(() => expect(other.bus.stats.gaps).toBe(1), { timeout: 60_000 });
  await nodes.close();
});
