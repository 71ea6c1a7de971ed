import { expect, test } from "vitest";
import { describeBus } from "../bus/conformance.ts";
import { describeNetworkBus } from "../bus/conformance-network.ts";
import { NetworkBus } from "../bus/network-bus.ts";
import { BusNodes, typing } from "../bus/testing/bus-nodes.ts";
import { systemClock } from "../clock.ts";
import { BusRoutes, linkTransport } from "./bus-routes.ts";
import { Link } from "./link.ts";
import type { BusOffer, BusReceiver, BusText } from "./offers.ts";
import { portPair } from "./testing/port-pair.ts";

function openRoutes() {
  const routes = new BusRoutes();
  const releases = new Map<string, () => void>();
  /** The bus of a worker with that id. */
  const createBus = (nodeId: string) => {
    const ports = portPair();
    const primary = new Link<BusReceiver>(ports.far);
    const served = routes.serve((text) => primary.notify("busText", text, text.isPatient));
    primary.serve(served.offer);
    releases.set(nodeId, served.release);
    const worker = new Link<BusOffer>(ports.near);
    const transport = linkTransport(worker);
    worker.serve({ busText: (text: BusText) => transport.busText(text) });
    return NetworkBus.open(transport, { nodeId, clock: systemClock });
  };
  return { routes, releases, createBus };
}

describeBus("workers of a primary", openRoutes().createBus);

describeNetworkBus("workers of a primary", [], () =>
  Promise.resolve({ createBus: openRoutes().createBus, faults: [] }),
);

test("workers receive what the primary publishes, and a worker that is gone receives nothing", async () => {
  const { routes, releases, createBus } = openRoutes();
  const nodes = new BusNodes(createBus);
  const [first, second] = [await nodes.open("channel:1"), await nodes.open("channel:1")];
  const primary = await NetworkBus.open(routes.transport(), {
    nodeId: "primary",
    clock: systemClock,
    endOfTurn: queueMicrotask,
  });
  primary.publish("channel:1", typing(1));
  await expect
    .poll(() => [first.received, second.received])
    .toEqual([[["channel:1", typing(1)]], [["channel:1", typing(1)]]]);
  releases.get(first.nodeId)!();
  primary.publish("channel:1", typing(2));
  await expect.poll(() => second.received).toHaveLength(2);
  expect(first.received).toHaveLength(1);
  await Promise.all([nodes.close(), primary.close()]);
});
