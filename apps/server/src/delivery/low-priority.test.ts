import { beforeEach, describe, expect, test } from "vitest";
import { DeliveryWorld, message, presence, typing } from "./testing/delivery-world.ts";

describe("low-priority events", () => {
  let world: DeliveryWorld;
  beforeEach(() => {
    world = new DeliveryWorld();
  });

  test("a flush sends the last typing event of each user, before the messages", () => {
    const { socket } = world.subscriber("channel:1");
    world.publish("channel:1", typing(1, 1), message(1), typing(2, 1), typing(1, 2));
    world.turn();
    expect(socket.events()).toEqual([typing(1, 2), typing(2, 1), message(1)]);
  });

  test("typing waits for a message to share its frame with, for twice the flush interval and up to the next beat", () => {
    const { socket } = world.subscriber("channel:1");
    world.publish("channel:1", typing(1));
    world.pass(60);
    expect(socket.events()).toEqual([]);
    world.publish("channel:1", message(1), typing(2));
    world.turn();
    expect(socket.events()).toEqual([typing(1), typing(2), message(1)]);
    world.publish("channel:1", typing(3));
    world.pass(114);
    expect(socket.events()).toHaveLength(3);
    world.pass(1);
    expect(socket.events().at(-1)).toEqual(typing(3));
  });

  test("activity and presence of a server get into step, and then cost a member one write together", () => {
    const { socket, writer } = world.subscriber("server:1");
    void world.delivery.subscribe("presence:1", writer);
    const activity = (seq: number) => ({ type: "channel_activity", server_id: 1, channels: { 5: seq } }) as const;
    const tell = (userId: number) =>
      world.delivery.receiveLocal("presence:1", { kind: "event", event: presence(userId) });
    world.publish("server:1", activity(1));
    world.turn();
    world.pass(300);
    tell(1);
    world.turn();
    expect(socket.calls).toEqual([1, 1]);
    world.publish("server:1", activity(2));
    tell(2);
    // Of activity the time has come, of presence more than half of it has passed.
    world.pass(700);
    expect(socket.events()).toEqual([activity(1), presence(1), activity(2), presence(2)]);
    world.publish("server:1", activity(3));
    tell(3);
    world.pass(999);
    expect(socket.calls).toEqual([1, 1, 2]);
    world.pass(1);
    expect(socket.calls).toEqual([1, 1, 2, 2]);
    // So soon after, presence waits for its time.
    world.pass(900);
    tell(4);
    world.pass(100);
    expect(socket.calls).toEqual([1, 1, 2, 2, 1]);
    world.pass(400);
    tell(5);
    world.publish("server:1", activity(4));
    world.turn();
    expect(socket.events().slice(-2)).toEqual([presence(4), activity(4)]);
  });

  test("news of a channel that was hidden from some members stays off their topic, also when it comes late", () => {
    const { socket } = world.subscriber("server:1");
    const activity = (...ids: number[]) => {
      const channels = Object.fromEntries(ids.map((id) => [id, 9]));
      return { type: "channel_activity", server_id: 1, channels } as const;
    };
    world.publish("server:1", activity(1));
    world.turn();
    world.publish("server:1", activity(2, 3));
    world.delivery.settle("server:1", { hidden: [2] });
    world.publish("server:1", activity(2), { type: "voice_speaking", server_id: 1, channel_id: 2, user_ids: [7] });
    world.pass(1_000);
    expect(socket.events()).toEqual([activity(1), activity(3)]);
    world.delivery.settle("server:1", { shown: [2] });
    world.publish("server:1", activity(2));
    world.pass(1_000);
    expect(socket.events().at(-1)).toEqual(activity(2));
  });

  test("what another node says late of a channel that it still held for everybody's goes to those who see it", () => {
    const { socket } = world.subscriber("server:1");
    const viewer = world.subscriber("viewers:2");
    const left = (channelId: number) => ({ type: "channel_deleted", server_id: 1, channel_id: channelId }) as const;
    world.publish("server:1", left(2));
    world.delivery.settle("server:1", { hidden: [2] });
    world.publish("server:1", left(2), left(3));
    world.turn();
    expect(socket.events()).toEqual([left(2), left(3)]);
    expect(viewer.socket.events()).toEqual([left(2)]);
    world.pass(5_000);
    world.publish("server:1", left(2));
    world.turn();
    expect(socket.events().at(-1)).toEqual(left(2));
  });

  test("presence is sent at most once a second per server, with the last status of each user", () => {
    const { socket } = world.subscriber("server:1");
    world.publish("server:1", presence(1));
    world.turn();
    world.publish("server:1", presence(2), presence(1, "offline"), presence(2, "offline"), presence(1));
    world.pass(999);
    expect(socket.events()).toEqual([presence(1)]);
    world.pass(1);
    expect(socket.events()).toEqual([presence(1), presence(2, "offline"), presence(1)]);
  });

  test("channel activity events of one server are merged", () => {
    const { socket } = world.subscriber("server:1");
    const activity = (channels: Record<string, number>) =>
      ({ type: "channel_activity", server_id: 1, channels }) as const;
    world.publish("server:1", activity({ 1: 5 }));
    world.turn();
    world.publish("server:1", activity({ 1: 6 }), activity({ 2: 3 }), activity({ 1: 7 }));
    world.pass(1_000);
    expect(socket.events()).toEqual([activity({ 1: 5 }), activity({ 1: 7, 2: 3 })]);
  });

  test("activity that another node gathered longer does not replace the later position of a channel", () => {
    const { socket } = world.subscriber("server:1");
    const activity = (channels: Record<string, number>) =>
      ({ type: "channel_activity", server_id: 1, channels }) as const;
    world.publish("server:1", activity({ 1: 5 }));
    world.turn();
    world.publish("server:1", activity({ 1: 8 }), activity({ 1: 7, 2: 3 }));
    world.pass(1_000);
    expect(socket.events()).toEqual([activity({ 1: 5 }), activity({ 1: 8, 2: 3 })]);
  });

  test("channel activity is not sent to subscribers of all its channels", () => {
    const here = world.subscriber("server:1");
    void world.delivery.subscribe("channel:1", here.writer);
    const elsewhere = world.subscriber("server:1");
    const activity = { type: "channel_activity", server_id: 1, channels: { 1: 1 } } as const;
    world.publish("channel:1", message(1));
    world.publish("server:1", activity);
    world.turn();
    expect(here.socket.events()).toEqual([message(1)]);
    expect(elsewhere.socket.events()).toEqual([activity]);

    world.delivery.unsubscribe("channel:1", here.writer);
    const both = { ...activity, channels: { 1: 2, 2: 1 } };
    world.publish("server:1", both);
    world.pass(1_000);
    expect(here.socket.events()).toEqual([message(1), both]);
  });

  test("a thousand users joining a channel cause a bounded number of events", () => {
    const listeners = Array.from({ length: 1_000 }, () => world.subscriber("channel:1"));
    for (let userId = 1; userId <= 1_000; userId += 1) {
      const user = { id: userId, username: "u", display_name: "U", avatar_url: null, avatar_color: "#000000" };
      world.publish("channel:1", { type: "user_joined_channel", user, channel_id: 1, timestamp: 0 });
      if (userId % 100 === 0) world.pass(100);
    }
    world.pass(2_000);
    expect(listeners[0]!.socket.events().length).toBeLessThanOrEqual(60);
    expect(world.stats.eventsSent).toBeLessThan(60_000);
    expect(world.stats.droppedLowPriority).toBeGreaterThan(900);
  });

  test("presence of a thousand users is sent in portions without loss", () => {
    const listeners = Array.from({ length: 500 }, () => world.subscriber("server:1"));
    for (let userId = 1; userId <= 1_000; userId += 1) world.publish("server:1", presence(userId));
    world.turn();
    expect(listeners[0]!.socket.events()).toHaveLength(400);
    world.pass(5_000);
    expect(new Set(listeners[0]!.socket.events().map((event) => "user_id" in event && event.user_id)).size).toBe(1_000);
  });
});
