import type { MainEvent } from "@miscord/protocol";
import { beforeEach, describe, expect, test } from "vitest";
import type { Dialect } from "./wire-codec.ts";
import { DeliveryWorld, message, typing, type Listener } from "./testing/delivery-world.ts";

describe("delivery", () => {
  let world: DeliveryWorld;
  beforeEach(() => {
    world = new DeliveryWorld();
  });

  describe("speaks to each reader", () => {
    /** Says whether the reader is the author; of a typing event nothing depends on who reads it. */
    const personal: Dialect = {
      name: "personal",
      batches: false,
      encode: (event, readerId) => JSON.stringify(isOwn(event, readerId) ? { ...event, own: true } : event),
      readerKey: (event, readerId) => (event.type === "typing" ? "" : String(isOwn(event, readerId))),
    };
    const isOwn = (event: MainEvent, readerId: number) =>
      event.type === "new_message" && event.data.author.id === readerId;

    const readers = (...ids: number[]) =>
      ids.map((readerId) => {
        const { socket, writer } = world.subscriber("channel:1", { dialect: personal });
        writer.readerId = readerId;
        return socket;
      });

    test("in their own words, and shares bytes among those to whom it says the same", () => {
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

    test("with one buffer for all when nothing depends on them", () => {
      const [one, two] = readers(1, 2);
      world.publish("channel:1", typing(1));
      world.turn();
      expect(one!.written[0]).toBe(two!.written[0]);
    });
  });

  describe("a dialect that must look something up", () => {
    test("makes its own wait, in order, and nobody else", async () => {
      const lookups: (() => void)[] = [];
      const dialect: Dialect = {
        name: "slow",
        batches: false,
        encode: (event) => JSON.stringify(event),
        prepare: (events) =>
          events.some((event) => "seq" in event && event.seq % 2 === 1)
            ? new Promise((resolve) => lookups.push(resolve))
            : null,
      };
      const slow = world.subscriber("channel:1", { dialect });
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
