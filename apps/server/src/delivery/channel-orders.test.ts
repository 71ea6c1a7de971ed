import * as fc from "fast-check";
import { beforeEach, describe, expect, test } from "vitest";
import { Resumes } from "./resume.ts";
import { ChannelLogModel, followed } from "./testing/channel-log-model.ts";
import { DeliveryWorld, presence, type Listener } from "./testing/delivery-world.ts";

describe("events of a channel on a bus that may lose them or change their order", () => {
  let log: ChannelLogModel;
  let world: DeliveryWorld;
  let listeners: Listener[];

  beforeEach(async () => {
    log = new ChannelLogModel();
    world = new DeliveryWorld({}, log.order);
    listeners = [world.subscriber("channel:1"), world.subscriber("channel:1")];
    await world.settle();
    log.queries = 0;
  });

  const positions = ({ socket }: Listener) => socket.events().map((event) => ("seq" in event ? event.seq : 0));

  async function pass(ms: number): Promise<void> {
    world.pass(ms);
    await world.settle();
  }

  test("events in order are passed on at once and read nothing", async () => {
    world.publish("channel:1", log.send(), log.send(), log.edit(1));
    world.turn();
    expect(positions(listeners[0]!)).toEqual([1, 2, 3]);
    await pass(100);
    expect(log.queries).toBe(0);
  });

  test("two events that have changed places are put in order without a query", async () => {
    const [first, second] = [log.send(), log.send()];
    world.publish("channel:1", second);
    world.turn();
    expect(listeners[0]!.socket.written).toEqual([]);
    world.publish("channel:1", first);
    await pass(100);
    expect(positions(listeners[0]!)).toEqual([1, 2]);
    expect(log.queries).toBe(0);
    expect(world.delivery.orderStats).toMatchObject({ held: 1, gapsRead: 0 });
  });

  test("an event that arrives twice is passed on once", async () => {
    const event = log.send();
    world.publish("channel:1", event, event);
    await pass(100);
    expect(positions(listeners[0]!)).toEqual([1]);
    expect(world.delivery.orderStats).toMatchObject({ repeated: 1 });
  });

  test("a lost event is read from the store once for all subscribers after 50 ms", async () => {
    const lost = log.send();
    const next = log.send();
    world.publish("channel:1", next);
    await pass(49);
    expect(listeners[0]!.socket.written).toEqual([]);
    await pass(1);
    for (const { socket } of listeners) expect(socket.events()).toEqual([lost, next]);
    expect(log.queries).toBe(1);
  });

  test("events that arrive while a gap is read are neither repeated nor lost", async () => {
    const [first, second, third] = [log.send(), log.send(), log.edit(1)];
    world.publish("channel:1", second);
    const { promise, resolve } = Promise.withResolvers<void>();
    log.answering = promise;
    await pass(50);
    // The query has found the third event, which is still on its way.
    world.publish("channel:1", first);
    resolve();
    await world.settle();
    world.publish("channel:1", third);
    await pass(100);
    expect(followed(listeners[0]!.socket.events())).toEqual({ seq: 3, state: log.state });
    expect(positions(listeners[0]!)).toEqual([1, 2, 3]);
    expect(log.queries).toBe(1);
  });

  test("positions whose messages have changed again are skipped with after_seq", async () => {
    log.send();
    log.edit(1);
    log.edit(1);
    world.publish("channel:1", log.send());
    await pass(50);
    expect(listeners[0]!.socket.events()).toMatchObject([
      { type: "new_message", seq: 3, after_seq: 0, data: { content: "edited at 3" } },
      { type: "new_message", seq: 4 },
    ]);
    expect(listeners[0]!.socket.events()[1]).not.toHaveProperty("after_seq");
  });

  test("the lost last event of a quiet channel is read when its position becomes known", async () => {
    world.publish("channel:1", log.send());
    const lost = log.send();
    world.bus.tellPositions(new Map([[1, 2]]));
    await pass(50);
    expect(listeners[0]!.socket.events().at(-1)).toEqual(lost);
  });

  test("after a gap of the bus the channels that have moved on are read without a delay", async () => {
    const lost = log.send();
    await world.delivery.checkAll();
    await world.settle();
    expect(listeners[0]!.socket.events()).toEqual([lost]);
    log.queries = 0;
    await world.delivery.checkAll();
    await world.settle();
    expect(log.queries).toBe(0);
  });

  test("a gap is read again after a second when the store fails", async () => {
    log.send();
    log.isFailing = true;
    world.publish("channel:1", log.send());
    await pass(50);
    expect(listeners[0]!.socket.written).toEqual([]);
    log.isFailing = false;
    await pass(1_000);
    expect(positions(listeners[0]!)).toEqual([1, 2]);
  });

  test("of a gap that is too large only the latest event is passed on, so that clients join again", async () => {
    for (let i = 0; i < 150; i += 1) log.send();
    await world.delivery.checkAll();
    await world.settle();
    expect(listeners[0]!.socket.events()).toEqual([log.events.at(-1)]);
    expect(world.delivery.orderStats).toMatchObject({ gapsTooLarge: 1 });
    world.publish("channel:1", log.send());
    world.turn();
    expect(positions(listeners[0]!)).toEqual([150, 151]);
  });

  test("after the data was replaced by older data, positions that are given again are passed on", async () => {
    const sent = [log.send(), log.send(), log.send()];
    world.publish("channel:1", ...sent);
    await pass(100);
    log.events.length = 1;
    for (const id of [2, 3]) log.messages.delete(id);
    world.delivery.dataReplaced();
    await world.settle();
    const again = log.send();
    world.publish("channel:1", again);
    await pass(100);
    expect(positions(listeners[0]!)).toEqual([1, 2, 3, 2]);
    expect(listeners[0]!.socket.events().at(-1)).toEqual(again);
  });

  test("transient events do not wait for missing positions", async () => {
    log.send();
    world.publish("channel:1", log.send(), presence(7));
    await pass(10);
    expect(listeners[0]!.socket.events()).toEqual([presence(7)]);
  });

  test("a closed topic has no timer and passes nothing on", async () => {
    log.send();
    world.publish("channel:1", log.send());
    world.pass(50);
    for (const { writer } of listeners) world.delivery.unsubscribe("channel:1", writer);
    await pass(2_000);
    expect(listeners[0]!.socket.written).toEqual([]);
    expect(world.clock.pending).toBe(0);
  });

  test("events that arrive before the first join's query are passed on once, in order, after its replay", async () => {
    world = new DeliveryWorld({}, log.order);
    const resumes = new Resumes({
      delivery: world.delivery,
      clock: world.clock,
      endOfTurn: world.endOfTurn,
      limits: { ...log.order.limits, batchSize: 50 },
      changesSince: log.order.changesSince,
    });
    log.send();
    const { socket, writer } = world.listener();
    const joined = resumes.join(1, writer, 0);
    const [second, third, fourth] = [log.send(), log.send(), log.send()];
    world.publish("channel:1", third, second);
    world.turn();
    await joined;
    world.publish("channel:1", fourth, log.send());
    await pass(100);
    const seqs = socket.events().filter(({ type }) => type === "new_message");
    expect(followed(seqs).seq).toBe(5);
  });
});

type Step = { kind: "send" | "edit" | "delete" | "gap" | "join"; which: number; fate: number; delay: number };

const step: fc.Arbitrary<Step> = fc.record({
  kind: fc.constantFrom("send", "send", "send", "edit", "delete", "gap", "join"),
  which: fc.nat(50),
  fate: fc.nat(9),
  delay: fc.nat(3),
});

test("every subscriber gets every position once, in order, however two publishers' events are mixed, lost and repeated", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 80 }), async (steps) => {
      const log = new ChannelLogModel();
      const world = new DeliveryWorld({}, log.order);
      const listeners = [world.subscriber("channel:1")];
      await world.settle();
      /** Events on their way; those of one publisher keep their order. */
      const onTheWay: [ReturnType<ChannelLogModel["send"]>[], ReturnType<ChannelLogModel["send"]>[]] = [[], []];
      for (const { kind, which, fate, delay } of steps) {
        const target = log.alive[which % Math.max(1, log.alive.length)];
        if (kind === "gap") {
          for (const queue of onTheWay) queue.length = 0;
          await world.delivery.checkAll();
        } else if (kind === "join") {
          if (log.seq === 0) listeners.push(world.subscriber("channel:1"));
        } else {
          const event = target === undefined || kind === "send" ? log.send() : log[kind](target);
          const copies = fate === 0 ? 0 : fate === 1 ? 2 : 1;
          for (let copy = 0; copy < copies; copy += 1) onTheWay[which % 2]!.push(event);
        }
        for (let i = 0; i < delay; i += 1) {
          const next = onTheWay[(which + i) % 2]!.shift();
          if (next) world.publish("channel:1", next);
        }
        world.pass(fate * 10);
        if (delay === 3) await world.settle();
      }
      world.publish("channel:1", ...onTheWay[1], ...onTheWay[0]);
      world.bus.tellPositions(new Map([[1, log.seq]]));
      world.pass(60);
      await world.settle();
      world.pass(60);
      await world.settle();
      for (const { socket } of listeners) {
        expect(followed(socket.events())).toEqual({ seq: log.seq, state: log.state });
      }
    }),
    { numRuns: 300 },
  );
});
