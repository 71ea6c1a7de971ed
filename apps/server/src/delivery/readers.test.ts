import type { MainEvent } from "@miscord/protocol";
import { beforeEach, describe, expect, test } from "vitest";
import { longestTurnOf } from "../testing/longest-turn.ts";
import { Batch } from "./batch.ts";
import type { WireCodec } from "./wire-codec.ts";
import { DeliveryWorld, message, typing, type Listener } from "./testing/delivery-world.ts";

describe("delivery", () => {
  let world: DeliveryWorld;
  beforeEach(() => {
    world = new DeliveryWorld();
  });

  describe("with reader-dependent output", () => {
    /** Marks messages of the reader as own; typing events are the same for all readers. */
    const personal: WireCodec = {
      name: "personal",
      batches: false,
      encode: (event, readerId) => JSON.stringify(isOwn(event, readerId) ? { ...event, own: true } : event),
      readerKey: (event, readerId) => (event.type === "typing" ? "" : String(isOwn(event, readerId))),
    };
    const isOwn = (event: MainEvent, readerId: number) =>
      event.type === "new_message" && event.data.author.id === readerId;

    const readers = (...ids: number[]) =>
      ids.map((readerId) => {
        const { socket, writer } = world.subscriber("channel:1", { codec: personal });
        writer.readerId = readerId;
        return socket;
      });

    test("each reader receives their own output, and readers with equal keys share the bytes", () => {
      const sockets = readers(1, 2, 3);
      world.publish("channel:1", message(1));
      world.turn();
      expect(sockets.map((socket) => socket.events()[0]!)).toEqual([
        { ...message(1), own: true },
        message(1),
        message(1),
      ]);
      expect(sockets[1]!.written[0]).toBe(sockets[2]!.written[0]);
    });

    test("all readers share one buffer of an event with empty reader keys", () => {
      const [one, two] = readers(1, 2);
      world.publish("channel:1", typing(1));
      world.turn();
      expect(one!.written[0]).toBe(two!.written[0]);
    });
  });

  test("readers whose output is their own cost the same each, however many they are", () => {
    const own: WireCodec = {
      name: "own",
      batches: false,
      encode: (_event, readerId) => `{"type":"pong","timestamp":${readerId}}`,
      readerKey: (_event, readerId) => String(readerId),
    };
    const readers = 20_000;
    /** Of processor time, in microseconds, for all readers: the clock of it goes in steps of some milliseconds. */
    const cost = (ofOneBatch: number) => {
      const before = process.threadCpuUsage();
      for (let count = 0; count < readers; count += ofOneBatch) {
        const batch = new Batch({ low: [], normal: [message(1)] }, 0, 50);
        for (let readerId = 1; readerId <= ofOneBatch; readerId += 1) {
          batch.full({ encoding: { codec: own, deflate: false }, readerId });
        }
      }
      const { user, system } = process.threadCpuUsage(before);
      return user + system;
    };
    cost(1_000);
    const few = Math.max(cost(1_000), cost(1_000));
    expect(cost(readers)).toBeLessThan(5 * few);
  });

  describe("with output of which no two readers have the same", () => {
    const compressible = "x".repeat(2_000);
    /** Takes as long as the address of a file that opens for one reader. */
    const own: WireCodec = {
      name: "own",
      batches: false,
      encode(event, readerId) {
        for (const until = performance.now() + 0.1; performance.now() < until;);
        return JSON.stringify({ ...event, readerId, compressible });
      },
      readerKey: () => null,
    };
    /** As far as a codec knows, readers with the same key could receive the same. */
    const keyed: WireCodec = { ...own, readerKey: (_event, readerId) => String(readerId) };
    const readers = (count: number, codec = own) =>
      Array.from({ length: count }, (_, index) => {
        const listener = world.subscriber("channel:1", { codec, deflate: true });
        listener.writer.readerId = index + 1;
        return listener;
      });
    const seqsOf = ({ socket }: Listener) => socket.events().map((event) => "seq" in event && event.seq);

    test.each([own, keyed])(
      "hundreds of readers take turns with others, and each has the events in order",
      async (codec) => {
        const all = readers(500, codec);
        const work = async () => {
          world.publish("channel:1", message(1));
          world.turn();
          world.publish("channel:1", message(2), typing(2));
          world.pass(200);
          await expect
            .poll(() => all.every(({ socket }) => socket.written.length === 2), { timeout: 20_000 })
            .toBe(true);
        };
        expect(await longestTurnOf(Promise.resolve().then(work))).toBeLessThan(40);
        expect(new Set(all.map((one) => seqsOf(one).filter(Boolean).join()))).toEqual(new Set(["1,2"]));
      },
    );

    test("whoever is unsubscribed before their turn receives nothing", async () => {
      const all = readers(200);
      const last = all.at(-1)!;
      world.publish("channel:1", message(1));
      world.turn();
      expect(seqsOf(last)).toEqual([]);
      world.delivery.unsubscribe("channel:1", last.writer);
      await expect.poll(() => all.filter(({ socket }) => socket.written.length > 0).length).toBe(199);
      expect(seqsOf(last)).toEqual([]);
    });

    test("it is not compressed, as that would take as much for each reader as for all together", () => {
      const [one] = readers(1);
      world.publish("channel:1", message(1));
      world.turn();
      expect(one!.socket.written[0]!.includes(compressible)).toBe(true);
    });
  });

  describe("with a codec that loads data", () => {
    test("subscribers of that codec receive events later and in order, other subscribers at once", async () => {
      const lookups: (() => void)[] = [];
      const codec: WireCodec = {
        name: "slow",
        batches: false,
        encode: (event) => JSON.stringify(event),
        prepare: (events) =>
          events.some((event) => "seq" in event && event.seq % 2 === 1)
            ? new Promise((resolve) => lookups.push(resolve))
            : null,
      };
      const slow = world.subscriber("channel:1", { codec });
      const other = world.subscriber("channel:1");
      for (let seq = 1; seq <= 4; seq += 1) {
        world.publish("channel:1", message(seq));
        world.turn();
      }
      const seqs = ({ socket }: Listener) => socket.events().map((event) => "seq" in event && event.seq);
      expect(seqs(other)).toEqual([1, 2, 3, 4]);
      expect(seqs(slow)).toEqual([]);
      lookups[0]!();
      await Promise.resolve();
      expect(seqs(slow)).toEqual([1, 2]);
      lookups[1]!();
      await Promise.resolve();
      expect(seqs(slow)).toEqual([1, 2, 3, 4]);
      expect(world.stats.eventsSent).toBe(8);
    });
  });
});
