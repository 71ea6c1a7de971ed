import { beforeEach, describe, expect, test } from "vitest";
import { readFrames } from "../testing/read-frames.ts";
import { DeliveryWorld, message, presence, typing } from "./testing/delivery-world.ts";

describe("delivery", () => {
  let world: DeliveryWorld;
  beforeEach(() => {
    world = new DeliveryWorld();
  });

  describe("shares bytes", () => {
    test("hands every subscriber the same buffer, compressed ones theirs", () => {
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

    test("encodes each event once for all", () => {
      let encodings = 0;
      const dialect = {
        name: "counting",
        batches: true,
        encode: (event: unknown) => (encodings++, JSON.stringify(event)),
      };
      for (let i = 0; i < 5; i += 1) world.subscriber("channel:1", { dialect, deflate: i % 2 === 0 });
      world.publish("channel:1", message(1), message(2), message(3));
      world.turn();
      expect(encodings).toBe(3);
    });
  });

  describe("batches", () => {
    test("lets the first event after a quiet time go at once, and bare", () => {
      const { socket } = world.subscriber("channel:1");
      world.publish("channel:1", message(1));
      world.turn();
      expect(readFrames(socket.written[0]!)[0]!.payload.toString()).toBe(JSON.stringify(message(1)));
    });

    test("writes once what arises within one turn", () => {
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

    test("gathers for at most the interval when it is busy", () => {
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

    test("gathers no longer than is left of the interval after what the log gathered", () => {
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

    test("does not wait longer than a batch is big", () => {
      const { socket } = world.subscriber("channel:1");
      world.makeBusy();
      world.publish("channel:1", message(1));
      world.turn();
      for (let seq = 2; seq <= 51; seq += 1) world.publish("channel:1", message(seq));
      world.turn();
      expect(socket.events()).toHaveLength(51);
    });

    test("never puts more events into one frame than a batch may have", () => {
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

    test("makes one system call for a socket of several topics", () => {
      const { socket, writer } = world.subscriber("channel:1");
      void world.delivery.subscribe("channel:2", writer);
      void world.delivery.subscribe("server:1", writer);
      world.publish("channel:1", message(1));
      world.publish("channel:2", message(1, { channel_id: 2 }));
      world.publish("server:1", presence(1));
      world.turn();
      expect(socket.calls).toEqual([3]);
    });

    test("keeps the order of a channel through quiet and busy times", () => {
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
    test("drops low priority over the first mark, for that connection alone", () => {
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

    test("closes with 4008 over the second mark; what waits stays bounded and nothing follows the close", () => {
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

    test("does not close a connection that reads, however big the batch", () => {
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
    test("end without disturbing the others, and leave nothing behind", () => {
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

    test("of dialects without a word for an event cost nothing", () => {
      const { socket } = world.subscriber("server:1", {
        dialect: { name: "mute", batches: false, encode: () => null },
      });
      world.publish("server:1", presence(1));
      world.turn();
      expect(socket.written).toEqual([]);
      expect(world.stats.framesSent).toBe(0);
    });

    test("of dialects without batches get a frame for each event", () => {
      const dialect = { name: "single", batches: false, encode: (event: unknown) => JSON.stringify(event) };
      const { socket } = world.subscriber("channel:1", { dialect });
      world.publish("channel:1", message(1), message(2));
      world.turn();
      expect(readFrames(socket.written[0]!).map(({ payload }) => JSON.parse(payload.toString()) as unknown)).toEqual([
        message(1),
        message(2),
      ]);
    });
  });

  test("times a message until it is handed to its last recipient", () => {
    world.subscriber("channel:1");
    const arrivedAt = world.clock.monotonic();
    world.clock.advance(7);
    world.publish("channel:1", message(1));
    world.delivery.timeMessage(1, 1, arrivedAt);
    world.clock.advance(3);
    world.turn();
    expect(world.latencies).toEqual([10]);
    // The acknowledgement may come behind the delivery.
    world.delivery.timeMessage(1, 1, arrivedAt);
    expect(world.latencies).toHaveLength(2);
  });

  test("says everything that waits when the server stops", () => {
    const { socket } = world.subscriber("channel:1");
    world.makeBusy();
    world.publish("channel:1", message(1));
    world.turn();
    world.publish("channel:1", message(2));
    world.delivery.flushAll();
    expect(socket.events()).toEqual([message(1), message(2)]);
  });
});
