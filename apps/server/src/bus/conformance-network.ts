import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import type { Bus, TopicMessage } from "./contract.ts";
import { BusNodes, deletion, typing, type BusNode } from "./testing/bus-nodes.ts";

/** An interruption of the connections of nodes; `nodes` are those that are open. */
export interface NetworkFault {
  name: string;
  begin(nodes: readonly BusNode[]): Promise<void> | void;
  end(nodes: readonly BusNode[]): Promise<void> | void;
}

/** The network that joins the nodes of one instance. */
export interface BusNetwork {
  createBus(nodeId: string): Promise<Bus>;
  faults: readonly NetworkFault[];
  close?(): Promise<void>;
}

const patience = { timeout: 60_000, interval: 20 };

/** Tests the rules of the `Bus` contract that need several nodes and faults between them, cited by number. */
export function describeNetworkBus(name: string, faultNames: readonly string[], open: () => Promise<BusNetwork>): void {
  describe(`network bus: ${name}`, () => {
    let network: BusNetwork;
    const nodes = new BusNodes((nodeId) => network.createBus(nodeId));
    beforeAll(async () => {
      network = await open();
    });
    afterEach(() => nodes.close());
    afterAll(() => network.close?.());

    testMessages(nodes);
    testFaults(faultNames, nodes, () => network.faults);
  });
}

function testMessages(nodes: BusNodes): void {
  test("[B2] [B4] every subscribed node receives a topic's messages once and in the order of publishing", async () => {
    const all = [await nodes.open("channel:1", "server:1"), await nodes.open("channel:1"), await nodes.open()];
    const sent = Array.from({ length: 500 }, (_, i) => typing(i));
    for (const message of sent) all[0]!.bus.publish("channel:1", message);
    for (const { received } of all.slice(0, 2)) {
      await vi.waitFor(() => expect(received.map(([, message]) => message)).toEqual(sent), patience);
    }
    expect(all[2]!.received).toEqual([]);
  });

  test("[B2] [B6] a topic that is unsubscribed from and subscribed to again at once is live", async () => {
    const [publisher, other] = [await nodes.open(), await nodes.open("channel:1", "channel:2")];
    for (let round = 0; round < 3; round += 1) other.bus.unsubscribe("channel:1");
    const again = other.bus.subscribe("channel:1");
    other.bus.unsubscribe("channel:1");
    await Promise.all([again, other.bus.subscribe("channel:1")]);
    // The answer to the last command has arrived.
    await other.bus.ping();
    publisher.bus.publish("channel:1", typing(1));
    await vi.waitFor(() => expect(other.received).toEqual([["channel:1", typing(1)]]), patience);
  });

  test("[B4] a control message keeps its place among its publisher's messages of all topics", async () => {
    const [publisher, other] = [await nodes.open(), await nodes.open("channel:1", "user:1", "server:1")];
    for (let round = 0; round < 20; round += 1) {
      publisher.bus.publish("channel:1", typing(round));
      publisher.bus.publish("server:1", typing(round));
      publisher.bus.publish("user:1", revoked(`s${round}`));
    }
    await vi.waitFor(() => expect(other.received).toHaveLength(60), patience);
    const kinds = other.received.map(([, { kind }]) => kind);
    expect(kinds).toEqual(Array.from({ length: 20 }, () => ["event", "event", "control"]).flat());
  });

  test("[B9] a direct message reaches only the node that its topic names, in order", async () => {
    const all = [await nodes.open(), await nodes.open(), await nodes.open()];
    for (let i = 0; i < 10; i += 1) {
      all[0]!.bus.publish(`node:${all[1]!.nodeId}`, { kind: "direct", direct: { part: "p", data: i } });
    }
    const arrived = Array.from({ length: 10 }, (_, data) => ({ part: "p", data }));
    await vi.waitFor(() => expect(all[1]!.direct).toEqual(arrived), patience);
    expect([...all[0]!.direct, ...all[2]!.direct]).toEqual([]);
  });

  test("[B11] the latest position of a channel arrives on nodes that are not subscribed to it", async () => {
    const [publisher, other] = [await nodes.open(), await nodes.open()];
    for (let seq = 1; seq <= 5; seq += 1) publisher.bus.publish("channel:7", deletion(7, seq));
    await vi.waitFor(() => expect(other.positions.at(-1)).toEqual([7, 5]), patience);
    expect(publisher.positions).toEqual([]);
  });

  test("[B12] a gap that a node announces is called on every node", async () => {
    const [publisher, other] = [await nodes.open(), await nodes.open()];
    let gaps = 0;
    other.bus.onGap(() => (gaps += 1));
    publisher.bus.announceGap();
    await vi.waitFor(() => expect(gaps).toBe(1), patience);
  });

  test("[B8] messages that were published before close arrive on the other nodes", async () => {
    const [publisher, other] = [await nodes.open(), await nodes.open("channel:1")];
    publisher.bus.publish("channel:1", typing(1));
    await publisher.bus.close();
    await vi.waitFor(() => expect(other.received).toEqual([["channel:1", typing(1)]]), patience);
  });
}

function testFaults(names: readonly string[], nodes: BusNodes, faults: () => readonly NetworkFault[]): void {
  test.each(names)("[B10] %s: every node has a gap, then receives everything again", async (faultName) => {
    const fault = faults().find((each) => each.name === faultName)!;
    const all = [await nodes.open("channel:1"), await nodes.open("channel:1")];
    await fault.begin(all);
    for (const { bus } of all) bus.publish("channel:1", typing(1));
    await fault.end(all);
    await vi.waitFor(() => expect(all.every(({ bus }) => bus.stats.gaps > 0)).toBe(true), patience);
    await vi.waitFor(() => Promise.all(all.map(({ bus }) => bus.ping())), patience);
    for (const { received } of all) received.length = 0;
    all[0]!.bus.publish("channel:1", typing(2));
    all[1]!.bus.publish("channel:1", typing(3));
    for (const { received } of all) {
      await vi.waitFor(() => expect(received.map(([, { kind }]) => kind)).toEqual(["event", "event"]), patience);
    }
  });
}

function revoked(sessionId: string): TopicMessage {
  return { kind: "control", control: { type: "session_revoked", sessionId } };
}
