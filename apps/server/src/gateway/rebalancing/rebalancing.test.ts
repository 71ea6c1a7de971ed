import { pino } from "pino";
import { afterEach, beforeEach, expect, test } from "vitest";
import { pass } from "../../cluster/testing/pass.ts";
import { NodeNetwork } from "../../testing/node-network.ts";
import { Rebalancing } from "./rebalancing.ts";

const lookMs = 10_000;
const withinMs = 3_000;

let network: NodeNetwork;
let nodes: FakeNode[];

beforeEach(() => {
  network = new NodeNetwork();
  nodes = [];
  return () => network.close();
});
afterEach(() => {
  for (const { rebalancing } of nodes) rebalancing.stop();
});

interface FakeNode {
  connections: number;
  shed: number;
  rebalancing: Rebalancing;
}

/** A node whose closed sockets come back to the node that has fewest, a second after they were closed. */
async function start(connections: number, { everyMs = lookMs } = {}): Promise<FakeNode> {
  const { clock } = network;
  const { cluster } = await network.join();
  const gateway = {
    get connectionCount() {
      return node.connections;
    },
    shed(share: number) {
      const sockets = Math.ceil(node.connections * share);
      node.shed += sockets;
      for (let count = 1; count <= sockets; count += 1) {
        clock.setTimeout(() => (node.connections -= 1), (withinMs * count) / sockets);
        clock.setTimeout(
          () => {
            const [emptiest] = nodes.toSorted((a, b) => a.connections - b.connections);
            emptiest!.connections += 1;
          },
          (withinMs * count) / sockets + 500,
        );
      }
      return { sockets, withinMs };
    },
  };
  const logger = pino({ level: "silent" });
  const node = { connections, shed: 0 } as FakeNode;
  node.rebalancing = new Rebalancing({ cluster, clock, logger, gateway, everyMs });
  nodes.push(node);
  return node;
}

test("a node is relieved whose own look comes a moment after that of the node that gives the orders", async () => {
  await start(0);
  await pass(network.clock, 500);
  await start(300);
  await pass(network.clock, 12 * lookMs);
  const counts = nodes.map(({ connections }) => connections);
  expect(counts[0]! + counts[1]!).toBe(300);
  expect(Math.abs(counts[0]! - counts[1]!)).toBeLessThanOrEqual(30);
});

test("a node that does not rebalance neither follows orders nor seems empty to the others", async () => {
  const [one, two] = [await start(300), await start(290)];
  const off = await start(0, { everyMs: 0 });
  await pass(network.clock, 12 * lookMs);
  expect([one.shed, two.shed, off.shed]).toEqual([0, 0, 0]);
});

test("nodes wait while one of them stops", async () => {
  const [one] = [await start(300), await start(0)];
  nodes[1]!.rebalancing.stop();
  await pass(network.clock, 12 * lookMs);
  expect(one.shed).toBe(0);
});
