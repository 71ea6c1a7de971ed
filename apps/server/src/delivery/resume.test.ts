import { beforeEach, describe, expect, test } from "vitest";
import type { Changes } from "./replay.ts";
import { mainCodec, type WireCodec } from "./wire-codec.ts";
import { Resumes } from "./resume.ts";
import { DeliveryWorld, message, typing, wholeMessage, type Listener } from "./testing/delivery-world.ts";

type Query = { channelId: number; afterSeq: number; answer: (changes: Changes) => void; fail: () => void };

describe("joining a channel", () => {
  let world: DeliveryWorld;
  let resumes: Resumes;
  let queries: Query[];

  beforeEach(() => {
    world = new DeliveryWorld();
    queries = [];
    resumes = new Resumes({
      delivery: world.delivery,
      clock: world.clock,
      endOfTurn: world.endOfTurn,
      limits: { messages: 500, bytes: 20_000, batchSize: 10 },
      changesSince: (channelId, afterSeq) =>
        new Promise((answer, reject) => {
          queries.push({ channelId, afterSeq, answer, fail: () => reject(new Error("the store failed")) });
        }),
    });
  });

  function join(position: number | "none" | "unknown" = 5, listener: Listener = world.listener()) {
    return { ...listener, done: resumes.join(1, listener.writer, position) };
  }

  /** Ends the turn and lets all pending promises settle. */
  async function settle(): Promise<void> {
    world.turn();
    await new Promise(setImmediate);
    world.turn();
  }

  /** Drains the socket and answers the query of the join that starts then. */
  async function drainedAfter({ socket }: Listener, changes: Changes): Promise<void> {
    socket.drain();
    await settle();
    queries.at(-1)!.answer(changes);
    await settle();
  }

  const written = ({ socket }: Listener, from: number) => socket.written.slice(from).join("");
  const synced = (seq: number, recovered = true) => ({ type: "channel_synced", channel_id: 1, seq, recovered });

  test("a join without a position is answered with the current position and no replay", async () => {
    const { socket, done } = join("none");
    await settle();
    queries[0]!.answer({ seq: 9, changes: null });
    await done;
    expect(socket.events()).toEqual([synced(9)]);
  });

  test("a join from a position replays each changed message once in its current state, then channel_synced", async () => {
    const { socket, done } = join(5);
    await settle();
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
    await settle();
    expect(queries.map(({ afterSeq }) => afterSeq)).toEqual([5, 6]);
    for (const query of queries) query.answer({ seq: 7, changes: [wholeMessage(7)] });
    await Promise.all([...joiners, other].map(({ done }) => done));
    const [first] = joiners[0]!.socket.written;
    for (const { socket } of joiners) expect(socket.written).toEqual([first]);
    for (const { socket } of joiners) expect(socket.written[0]).toBe(first);
  });

  test("joins during a running query of the same position share the next query", async () => {
    const first = join(5);
    await settle();
    const later = [join(5), join(5)];
    await settle();
    expect(queries).toHaveLength(1);
    queries[0]!.answer({ seq: 6, changes: [wholeMessage(6)] });
    await first.done;
    await settle();
    expect(queries).toHaveLength(2);
    queries[1]!.answer({ seq: 7, changes: [wholeMessage(6), wholeMessage(7)] });
    await Promise.all(later.map(({ done }) => done));
    expect(later[1]!.socket.events()).toHaveLength(3);
  });

  test("live events during the query are sent after the replay, then delivery is live", async () => {
    const { socket, done } = join(5);
    await settle();
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
    await settle();
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
    await settle();
    world.publish("channel:1", message(6));
    await settle();
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
    await settle();
    world.publish("channel:1", message(2));
    world.turn();
    queries[0]!.answer({ seq: 1, changes: [] });
    await done;
    world.publish("channel:1", message(3));
    world.turn();
    expect(socket.events()).toEqual([message(1), synced(1), message(2), message(3)]);
  });

  test.each([
    ["too much has changed", 5, { seq: 900, changes: null }],
    ["the position is unknown", "unknown" as const, { seq: 900, changes: null }],
    ["the replay would be too big", 5, { seq: 900, changes: [wholeMessage(900, { content: "x".repeat(30_000) })] }],
  ])("a join is answered with recovered: false and no replay when %s", async (_reason, position, changes) => {
    const { socket, done } = join(position);
    await settle();
    queries[0]!.answer(changes);
    await done;
    expect(socket.events()).toEqual([synced(900, false)]);
  });

  test("a join is answered with recovered: false when the replay buffer overflows during the query", async () => {
    const { socket, done } = join(5);
    await settle();
    for (let seq = 6; seq <= 2_510; seq += 1) world.publish("channel:1", message(seq));
    world.turn();
    world.publish("channel:1", message(2_511));
    world.turn();
    queries[0]!.answer({ seq: 6, changes: [wholeMessage(6)] });
    await done;
    expect(socket.events()).toEqual([synced(2_510, false), message(2_511)]);
  });

  test("a join on a slow socket waits until it drains, joins on other sockets do not wait", async () => {
    const slow = world.listener();
    slow.socket.isReading = false;
    slow.writer.send("x".repeat(11_000));
    const before = slow.socket.written.length;
    const joiners = [join(5, slow), join(5)];
    await settle();
    queries[0]!.answer({ seq: 6, changes: [wholeMessage(6)] });
    await joiners[1]!.done;
    world.publish("channel:1", message(7));
    world.turn();
    expect(joiners[1]!.socket.events()).toHaveLength(3);
    expect(slow.socket.written).toHaveLength(before);
    await drainedAfter(slow, { seq: 7, changes: [wholeMessage(6), wholeMessage(7)] });
    world.publish("channel:1", message(8));
    world.turn();
    expect(written(slow, before)).toMatch(/message 6.*message 7.*channel_synced.*message 8/s);
  });

  test("a socket that becomes slow during the query gets no replay and queries again after it drains", async () => {
    const [slow, other] = [world.listener(), join(5)];
    const joined = join(5, slow);
    await settle();
    slow.socket.isReading = false;
    slow.writer.send("x".repeat(11_000));
    const before = slow.socket.written.length;
    queries[0]!.answer({ seq: 6, changes: [wholeMessage(6)] });
    await Promise.all([joined.done, other.done]);
    expect(other.socket.events()).toEqual([message(6), synced(6)]);
    expect(slow.socket.written).toHaveLength(before);
    await drainedAfter(slow, { seq: 6, changes: [wholeMessage(6)] });
    expect(written(slow, before)).toMatch(/message 6.*channel_synced/s);
  });

  test("repeated joins on a socket that does not read keep one marker and query once after it drains", async () => {
    const slow = world.listener();
    slow.socket.isReading = false;
    slow.writer.send("x".repeat(11_000));
    const before = slow.socket.written.length;
    for (let position = 0; position < 50; position += 1) {
      await join(position, slow).done;
      await settle();
    }
    expect(queries).toEqual([]);
    expect(slow.socket.listenerCount("drain")).toBe(1);
    await drainedAfter(slow, { seq: 50, changes: [wholeMessage(50)] });
    expect(queries.map(({ afterSeq }) => afterSeq)).toEqual([49]);
    expect(written(slow, before).match(/channel_synced/g)).toHaveLength(1);
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
    await settle();
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

  test("a join on a slow socket costs the most that it may replay, and nothing without a position", async () => {
    const slow = world.listener();
    slow.socket.isReading = false;
    slow.writer.send("x".repeat(11_000));
    expect(await join(5, slow).done).toBe(500);
    expect(await join("none", slow).done).toBe(0);
    expect(await join("unknown", slow).done).toBe(0);
  });

  test("a slow socket that leaves before it drains does not join", async () => {
    const slow = world.listener();
    slow.socket.isReading = false;
    slow.writer.send("x".repeat(11_000));
    await join(5, slow).done;
    world.delivery.unsubscribe("channel:1", slow.writer);
    expect(world.delivery.topicCount).toBe(0);
    slow.socket.drain();
    await settle();
    expect(queries).toEqual([]);
  });

  test("a connection that leaves during the query gets no replay and no events", async () => {
    const { socket, writer, done } = join(5);
    await settle();
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
    await settle();
    world.publish("channel:1", message(7));
    world.turn();
    queries[0]!.answer({ seq: 6, changes: [wholeMessage(6)] });
    await second.done;
    expect(second.socket.events()).toEqual([message(6), synced(6), message(7)]);
  });

  test("a join rejects when the query fails, leaves no topic behind, and the next join succeeds", async () => {
    const failing = join(5);
    await settle();
    queries[0]!.fail();
    await expect(failing.done).rejects.toThrow("the store failed");
    expect(world.delivery.topicCount).toBe(0);
    const next = join(5);
    await settle();
    queries[1]!.answer({ seq: 6, changes: [] });
    await next.done;
    expect(next.socket.events()).toEqual([synced(6)]);
  });
});
