import { afterEach, describe, expect, test } from "vitest";
import type { Bus, TopicMessage } from "./contract.ts";
import { BusNodes, typing, type Received } from "./testing/bus-nodes.ts";
import { eventually } from "../testing/eventually.ts";

/**
 * Tests the rules of the `Bus` contract for one node, cited by number. Each call of `createBus` makes the bus of another
 * node. `describeNetworkBus` tests what only several nodes can show.
 */
export function describeBus(name: string, createBus: (nodeId: string) => Bus | Promise<Bus>): void {
  describe(`bus: ${name}`, () => {
    const nodes = new BusNodes(createBus);
    const node = () => nodes.open();
    afterEach(() => nodes.close());

    test("[B2] a subscribed node receives what it publishes itself", async () => {
      const { bus, received } = await node();
      await bus.subscribe("channel:1");
      bus.publish("channel:1", typing(7));
      await eventually(() => expect(received).toEqual([["channel:1", typing(7)]]));
    });

    test("[B3] messages of other topics and of an unsubscribed topic are not received", async () => {
      const { bus, received } = await node();
      await bus.subscribe("channel:1");
      await bus.subscribe("channel:2");
      bus.unsubscribe("channel:2");
      bus.publish("server:1", typing(1));
      bus.publish("channel:2", typing(2));
      bus.publish("channel:1", typing(3));
      await eventually(() => expect(received).toEqual([["channel:1", typing(3)]]));
    });

    test("[B1] [B4] messages of one publisher on one topic arrive once and in order", async () => {
      const { bus, received } = await node();
      await bus.subscribe("channel:1");
      await bus.subscribe("user:1");
      const sent = Array.from({ length: 200 }, (_, i): Received => [i % 3 ? "channel:1" : "user:1", typing(i)]);
      for (const [topic, message] of sent) bus.publish(topic, message);
      await eventually(() => expect(received).toHaveLength(sent.length));
      for (const name of ["channel:1", "user:1"]) {
        expect(received.filter(([topic]) => topic === name)).toEqual(sent.filter(([topic]) => topic === name));
      }
    });

    test("[B5] a control message arrives as it was published", async () => {
      const { bus, received } = await node();
      await bus.subscribe("user:9");
      const message: TopicMessage = { kind: "control", control: { type: "session_revoked", sessionId: "s" } };
      bus.publish("user:9", message);
      await eventually(() => expect(received).toEqual([["user:9", message]]));
    });

    test("[B6] subscribing twice does not duplicate messages", async () => {
      const { bus, received } = await node();
      await Promise.all([bus.subscribe("channel:1"), bus.subscribe("channel:1")]);
      bus.publish("channel:1", typing(1));
      bus.publish("channel:1", typing(2));
      await eventually(() =>
        expect(received).toEqual([
          ["channel:1", typing(1)],
          ["channel:1", typing(2)],
        ]),
      );
    });

    test("[B6] one unsubscribe ends a topic that was subscribed to twice", async () => {
      const { bus, received } = await node();
      await bus.subscribe("channel:1");
      await bus.subscribe("channel:1");
      await bus.subscribe("channel:2");
      bus.unsubscribe("channel:1");
      bus.publish("channel:1", typing(1));
      bus.publish("channel:2", typing(2));
      await eventually(() => expect(received).toEqual([["channel:2", typing(2)]]));
    });

    test("[B8] after close, publish and subscribe have no effect and close may be repeated", async () => {
      const { bus, received } = await node();
      await bus.subscribe("channel:1");
      await bus.close();
      bus.publish("channel:1", typing(1));
      await bus.subscribe("channel:1").catch(() => {});
      bus.publish("channel:1", typing(2));
      await bus.close();
      expect(received).toEqual([]);
    });

    test("[B7] ping resolves while the bus is open and rejects after close", async () => {
      const { bus } = await node();
      await expect(bus.ping()).resolves.toBeUndefined();
      await bus.close();
      await expect(bus.ping()).rejects.toThrow(/closed/i);
    });

    test("[B12] a gap that a node announces is called on itself, until it closes", async () => {
      const { bus } = await node();
      let gaps = 0;
      bus.onGap(() => (gaps += 1));
      bus.announceGap();
      expect([gaps, bus.stats.gaps]).toEqual([1, 1]);
      await bus.close();
      bus.announceGap();
      expect(gaps).toBe(1);
    });

    test("[B9] a direct message reaches the direct listeners of its node without a subscription", async () => {
      const { bus, received, direct, nodeId } = await node();
      bus.publish(`node:${nodeId}`, { kind: "direct", direct: { part: "voice", data: { call: 1 } } });
      bus.publish("node:another", { kind: "direct", direct: { part: "voice", data: null } });
      await eventually(() => expect(direct).toEqual([{ part: "voice", data: { call: 1 } }]));
      expect(received).toEqual([]);
    });
  });
}
