import { beforeEach, describe, expect, test } from "vitest";
import type { Changes } from "./replay.ts";
import { message, wholeMessage, type Listener } from "./testing/delivery-world.ts";
import { JoinWorld, synced } from "./testing/join-world.ts";

describe("joining a channel on a slow socket", () => {
  let world: JoinWorld;
  let queries: JoinWorld["queries"];
  beforeEach(() => {
    world = new JoinWorld();
    queries = world.queries;
  });

  const join = (...args: Parameters<JoinWorld["join"]>) => world.join(...args);

  /** Drains the socket and answers the query of the join that starts then. */
  async function drainedAfter({ socket }: Listener, changes: Changes): Promise<void> {
    socket.drain();
    await world.settle();
    queries.at(-1)!.answer(changes);
    await world.settle();
  }

  const written = ({ socket }: Listener, from: number) => socket.written.slice(from).join("");

  test("a join on a slow socket waits until it drains, joins on other sockets do not wait", async () => {
    const slow = world.listener();
    slow.socket.isReading = false;
    slow.writer.send("x".repeat(11_000));
    const before = slow.socket.written.length;
    const joiners = [join(5, slow), join(5)];
    await world.settle();
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
    await world.settle();
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

  test("repeated joins on a socket that does not read keep one marker, query once after it drains and are all answered then", async () => {
    const slow = world.listener();
    slow.socket.isReading = false;
    slow.writer.send("x".repeat(11_000));
    const before = slow.socket.written.length;
    for (let position = 0; position < 50; position += 1) {
      await join(position, slow).done;
      await world.settle();
    }
    expect(queries).toEqual([]);
    expect(slow.socket.listenerCount("drain")).toBe(1);
    await drainedAfter(slow, { seq: 50, changes: [wholeMessage(50)] });
    expect(queries.map(({ afterSeq }) => afterSeq)).toEqual([49]);
    expect(written(slow, before).match(/channel_synced/g)).toHaveLength(50);
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
    await world.settle();
    expect(queries).toEqual([]);
  });
});
