import { beforeEach, describe, expect, test } from "vitest";
import { mainCodec, type WireCodec } from "./wire-codec.ts";
import { message, typing, wholeMessage } from "./testing/delivery-world.ts";
import { JoinWorld, synced } from "./testing/join-world.ts";

describe("joining a channel", () => {
  let world: JoinWorld;
  let queries: JoinWorld["queries"];
  beforeEach(() => {
    world = new JoinWorld();
    queries = world.queries;
  });

  const join = (...args: Parameters<JoinWorld["join"]>) => world.join(...args);

  test("a join without a position is answered with the current position and no replay", async () => {
    const { socket, done } = join("none");
    await world.settle();
    queries[0]!.answer({ seq: 9, changes: null });
    await done;
    expect(socket.events()).toEqual([synced(9)]);
  });

  test("a join from a position replays each changed message once in its current state, then channel_synced", async () => {
    const { socket, done } = join(5);
    await world.settle();
    const edited = wholeMessage(3, { updated_seq: 7, is_edited: true });
    const gone = wholeMessage(4, { updated_seq: 8, is_deleted: true, content: "" });
    queries[0]!.answer({ seq: 8, changes: [wholeMessage(6), edited, gone] });
    await done;
    expect(socket.events()).toEqual([
      { type: "new_message", channel_id: 1, seq: 6, data: wholeMessage(6) },
      { type: "message_edited", channel_id: 1, seq: 7, data: edited },
      { type: "message_deleted", channel_id: 1, seq: 8, data: { message_id: 4, channel_id: 1, text_channel_id: 1 } },
      synced(8),
    ]);
  });

  test("joins from the same position share one query and the same bytes", async () => {
    const joiners = Array.from({ length: 100 }, () => join(5));
    const other = join(6);
    await world.settle();
    expect(queries.map(({ afterSeq }) => afterSeq)).toEqual([5, 6]);
    for (const query of queries) query.answer({ seq: 7, changes: [wholeMessage(7)] });
    await Promise.all([...joiners, other].map(({ done }) => done));
    const [first] = joiners[0]!.socket.written;
    for (const { socket } of joiners) expect(socket.written).toEqual([first]);
    for (const { socket } of joiners) expect(socket.written[0]).toBe(first);
  });

  test("joins during a running query of the same position share the next query", async () => {
    const first = join(5);
    await world.settle();
    const later = [join(5), join(5)];
    await world.settle();
    expect(queries).toHaveLength(1);
    queries[0]!.answer({ seq: 6, changes: [wholeMessage(6)] });
    await first.done;
    await world.settle();
    expect(queries).toHaveLength(2);
    queries[1]!.answer({ seq: 7, changes: [wholeMessage(6), wholeMessage(7)] });
    await Promise.all(later.map(({ done }) => done));
    expect(later[1]!.socket.events()).toHaveLength(3);
  });

  test("live events during the query are sent after the replay, then delivery is live", async () => {
    const { socket, done } = join(5);
    await world.settle();
    world.publish("channel:1", message(6), message(7), message(8));
    world.turn();
    expect(socket.written).toEqual([]);
    queries[0]!.answer({ seq: 6, changes: [wholeMessage(6)] });
    await done;
    world.publish("channel:1", message(9));
    world.turn();
    const positions = socket.events().map((event) => ("seq" in event ? event.seq : 0));
    // 6 is repeated in the batch with 7 and 8; clients ignore it, as it is at or below the synced position.
    expect(positions).toEqual([6, 6, 6, 7, 8, 9]);
    expect(socket.events()[1]).toEqual(synced(6));
  });

  test("events covered by the replay and typing events are not buffered", async () => {
    const { socket, done } = join(5);
    await world.settle();
    world.publish("channel:1", message(6));
    world.turn();
    world.publish("channel:1", typing(1));
    world.turn();
    queries[0]!.answer({ seq: 6, changes: [wholeMessage(6)] });
    await done;
    expect(socket.events()).toEqual([message(6), synced(6)]);
  });

  test("events pending in the topic when the replay is written are delivered live", async () => {
    world.makeBusy();
    const { socket, done } = join(5);
    await world.settle();
    world.publish("channel:1", message(6));
    await world.settle();
    world.publish("channel:1", message(7));
    queries[0]!.answer({ seq: 6, changes: [wholeMessage(6)] });
    await done;
    world.pass(60);
    expect(socket.events().map((event) => ("seq" in event ? event.seq : 0))).toEqual([6, 6, 7]);
  });

  test("joining again while subscribed resumes without a gap", async () => {
    const listener = world.subscriber("channel:1");
    world.publish("channel:1", message(1));
    world.turn();
    const { socket, done } = join(1, listener);
    await world.settle();
    world.publish("channel:1", message(2));
    world.turn();
    queries[0]!.answer({ seq: 1, changes: [] });
    await done;
    world.publish("channel:1", message(3));
    world.turn();
    expect(socket.events()).toEqual([message(1), synced(1), message(2), message(3)]);
  });

  test("a join that a later one replaces before its answer is answered together with that one", async () => {
    const listener = world.listener();
    const joins = [join(5, listener), join(5, listener)];
    await world.settle();
    joins.push(join(7, listener));
    await world.settle();
    queries[0]!.answer({ seq: 8, changes: [wholeMessage(8)] });
    await world.settle();
    expect(listener.socket.events()).toEqual([]);
    queries[1]!.answer({ seq: 8, changes: [wholeMessage(8)] });
    await Promise.all(joins.map(({ done }) => done));
    expect(listener.socket.events()).toEqual([message(8), synced(8), synced(8), synced(8)]);
    const again = join(8, listener);
    await world.settle();
    queries[2]!.answer({ seq: 8, changes: [] });
    await again.done;
    expect(listener.socket.events().slice(4)).toEqual([synced(8)]);
  });

  test.each([
    ["too much has changed", 5, { seq: 900, changes: null }],
    ["the position is unknown", "unknown" as const, { seq: 900, changes: null }],
    ["the replay would be too big", 5, { seq: 900, changes: [wholeMessage(900, { content: "x".repeat(30_000) })] }],
  ])("a join is answered with recovered: false and no replay when %s", async (_reason, position, changes) => {
    const { socket, done } = join(position);
    await world.settle();
    queries[0]!.answer(changes);
    await done;
    expect(socket.events()).toEqual([synced(900, false)]);
  });

  test("a join is answered with recovered: false when the replay buffer overflows during the query", async () => {
    const { socket, done } = join(5);
    await world.settle();
    for (let seq = 6; seq <= 2_510; seq += 1) world.publish("channel:1", message(seq));
    world.turn();
    world.publish("channel:1", message(2_511));
    world.turn();
    queries[0]!.answer({ seq: 6, changes: [wholeMessage(6)] });
    await done;
    expect(socket.events()).toEqual([synced(2_510, false), message(2_511)]);
  });

  test("a long replay is encoded one frame a turn, while short ones and live events go on", async () => {
    let encoded = 0;
    const codec: WireCodec = {
      ...mainCodec,
      encode(event) {
        encoded += 1;
        return JSON.stringify(event);
      },
    };
    const long = join(5, world.listener({ codec }));
    const other = join(28);
    await world.settle();
    const changes = Array.from({ length: 24 }, (_, index) => wholeMessage(6 + index));
    queries[0]!.answer({ seq: 29, changes });
    queries[1]!.answer({ seq: 29, changes: changes.slice(-1) });
    const perTurn: number[] = [];
    for (let before = encoded; long.socket.written.length === 0; before = encoded) {
      await new Promise(setImmediate);
      perTurn.push(encoded - before);
      if (perTurn.length === 2) world.publish("channel:1", message(30));
      world.turn();
    }
    await Promise.all([long.done, other.done]);
    expect(Math.max(...perTurn)).toBe(10);
    expect(other.socket.events()).toEqual([message(29), synced(29), message(30)]);
    const events = long.socket.events();
    expect(events).toHaveLength(26);
    expect(events.slice(-3)).toEqual([message(29), synced(29), message(30)]);
  });

  test("a connection that leaves during the query gets no replay and no events", async () => {
    const { socket, writer, done } = join(5);
    await world.settle();
    world.delivery.unsubscribe("channel:1", writer);
    queries[0]!.answer({ seq: 6, changes: [wholeMessage(6)] });
    await done;
    world.publish("channel:1", message(7));
    world.turn();
    expect(socket.written).toEqual([]);
    expect(world.delivery.topicCount).toBe(0);
  });

  test("a join after all earlier joins of its group have left still gets replay and live events", async () => {
    const first = join(5);
    world.delivery.unsubscribe("channel:1", first.writer);
    const second = join(5);
    await world.settle();
    world.publish("channel:1", message(7));
    world.turn();
    queries[0]!.answer({ seq: 6, changes: [wholeMessage(6)] });
    await second.done;
    expect(second.socket.events()).toEqual([message(6), synced(6), message(7)]);
  });

  test("a join rejects when the query fails, leaves no topic behind, and the next join succeeds", async () => {
    const failing = join(5);
    await world.settle();
    queries[0]!.fail();
    await expect(failing.done).rejects.toThrow("the store failed");
    expect(world.delivery.topicCount).toBe(0);
    const next = join(5);
    await world.settle();
    queries[1]!.answer({ seq: 6, changes: [] });
    await next.done;
    expect(next.socket.events()).toEqual([synced(6)]);
  });
});
