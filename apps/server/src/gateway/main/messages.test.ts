import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { RealtimeWorld, type TestPerson } from "../../testing/realtime-world.ts";
import type { TestSocket } from "../../testing/test-socket.ts";

describe("commands of /ws/main", () => {
  let world: RealtimeWorld;
  let ann: TestPerson;
  let bob: TestPerson;
  let stranger: TestPerson;
  let channelId: number;
  let a: TestSocket;
  let b: TestSocket;

  beforeAll(async () => {
    world = await RealtimeWorld.open();
    ann = await world.person("ann");
    bob = await world.person("bob");
    stranger = await world.person("stranger");
    ({ channelId } = await world.server(ann, bob));
    [a, b] = await Promise.all([world.connect(ann), world.connect(bob)]);
    await Promise.all([a.join(channelId), b.join(channelId)]);
  });
  afterAll(() => world.close());

  function say(socket: TestSocket, content: string, nonce?: string): void {
    socket.send({ type: "chat_message", channel_id: channelId, content, ...(nonce && { nonce }) });
  }

  test("connection_established carries the user, the heartbeat interval and the epoch", () => {
    expect(a.events.slice(0, 2)).toMatchObject([
      {
        type: "connection_established",
        user_id: ann.id,
        session_id: ann.sessionId,
        heartbeat_interval_ms: 15_000,
        epoch: world.store.epoch,
        server_info: { version: "test" },
      },
      { type: "pong" },
    ]);
  });

  test("chat_message reaches both members, and its ack only the author", async () => {
    say(a, "hello", "n1");
    const ack = await a.next("message_ack");
    const message = await b.next("new_message");
    expect(message).toMatchObject({ channel_id: channelId, seq: ack.seq, data: { content: "hello", nonce: "n1" } });
    expect(await a.next("new_message")).toEqual(message);
    await b.roundTrip();
    expect(b.all("message_ack")).toEqual([]);
  });

  test("commands count for their account, and deliveries for their channel", async () => {
    const { stats } = world;
    await b.roundTrip();
    stats.accounts.take(1);
    stats.delivery.channels.take(1);
    const before = b.all("new_message").length;
    for (let index = 0; index < 20; index += 1) say(a, `much ${index}`, `much ${index}`);
    await b.count("new_message", before + 20);
    await a.count("message_ack", a.all("message_ack").length);
    expect(stats.accounts.take(1)).toEqual({ total: 20, top: [{ key: ann.id, count: 20 }] });
    const { top } = stats.delivery.channels.take(1);
    expect(top).toMatchObject([{ key: channelId }]);
    expect(top[0]!.count).toBeGreaterThanOrEqual(40);
  });

  test("messages of one connection get positions in the order of their frames", async () => {
    const before = b.all("new_message").length;
    // Who is online is looked up before the message is stored.
    const texts = Array.from({ length: 50 }, (_, i) => `${i % 7 === 0 ? "@here" : "text"} ${i}`);
    for (const text of texts) say(a, text, `order ${text}`);
    await b.count("new_message", before + 50);
    const arrived = b.all("new_message").slice(before);
    expect(arrived.map(({ data }) => data.content)).toEqual(texts);
    expect(arrived.map(({ seq }, i) => seq - i)).toEqual(Array(50).fill(arrived[0]!.seq));
  });

  test("a repeated nonce is answered with the first message, and refused for a different one", async () => {
    say(a, "once", "same");
    const first = await a.next("message_ack", ({ nonce }) => nonce === "same");
    say(a, "once", "same");
    await a.count("message_ack", a.all("message_ack").length + 1);
    expect(a.all("message_ack").at(-1)).toEqual(first);
    say(a, "other", "same");
    expect(await a.next("error", ({ code }) => code === "nonce_conflict")).toMatchObject({ nonce: "same" });
    await b.roundTrip();
    expect(b.all("new_message").filter(({ data }) => data.nonce === "same")).toHaveLength(1);
  });

  test("a message without a nonce gets no ack", async () => {
    const acks = a.all("message_ack").length;
    say(a, "silent");
    await b.next("new_message", ({ data }) => data.content === "silent");
    await a.roundTrip();
    expect(a.all("message_ack")).toHaveLength(acks);
  });

  test("edits, reactions and deletions each take the channel's next position", async () => {
    say(a, "first wording", "edit me");
    const { id, seq } = await a.next("message_ack", ({ nonce }) => nonce === "edit me");
    a.send({ type: "message_edit", message_id: id, content: "second wording" });
    b.send({ type: "reaction_add", message_id: id, emoji: "👍" });
    const edited = await b.next("message_edited");
    const added = await a.next("reaction_updated");
    b.send({ type: "reaction_remove", message_id: id, emoji: "👍" });
    const removed = await a.next("reaction_updated", ({ data }) => data.was_removed);
    a.send({ type: "message_delete", message_id: id });
    const deleted = await b.next("message_deleted");
    expect(edited.data).toMatchObject({ content: "second wording", is_edited: true });
    expect(added.data.reaction).toEqual({ emoji: "👍", count: 1, user_ids: [bob.id] });
    expect(removed.data.reaction.count).toBe(0);
    expect(new Set([edited.seq, added.seq])).toEqual(new Set([seq + 1, seq + 2]));
    expect([removed.seq, deleted.seq]).toEqual([seq + 3, seq + 4]);
  });

  test("typing is published with its user and channel", async () => {
    a.send({ type: "typing", channel_id: channelId });
    await a.roundTrip();
    world.clock.advance(100);
    expect(await b.next("typing")).toMatchObject({ user: { id: ann.id, username: ann.name }, channel_id: channelId });
  });

  test("a heartbeat is answered with the client's timestamp, and a pong", async () => {
    const pongs = a.all("pong").length;
    a.send({ type: "heartbeat", timestamp: 123.5 });
    expect(await a.next("heartbeat_ack")).toMatchObject({ client_timestamp: 123.5 });
    await a.count("pong", pongs + 1);
  });

  test("mark_read raises the read position on all devices of the user", async () => {
    const other = await world.connect(bob);
    say(a, "read me", "read me");
    const { seq } = await a.next("message_ack", ({ nonce }) => nonce === "read me");
    b.send({ type: "mark_read", channel_id: channelId, seq });
    expect(await other.next("read_updated")).toMatchObject({ channel_id: channelId, seq, mentions: 0 });
    await other.close();
  });

  test("set_status is announced to members", async () => {
    const before = a.all("user_status_changed").length;
    world.clock.advance(2_000);
    b.send({ type: "set_status", status: "dnd" });
    await expect
      .poll(async () => {
        world.clock.advance(1_000);
        await a.roundTrip();
        return a.all("user_status_changed").slice(before).at(-1);
      })
      .toMatchObject({ user_id: bob.id, status: "dnd" });
  });

  test("joining and leaving a channel is announced, resuming is not", async () => {
    const other = await world.connect(bob);
    await other.join(channelId, 0);
    await a.roundTrip();
    expect(a.all("user_left_channel")).toEqual([]);
    const joined = a.all("user_joined_channel").length;
    b.send({ type: "leave_channel", channel_id: channelId });
    await b.roundTrip();
    world.clock.advance(1_000);
    await a.next("user_left_channel");
    await b.join(channelId);
    world.clock.advance(1_000);
    await a.count("user_joined_channel", joined + 1);
    expect(a.all("user_joined_channel").at(-1)).toMatchObject({ user: { id: bob.id }, channel_id: channelId });
    await other.close();
  });

  test("resuming a channel replays missed messages once, then live ones", async () => {
    const { seq } = await b.join(channelId);
    const back = await world.connect(bob);
    say(a, "missed 1", "m1");
    await a.next("message_ack", ({ nonce }) => nonce === "m1");
    const synced = await back.join(channelId, seq);
    expect(synced).toMatchObject({ seq: seq + 1, recovered: true });
    say(a, "live", "m2");
    await back.next("new_message", ({ data }) => data.content === "live");
    expect(back.all("new_message").map(({ data }) => data.content)).toEqual(["missed 1", "live"]);
    await back.close();
  });

  test("a resumed session counts as one reconnection", async () => {
    const { seq } = await b.join(channelId);
    const before = world.stats.reconnections;
    await b.join(channelId, seq);
    expect(world.stats.reconnections).toBe(before);
    const back = await world.connect(bob);
    await back.join(channelId, seq);
    await back.join(channelId, seq);
    expect(world.stats.reconnections).toBe(before + 1);
    await back.close();
  });

  test("a position of another epoch is answered without a replay", async () => {
    const back = await world.connect(bob);
    expect(await back.join(channelId, 1_000_000)).toMatchObject({ recovered: false });
    back.send({ type: "join_channel", channel_id: channelId, after_seq: 1, epoch: "another" });
    await back.count("channel_synced", 2);
    expect(back.all("channel_synced")[1]).toMatchObject({ recovered: false });
    await back.close();
  });

  describe("that are refused:", () => {
    test.each([
      ["a channel that is not there", { type: "join_channel", channel_id: 999_999 }, "not_found"],
      ["an unknown type", { type: "nonsense" }, "unknown_type"],
      ["a missing field", { type: "chat_message", content: "x" }, "invalid_request"],
      ["a field of the wrong kind", { type: "join_channel", channel_id: "1" }, "invalid_request"],
      ["a number beyond the safe ones", { type: "join_channel", channel_id: 2 ** 53 }, "invalid_request"],
      ["too long a text", { type: "chat_message", channel_id: 1, content: "x".repeat(5_001) }, "invalid_request"],
      ["something that is no emoji", { type: "reaction_add", message_id: 1, emoji: "hello" }, "invalid_request"],
      ["no type at all", {}, "unknown_type"],
    ])("%s is answered with an error and its ref", async (_reason, frame, code) => {
      const socket = await world.connect(ann);
      socket.send({ ...frame, ref: "r1" });
      expect(await socket.next("error")).toMatchObject({ code, ref: "r1" });
      await socket.roundTrip();
      await socket.close();
    });

    test("a non-member gets not_found, as for a channel that does not exist", async () => {
      const socket = await world.connect(stranger);
      for (const type of ["join_channel", "typing"]) socket.send({ type, channel_id: channelId, ref: type });
      socket.send({ type: "chat_message", channel_id: channelId, content: "let me in", nonce: "s1" });
      await socket.count("error", 3);
      expect(socket.all("error").map(({ code }) => code)).toEqual(["not_found", "not_found", "not_found"]);
      await socket.close();
    });
  });
});
