import { beforeEach, describe, expect, test } from "vitest";
import { readFrames } from "../testing/read-frames.ts";
import { DeliveryWorld, message, presence, typing } from "./testing/delivery-world.ts";

describe("delivery", () => {
  let world: DeliveryWorld;
  beforeEach(() => {
    world = new DeliveryWorld();
  });

  describe("encoding", () => {
    test("subscribers with the same compression receive the same buffer", () => {
      const plain = Array.from({ length: 3 }, () => world.subscriber("channel:1"));
      const deflated = Array.from({ length: 3 }, () => world.subscriber("channel:1", { deflate: true }));
      world.publish("channel:1", message(1), message(2));
      world.turn();
      for (const group of [plain, deflated]) {
        const [first, ...others] = group.map(({ socket }) => socket.written);
        expect(first).toHaveLength(1);
        for (const written of others) expect(written[0]).toBe(first![0]);
      }
      expect(plain[0]!.socket.written[0]).not.toBe(deflated[0]!.socket.written[0]);
      expect(deflated[0]!.socket.events()).toEqual(plain[0]!.socket.events());
    });

    test("each event is encoded once per codec, whatever the compression", () => {
      let encodings = 0;
      const codec = {
        name: "counting",
        batches: true,
        encode: (event: unknown) => (encodings++, JSON.stringify(event)),
      };
      for (let i = 0; i < 5; i += 1) world.subscriber("channel:1", { codec, deflate: i % 2 === 0 });
      world.publish("channel:1", message(1), message(2), message(3));
      world.turn();
      expect(encodings).toBe(3);
    });
  });

  describe("batching", () => {
    test("the first event after a quiet time is sent at once, without a batch frame", () => {
      const { socket } = world.subscriber("channel:1");
      world.publish("channel:1", message(1));
      world.turn();
      expect(readFrames(socket.written[0]!)[0]!.payload.toString()).toBe(JSON.stringify(message(1)));
    });

    test("events of one turn of the event loop share one batch frame", () => {
      const { socket } = world.subscriber("channel:1");
      world.publish("channel:1", message(1), message(2), message(3));
      world.turn();
      expect(socket.written).toHaveLength(1);
      const frame = JSON.parse(readFrames(socket.written[0]!)[0]!.payload.toString()) as { type: string };
      expect(frame).toEqual({
        type: "batch",
        messages: [message(1), message(2), message(3)],
        timestamp: world.clock.now() / 1_000,
      });
    });

    test("under load events wait at most one flush interval", () => {
      const { socket } = world.subscriber("channel:1");
      world.makeBusy();
      world.publish("channel:1", message(1));
      world.turn();
      world.pass(5);
      world.publish("channel:1", message(2));
      world.turn();
      world.publish("channel:1", message(3));
      world.turn();
      expect(socket.written).toHaveLength(1);
      world.pass(45);
      expect(socket.written).toHaveLength(2);
      expect(socket.events()).toEqual([message(1), message(2), message(3)]);
    });

    test("the delay in the log is subtracted from the flush interval", () => {
      const { socket } = world.subscriber("channel:1");
      world.makeBusy();
      world.gatheredMs = 30;
      world.publish("channel:1", message(1));
      world.turn();
      world.publish("channel:1", message(2));
      world.pass(20);
      expect(socket.events()).toEqual([message(1), message(2)]);
      world.gatheredMs = 50;
      world.publish("channel:1", message(3));
      world.turn();
      expect(socket.events()).toEqual([message(1), message(2), message(3)]);
    });

    test("a full batch is sent before the flush interval ends", () => {
      const { socket } = world.subscriber("channel:1");
      world.makeBusy();
      world.publish("channel:1", message(1));
      world.turn();
      for (let seq = 2; seq <= 51; seq += 1) world.publish("channel:1", message(seq));
      world.turn();
      expect(socket.events()).toHaveLength(51);
    });

    test("a flush larger than the batch size is split into several frames in order", () => {
      const { socket } = world.subscriber("channel:1");
      world.publish("channel:1", ...Array.from({ length: 120 }, (_, i) => message(i + 1)));
      world.turn();
      const sizes = readFrames(socket.written[0]!).map(({ payload }) => {
        return (JSON.parse(payload.toString()) as { messages: unknown[] }).messages.length;
      });
      expect(sizes).toEqual([50, 50, 20]);
      expect(socket.events().map((event) => "seq" in event && event.seq)).toEqual(
        Array.from({ length: 120 }, (_, i) => i + 1),
      );
    });

    test("events of several topics for one socket take one system call", () => {
      const { socket, writer } = world.subscriber("channel:1");
      void world.delivery.subscribe("channel:2", writer);
      void world.delivery.subscribe("server:1", writer);
      world.publish("channel:1", message(1));
      world.publish("channel:2", message(1, { channel_id: 2 }));
      world.publish("server:1", presence(1));
      world.turn();
      expect(socket.calls).toEqual([3]);
    });

    test("events of a channel stay in order when the load changes", () => {
      const { socket } = world.subscriber("channel:1");
      let seq = 0;
      for (let round = 0; round < 40; round += 1) {
        for (let i = 0; i <= round % 7; i += 1) world.publish("channel:1", message(++seq));
        if (round === 10) world.makeBusy();
        world.pass(round % 13);
      }
      world.pass(60);
      expect(socket.events().map((event) => "seq" in event && event.seq)).toEqual(
        Array.from({ length: seq }, (_, i) => i + 1),
      );
    });
  });

  describe("backpressure", () => {
    test("low-priority events are dropped only for the connection that exceeds dropLowBytes", () => {
      const slow = world.subscriber("channel:1");
      const healthy = world.subscriber("channel:1");
      slow.socket.isReading = false;
      for (let seq = 1; slow.socket.writableLength <= 10_000; seq += 1) {
        world.publish("channel:1", message(seq));
        world.turn();
      }
      world.publish("channel:1", typing(1), message(1_000));
      world.turn();
      expect(slow.socket.events().at(-1)).toEqual(message(1_000));
      expect(slow.socket.events()).not.toContainEqual(typing(1));
      expect(healthy.socket.events()).toContainEqual(typing(1));
      expect(world.stats.droppedLowPriority).toBe(1);
    });

    test("a connection that exceeds closeBytes is closed with 4008, with bounded unsent bytes and no frame after the close", () => {
      const { socket, closings } = world.subscriber("channel:1");
      socket.isReading = false;
      for (let seq = 1; seq <= 2_000; seq += 1) {
        world.publish("channel:1", message(seq));
        world.turn();
      }
      expect(closings).toEqual([{ code: 4008, reason: "too slow" }]);
      expect(socket.closed()).toEqual({ code: 4008, reason: "too slow" });
      expect(socket.writableLength).toBeLessThan(52_000);
      expect(readFrames(socket.written.at(-1)!)[0]!.opcode).toBe(8);
      expect(world.stats.slowConsumersClosed).toBe(1);
    });

    test("a connection that reads is not closed by a batch larger than closeBytes", () => {
      const { socket, closings } = world.subscriber("channel:1");
      world.publish(
        "channel:1",
        ...Array.from({ length: 50 }, (_, i) => message(i + 1, { content: "x".repeat(5_000) })),
      );
      world.turn();
      expect(closings).toEqual([]);
      expect(socket.events()).toHaveLength(50);
    });
  });

  describe("subscriptions", () => {
    test("unsubscribing writers leaves the others subscribed, and the last one closes the topic and its timers", () => {
      const listeners = Array.from({ length: 10 }, () => world.subscriber("channel:1"));
      for (const index of [3, 9, 0]) world.delivery.unsubscribe("channel:1", listeners[index]!.writer);
      world.publish("channel:1", message(1));
      world.turn();
      expect(listeners.map(({ socket }) => socket.written.length)).toEqual([0, 1, 1, 0, 1, 1, 1, 1, 1, 0]);
      for (const { writer } of listeners) world.delivery.unsubscribe("channel:1", writer);
      expect(world.delivery.topicCount).toBe(0);
      world.pass(2_000);
      expect(world.clock.pending).toBe(0);
    });

    test("an event that the codec cannot encode sends no frame and is not counted", () => {
      const { socket } = world.subscriber("server:1", {
        codec: { name: "mute", batches: false, encode: () => null },
      });
      world.publish("server:1", presence(1));
      world.turn();
      expect(socket.written).toEqual([]);
      expect(world.stats.framesSent).toBe(0);
    });

    test("a codec without batches sends each event in a frame of its own", () => {
      const codec = { name: "single", batches: false, encode: (event: unknown) => JSON.stringify(event) };
      const { socket } = world.subscriber("channel:1", { codec });
      world.publish("channel:1", message(1), message(2));
      world.turn();
      expect(readFrames(socket.written[0]!).map(({ payload }) => JSON.parse(payload.toString()) as unknown)).toEqual([
        message(1),
        message(2),
      ]);
    });
  });

  test("latency is measured until the message is written to its last recipient", () => {
    world.subscriber("channel:1");
    const arrivedAt = world.clock.monotonic();
    world.clock.advance(7);
    world.publish("channel:1", message(1));
    world.delivery.timeMessage(1, 1, arrivedAt);
    world.clock.advance(3);
    world.turn();
    expect(world.latencies).toEqual([10]);
    // timeMessage may be called after the delivery.
    world.delivery.timeMessage(1, 1, arrivedAt);
    expect(world.latencies).toHaveLength(2);
  });

  test("flushAll sends pending events before the flush interval ends", () => {
    const { socket } = world.subscriber("channel:1");
    world.makeBusy();
    world.publish("channel:1", message(1));
    world.turn();
    world.publish("channel:1", message(2));
    world.delivery.flushAll();
    expect(socket.events()).toEqual([message(1), message(2)]);
  });
});
