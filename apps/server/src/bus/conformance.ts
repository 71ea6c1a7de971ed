import { afterEach, describe, expect, test, vi } from "vitest";
import type { Bus, BusMessage, Topic } from "./contract.ts";

type Received = [topic: Topic, message: BusMessage];

/** What every bus promises. The factory makes a node of its own; nodes of one test hear each other if they can. */
export function describeBus(name: string, createBus: () => Bus | Promise<Bus>): void {
  describe(`bus: ${name}`, () => {
    const open: Bus[] = [];

    async function node(): Promise<{ bus: Bus; received: Received[] }> {
      const bus = await createBus();
      open.push(bus);
      const received: Received[] = [];
      bus.onMessage((topic, message) => received.push([topic, message]));
      return { bus, received };
    }

    afterEach(async () => {
      await Promise.all(open.splice(0).map((bus) => bus.close()));
    });

    test("brings to a subscriber what its own node publishes", async () => {
      const { bus, received } = await node();
      await bus.subscribe("channel:1");
      bus.publish("channel:1", typing(7));
      await vi.waitFor(() => expect(received).toEqual([["channel:1", typing(7)]]));
    });

    test("brings nothing of other topics, and nothing after unsubscribing", async () => {
      const { bus, received } = await node();
      await bus.subscribe("channel:1");
      await bus.subscribe("channel:2");
      bus.unsubscribe("channel:2");
      bus.publish("server:1", typing(1));
      bus.publish("channel:2", typing(2));
      bus.publish("channel:1", typing(3));
      await vi.waitFor(() => expect(received).toEqual([["channel:1", typing(3)]]));
    });

    test("keeps the order of one publisher over all topics", async () => {
      const { bus, received } = await node();
      await bus.subscribe("channel:1");
      await bus.subscribe("user:1");
      const sent = Array.from({ length: 200 }, (_, i): Received => [i % 3 ? "channel:1" : "user:1", typing(i)]);
      for (const [topic, message] of sent) bus.publish(topic, message);
      await vi.waitFor(() => expect(received).toEqual(sent));
    });

    test("carries orders to gateways as they are", async () => {
      const { bus, received } = await node();
      await bus.subscribe("user:9");
      const order: BusMessage = { kind: "control", control: { type: "session_revoked", sessionId: "s" } };
      bus.publish("user:9", order);
      await vi.waitFor(() => expect(received).toEqual([["user:9", order]]));
    });

    test("subscribes once however often it is asked", async () => {
      const { bus, received } = await node();
      await Promise.all([bus.subscribe("channel:1"), bus.subscribe("channel:1")]);
      bus.publish("channel:1", typing(1));
      bus.publish("channel:1", typing(2));
      await vi.waitFor(() =>
        expect(received).toEqual([
          ["channel:1", typing(1)],
          ["channel:1", typing(2)],
        ]),
      );
    });

    test("answers a ping while open and refuses it when closed", async () => {
      const { bus } = await node();
      await expect(bus.ping()).resolves.toBeUndefined();
      await bus.close();
      await expect(bus.ping()).rejects.toThrow(/closed/i);
    });
  });
}

function typing(userId: number): BusMessage {
  const user = { id: userId, username: `u${userId}` };
  return { kind: "event", event: { type: "typing", user, channel_id: 1, timestamp: userId } };
}
