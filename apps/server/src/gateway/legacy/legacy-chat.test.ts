import type { Message, ServerState } from "@miscord/protocol";
import { legacyChatEvent } from "@miscord/protocol/schemas";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { TestClient } from "../../testing/test-client.ts";
import { startTestServer, type TestServer } from "../../testing/test-server.ts";
import { TestSocket } from "../../testing/test-socket.ts";
import { OldClient, type OldFrame } from "./testing/old-client.ts";

describe("a version 1 chat beside a client of /ws/main", () => {
  let server: TestServer;
  let ann: TestClient;
  let bob: TestClient;
  let oldToken: string;
  let home: ServerState;
  let channelId: number;
  let old: OldClient;
  let enhanced: TestSocket;

  beforeAll(async () => {
    server = await startTestServer();
    [ann, bob] = [await TestClient.register(server.url, "ann"), await TestClient.register(server.url, "bob")];
    home = await ann.createServer();
    await bob.join(await ann.invite(home.id));
    channelId = home.channels.find(({ type }) => type === "text")!.id;
    oldToken = await logInAsOldClient("ann");
  });
  afterAll(() => server.cleanup());

  beforeEach(async () => {
    old = await OldClient.connect(server.url, `/ws/legacy/chat/${channelId}`, oldToken);
    enhanced = new TestSocket(`${server.url.replace("http", "ws")}/ws/main?token=${bob.token}`);
    await enhanced.next("connection_established");
    await enhanced.join(channelId);
    return async () => {
      // Every event must be valid in the version 1 schema.
      for (const frame of old.frames) legacyChatEvent.parse(frame);
      await Promise.all([old.close(), enhanced.close()]);
    };
  });

  /** Logs in as version 1 does: with a form, for one token that is valid for a week. */
  async function logInAsOldClient(username: string): Promise<string> {
    const body = new URLSearchParams({ username, password: "correct horse battery" });
    const response = await fetch(`${server.url}/api/auth/login`, { method: "POST", body });
    const { access_token, expires_in } = (await response.json()) as { access_token: string; expires_in: number };
    expect(expires_in).toBeGreaterThan(7 * 24 * 3_600 - 60);
    return access_token;
  }

  const sent = (content: string) => old.next("new_message", ({ data }) => data.content === content);

  async function oldSays(content: string, extra: object = {}): Promise<Message> {
    old.send({ type: "message", text_channel_id: channelId, content, attachments: [], ...extra });
    return (await sent(content))["data"] as Message;
  }

  test("delivers messages of either client to both, each in its own format", async () => {
    const mine = await oldSays("hello from 2024");
    expect(mine).toMatchObject({
      channelId,
      content: "hello from 2024",
      author: { id: ann.me.id, username: "ann", avatar_url: null },
      attachments: [],
      reactions: [],
      reply_to: null,
      is_edited: false,
      is_deleted: false,
    });
    expect(mine).not.toHaveProperty("author.email");
    const there = await enhanced.next("new_message", ({ data }) => data.id === mine.id);
    expect(there).toMatchObject({ channel_id: channelId, data: { content: "hello from 2024", author: mine.author } });

    enhanced.send({ type: "chat_message", channel_id: channelId, content: "hello from today", reply_to_id: mine.id });
    const answer = await sent("hello from today");
    expect(answer["data"]).toMatchObject({
      author: { id: bob.me.id },
      reply_to: { id: mine.id, content: "hello from 2024", author: { id: ann.me.id } },
    });
    expect(new Date(answer["data"].timestamp as string).toISOString()).toBe(answer["data"].timestamp);
  });

  test("accepts replies and attachments by URL", async () => {
    const { body: upload } = await ann.upload("a picture", "cat.txt", "text/plain");
    const first = await oldSays("look");
    const second = await oldSays("here", { attachments: [upload.file_url], reply_to_id: first.id });
    expect(second.attachments).toMatchObject([{ id: upload.id, filename: "cat.txt" }]);
    expect(second.attachments[0]!.file_url.split("?")[0]).toBe(upload.file_url);
    expect(second.reply_to).toMatchObject({ id: first.id });
    expect((await enhanced.next("new_message", ({ data }) => data.id === second.id)).data.attachments).toHaveLength(1);
  });

  test("delivers edits and deletions of either client to both", async () => {
    const mine = await oldSays("first version");
    await ann.patch(`/api/messages/${mine.id}`, { content: "second version" });
    const edited = await old.next("message_edited", ({ data }) => data.id === mine.id);
    expect(edited["data"]).toMatchObject({ content: "second version", is_edited: true, reactions: [] });
    await enhanced.next("message_edited", ({ data }) => data.id === mine.id);
    await ann.delete(`/api/messages/${mine.id}`);
    const deleted = await old.next("message_deleted", ({ data }) => data.message_id === mine.id);
    expect(deleted["data"]).toEqual({ message_id: mine.id, text_channel_id: channelId });
    await enhanced.next("message_deleted", ({ data }) => data.message_id === mine.id);

    enhanced.send({ type: "chat_message", channel_id: channelId, content: "theirs", nonce: "theirs" });
    const { id } = await enhanced.next("message_ack", ({ nonce }) => nonce === "theirs");
    enhanced.send({ type: "message_edit", message_id: id, content: "theirs, mended" });
    await old.next("message_edited", ({ data }) => data.id === id && data.content === "theirs, mended");
    enhanced.send({ type: "message_delete", message_id: id });
    await old.next("message_deleted", ({ data }) => data.message_id === id);
  });

  test("sends reactions with the users and whether the reader reacted", async () => {
    const beside = await OldClient.connect(server.url, `/ws/legacy/chat/${channelId}`, await logInAsOldClient("bob"));
    const { id } = await oldSays("rate me");
    const heart = encodeURIComponent("❤️");
    const update = (client: OldClient, count: number, removed: boolean) =>
      client.next("reaction_updated", ({ data }) => {
        return data.message_id === id && data.reaction.count === count && data.was_removed === removed;
      });

    await ann.put(`/api/messages/${id}/reactions/${heart}`);
    const [own, seen] = [await update(old, 1, false), await update(beside, 1, false)];
    expect(own["data"]).toEqual({
      message_id: id,
      text_channel_id: channelId,
      emoji: "❤️",
      reaction: {
        id: expect.any(Number) as number,
        emoji: "❤️",
        count: 1,
        users: [{ id: ann.me.id, username: "ann", display_name: ann.me.display_name, avatar_url: null }],
        current_user_reacted: true,
      },
      was_removed: false,
      user: { id: ann.me.id, username: "ann", display_name: ann.me.display_name, avatar_url: null },
    });
    expect(seen["data"].reaction).toEqual({ ...(own["data"].reaction as object), current_user_reacted: false });

    enhanced.send({ type: "reaction_add", message_id: id, emoji: "❤️" });
    const both = await update(beside, 2, false);
    expect(both["data"].reaction.users.map(({ username }: { username: string }) => username)).toEqual(["ann", "bob"]);
    expect(both["data"].reaction).toMatchObject({ current_user_reacted: true, id: own["data"].reaction.id as number });

    await ann.patch(`/api/messages/${id}`, { content: "rate me, please" });
    const reactionsOf = async (client: OldClient) =>
      (await client.next("message_edited", ({ data }) => data.id === id))["data"].reactions as OldFrame[];
    expect(await reactionsOf(old)).toEqual([{ ...(both["data"].reaction as object), current_user_reacted: true }]);

    await ann.delete(`/api/messages/${id}/reactions/${heart}`);
    expect((await update(old, 1, true))["data"].reaction.current_user_reacted).toBe(false);
    enhanced.send({ type: "reaction_remove", message_id: id, emoji: "❤️" });
    expect((await update(old, 0, true))["data"].reaction).toEqual({
      id: own["data"].reaction.id as number,
      emoji: "❤️",
      count: 0,
      users: [],
      current_user_reacted: false,
    });
    await beside.close();
  });

  test("includes users who reacted before a version 1 client connected, and users who have left", async () => {
    await old.close();
    const gone = await TestClient.register(server.url, "gone");
    await gone.join(await ann.invite(home.id));
    const { id } = await ann.send(channelId, "long ago");
    await gone.put(`/api/messages/${id}/reactions/${encodeURIComponent("👍")}`);
    await gone.post(`/api/servers/${home.id}/leave`);
    old = await OldClient.connect(server.url, `/ws/legacy/chat/${channelId}`, oldToken);
    await old.joined();
    await ann.patch(`/api/messages/${id}`, { content: "long ago, mended" });
    const [reaction] = (await old.next("message_edited", ({ data }) => data.id === id))["data"].reactions as OldFrame[];
    expect(reaction).toMatchObject({ count: 1, users: [{ id: gone.me.id, username: "gone" }] });
  });

  test("delivers typing in both directions", async () => {
    old.send({ type: "typing", text_channel_id: channelId });
    expect(await enhanced.next("typing")).toMatchObject({ user: { id: ann.me.id, username: "ann" } });
    enhanced.send({ type: "typing", channel_id: channelId });
    const typing = await old.next("typing", ({ user }) => user.id === bob.me.id);
    expect(typing).toEqual({ type: "typing", user: { id: bob.me.id, username: "bob" }, text_channel_id: channelId });
  });

  test("answers a heartbeat with heartbeat_ack only", async () => {
    old.send({ type: "heartbeat" });
    expect(await old.next("heartbeat_ack")).toMatchObject({ timestamp: expect.any(Number) as number });
    await oldSays("after the heartbeat");
    expect(old.all("pong")).toEqual([]);
  });

  test("stores a repeated nonce once and answers its author both times", async () => {
    const first = await oldSays("once", { nonce: "n-1" });
    expect(first.nonce).toBe("n-1");
    old.send({ type: "message", text_channel_id: channelId, content: "once", nonce: "n-1" });
    await expect.poll(() => old.all("new_message").filter(({ data }) => data.id === first.id)).toHaveLength(2);
    old.send({ type: "message", text_channel_id: channelId, content: "something else", nonce: "n-1" });
    expect(await old.next("error")).toMatchObject({ code: "nonce_conflict", nonce: "n-1" });
    enhanced.send({ type: "chat_message", channel_id: channelId, content: "mark" });
    await enhanced.next("new_message", ({ data }) => data.content === "mark");
    expect(enhanced.all("new_message").filter(({ data }) => data.content === "once")).toHaveLength(1);
  });

  test("receives many messages as single frames, in order", async () => {
    for (let i = 0; i < 200; i += 1) {
      enhanced.send({ type: "chat_message", channel_id: channelId, content: `flood ${i}` });
    }
    await sent("flood 199");
    const flood = old.all("new_message").filter(({ data }) => (data.content as string).startsWith("flood"));
    expect(flood.map(({ data }) => data.content as string)).toEqual(
      Array.from({ length: 200 }, (_, i) => `flood ${i}`),
    );
  });

  test("refuses commands that version 1 does not have, and stays open", async () => {
    const refused = async (frame: object | string, code: string, ref?: string) => {
      old.send(frame);
      expect(await old.next("error", (error) => error["ref"] === ref)).toMatchObject({ code });
    };
    await refused(
      { type: "message", text_channel_id: channelId, content: "x".repeat(5_001), ref: "1" },
      "invalid_request",
      "1",
    );
    await refused({ type: "message", text_channel_id: channelId, content: "  ", ref: "2" }, "invalid_request", "2");
    await refused({ type: "message", text_channel_id: channelId + 1, content: "x", ref: "3" }, "invalid_request", "3");
    await refused({ type: "typing", text_channel_id: channelId + 1, ref: "4" }, "invalid_request", "4");
    await refused({ type: "message", content: "nowhere", ref: "5" }, "invalid_request", "5");
    await refused({ type: "chat_message", channel_id: channelId, content: "new words", ref: "6" }, "unknown_type", "6");
    await refused({ type: "join_channel", channel_id: channelId, ref: "7" }, "unknown_type", "7");
    const ids = Array.from({ length: 11 }, (_, index) => index + 1);
    const eleven = { type: "message", text_channel_id: channelId, content: "", attachments: ids, ref: "8" };
    await refused(eleven, "invalid_request", "8");
    await refused("no JSON", "malformed");
    await oldSays("still here");
  });
});
