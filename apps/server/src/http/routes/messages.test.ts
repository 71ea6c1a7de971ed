import type { History, Inbox, ServerState } from "@miscord/protocol";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { RecordingBus } from "../../testing/recording-bus.ts";
import { TestClient } from "../../testing/test-client.ts";
import { startTestServer, type TestServer } from "../../testing/test-server.ts";
import { eventually } from "../../testing/eventually.ts";

let server: TestServer;
let owner: TestClient;
let guest: TestClient;
let home: ServerState;
let channelId: number;
const bus = new RecordingBus();

beforeAll(async () => {
  server = await startTestServer({}, { bus });
  owner = await TestClient.register(server.url, "owner");
  guest = await TestClient.register(server.url, "guest");
});
beforeEach(async () => {
  home = await owner.createServer();
  channelId = home.channels[0]!.id;
  await guest.join(await owner.invite(home.id));
});
afterAll(() => server.cleanup());

async function channelOf(client: TestClient) {
  const state = await client.get<ServerState>(`/api/servers/${home.id}`);
  return state.channels.find((channel) => channel.id === channelId)!;
}

describe("sending a message", () => {
  test("answers with the message, and stores and publishes a repeated nonce once", async () => {
    const first = await owner.send(channelId, "hello", { nonce: "n-1" });
    expect(first).toMatchObject({ content: "hello", seq: 1, updated_seq: 1, nonce: "n-1", channelId });
    const again = await owner.send(channelId, "hello", { nonce: "n-1" });
    expect(again.id).toBe(first.id);
    const body = { content: "other", nonce: "n-1" };
    const other = await owner.request("POST", `/api/channels/${channelId}/messages`, { body });
    expect(other).toMatchObject({ status: 409, code: "nonce_conflict" });
    expect(bus.events(`channel:${channelId}`, "new_message")).toMatchObject([{ seq: 1, data: { content: "hello" } }]);
    expect(bus.events(`server:${home.id}`, "channel_activity")).toMatchObject([{ channels: { [channelId]: 1 } }]);
  });

  test.each([
    ["blank content", { content: "   " }],
    ["content above the length limit", { content: "x".repeat(5_001) }],
    ["too many attachments", { content: "x", attachments: [1, 2, 3, 4] }],
    ["an attachment that does not exist", { content: "x", attachments: [999_999] }],
    ["an attachment id that is a URL", { content: "x", attachments: ["https://elsewhere.example/1"] }],
    ["no content", {}],
  ])("refuses a message with %s", async (_name, body) => {
    const answer = await owner.request("POST", `/api/channels/${channelId}/messages`, { body });
    expect(answer).toMatchObject({ status: 400, code: "invalid_request" });
  });

  test("makes it appear in history, paged in both directions and around a message", async () => {
    const sent = [];
    for (let index = 0; index < 12; index += 1) sent.push(await owner.send(channelId, `m${index}`));
    const page = (query: string) => guest.get<History>(`/api/channels/${channelId}/messages?${query}`);
    const texts = ({ messages }: History) => messages.map((message) => message.content);
    const newest = await page("limit=5");
    expect(texts(newest)).toEqual(["m7", "m8", "m9", "m10", "m11"]);
    expect(newest).toMatchObject({ has_more: true, has_newer: false, seq: 12 });
    expect(texts(await page(`limit=3&before=${sent[7]!.id}`))).toEqual(["m4", "m5", "m6"]);
    expect(texts(await page(`limit=3&after=${sent[7]!.id}`))).toEqual(["m8", "m9", "m10"]);
    expect(texts(await page(`limit=4&around=${sent[5]!.id}`))).toContain("m5");
    expect(texts(await page(`limit=4&around_seq=${sent[5]!.seq}`))).toEqual(["m4", "m5", "m6", "m7"]);
    const two = await guest.request("GET", `/api/channels/${channelId}/messages?around=1&around_seq=2`);
    expect(two).toMatchObject({ status: 400 });
    const negative = await guest.request("GET", `/api/channels/${channelId}/messages?around_seq=-1`);
    expect(negative).toMatchObject({ status: 400 });
    const both = await guest.request("GET", `/api/channels/${channelId}/messages?before=1&after=2`);
    expect(both).toMatchObject({ status: 400 });
    const silly = await guest.request("GET", `/api/channels/${channelId}/messages?limit=1000`);
    expect(silly).toMatchObject({ status: 400, code: "invalid_request" });
  });
});

describe("changing a message", () => {
  test("is allowed to its author, and deleting also to the server's owner", async () => {
    const theirs = await guest.send(channelId, "first");
    const path = `/api/messages/${theirs.id}`;
    expect(await owner.request("PATCH", path, { body: { content: "forged" } })).toMatchObject({ status: 403 });
    const edited = await guest.patch(path, { content: "second" });
    expect(edited).toMatchObject({ content: "second", is_edited: true, updated_seq: 2 });
    const mine = await owner.send(channelId, "owner's");
    expect(await guest.request("DELETE", `/api/messages/${mine.id}`)).toMatchObject({ status: 403 });
    await owner.delete(path);
    const { messages } = await guest.get<History>(`/api/channels/${channelId}/messages`);
    expect(messages.map((message) => message.id)).toEqual([mine.id]);
  });

  test("by a reaction accepts exactly one emoji", async () => {
    const message = await owner.send(channelId, "react");
    const react = (emoji: string) => `/api/messages/${message.id}/reactions/${encodeURIComponent(emoji)}`;
    for (const emoji of ["👍", "❤️", "👩‍👩‍👧", "🇷🇺", "1️⃣"]) await guest.put(react(emoji));
    await guest.put(react("👍"));
    await guest.delete(react("❤️"));
    const { messages } = await owner.get<History>(`/api/channels/${channelId}/messages`);
    expect(messages[0]!.reactions.map(({ emoji, count }) => [emoji, count])).toEqual([
      ["👍", 1],
      ["👩‍👩‍👧", 1],
      ["🇷🇺", 1],
      ["1️⃣", 1],
    ]);
    for (const bad of ["x", "👍👍", "<script>", "%"]) {
      expect(await guest.request("PUT", react(bad))).toMatchObject({ status: 400, code: "invalid_request" });
    }
  });
});

describe("unread counts and mentions", () => {
  test("start at zero for a new member", async () => {
    await owner.send(channelId, "before @everyone");
    const late = await TestClient.register(server.url, `late${home.id}`);
    await late.join(await owner.invite(home.id));
    expect(await channelOf(late)).toMatchObject({ read_seq: 1, last_message_seq: 1, mention_count: 0 });
  });

  test("count mentions, replies and everyone once each, exclude own messages, and fall with reading and deleting", async () => {
    const question = await guest.send(channelId, "@guest talks to himself");
    await owner.send(channelId, "@guest");
    await owner.send(channelId, "an answer to @Guest, @everyone", { reply_to_id: question.id });
    await owner.send(channelId, "`@guest` is only quoted");
    const last = await owner.send(channelId, "@everyone");
    await guest.send(channelId, "@everyone by a guest counts for nobody");
    expect(await channelOf(guest)).toMatchObject({ mention_count: 3, read_seq: 0, last_message_seq: 6 });
    expect(await channelOf(owner)).toMatchObject({ mention_count: 0 });

    await owner.delete(`/api/messages/${last.id}`);
    expect(await channelOf(guest)).toMatchObject({ mention_count: 2 });
    await guest.put(`/api/channels/${channelId}/read`, { seq: 2 });
    expect(await channelOf(guest)).toMatchObject({ mention_count: 1, read_seq: 2 });
    await guest.put(`/api/channels/${channelId}/read`, { seq: 1 });
    expect(await channelOf(guest)).toMatchObject({ read_seq: 2 });
    await guest.put(`/api/channels/${channelId}/read`, { seq: 1_000_000 });
    expect(await channelOf(guest)).toMatchObject({ mention_count: 0, read_seq: 7 });
  });

  test("are sent to all devices of the user, as counted by the store", async () => {
    const topic = `user:${guest.me.id}` as const;
    const told = () =>
      bus
        .events(topic, "read_updated")
        .filter((event) => event.channel_id === channelId)
        .map(({ seq, mentions }) => [seq, mentions]);
    const first = await owner.send(channelId, "@guest");
    await eventually(() => expect(told()).toEqual([[0, 1]]));
    const all = await owner.send(channelId, "@everyone");
    await eventually(() => expect(told().at(-1)).toEqual([0, 2]));
    await owner.patch(`/api/messages/${all.id}`, { content: "some" });
    await eventually(() => expect(told().at(-1)).toEqual([0, 1]));
    await owner.patch(`/api/messages/${all.id}`, { content: "@everyone again" });
    await eventually(() => expect(told().at(-1)).toEqual([0, 2]));
    await owner.delete(`/api/messages/${all.id}`);
    await eventually(() => expect(told().at(-1)).toEqual([0, 1]));
    await owner.patch(`/api/messages/${first.id}`, { content: "nobody" });
    await eventually(() => expect(told().at(-1)).toEqual([0, 0]));
    await guest.put(`/api/channels/${channelId}/read`, { seq: 3 });
    expect(told().at(-1)).toEqual([3, 0]);
  });
});

describe("what a text hides", () => {
  test("an address, an open fence, a spoiler or an escape mentions nobody, even from the owner", async () => {
    const hidden = ["https://h.example/@NAME", "```\n@NAME", "||a\n\n@NAME||", "\\@NAME", "[@NAME](https://h.example)"];
    for (const content of hidden.flatMap((text) => [text.replace("NAME", "guest"), text.replace("NAME", "everyone")])) {
      expect(await owner.send(channelId, content)).toMatchObject({ mentions: [], mentions_everyone: false });
    }
    expect(await channelOf(guest)).toMatchObject({ mention_count: 0 });
  });

  test("a spoiler is covered in the excerpt and in the preview of a reply", async () => {
    const question = await owner.send(channelId, `@guest ||тайна\n\n> тайна|| ${"||тайна|| ".repeat(40)}`);
    const inbox = await guest.get<Inbox>("/api/notifications");
    expect(inbox.notifications[0]?.excerpt).toMatch(/^@guest ▒▒▒▒ ▒▒▒▒/);
    const reply = await guest.send(channelId, "?", { reply_to_id: question.id });
    for (const text of [inbox.notifications[0]?.excerpt, reply.reply_to?.content]) {
      expect(text).not.toContain("тайна");
      expect(text?.length).toBeLessThanOrEqual(200);
    }
    await guest.post("/api/notifications/read", { ids: null });
  });

  test.each(["\u200B", "\u3164", " \n\u2800", "\u202E"])(
    "a message of nothing visible is refused: %j",
    async (content) => {
      const body = { content };
      expect(await owner.request("POST", `/api/channels/${channelId}/messages`, { body })).toMatchObject({
        status: 400,
      });
      const { id } = await owner.send(channelId, "visible");
      expect(await owner.request("PATCH", `/api/messages/${id}`, { body })).toMatchObject({ status: 400 });
    },
  );
});

describe("the notification inbox", () => {
  test("holds mentions and replies, marked read singly, all at once, or by reading the channel", async () => {
    await guest.post("/api/notifications/read", { ids: null });
    const question = await guest.send(channelId, "?");
    const before = await guest.get<Inbox>("/api/notifications");
    await owner.send(channelId, "@guest one");
    await owner.send(channelId, "two", { reply_to_id: question.id });
    const three = await owner.send(channelId, "@guest three");
    const inbox = await guest.get<Inbox>("/api/notifications");
    expect(inbox.unread).toBe(before.unread + 3);
    expect(inbox.notifications.slice(0, 3)).toMatchObject([
      { kind: "mention", excerpt: "@guest three", channel_id: channelId, server_name: "Home", is_read: false },
      { kind: "reply", excerpt: "two", actor: { username: "owner" } },
      { kind: "mention", excerpt: "@guest one" },
    ]);
    await guest.post("/api/notifications/read", { ids: [inbox.notifications[2]!.id] });
    expect(await guest.get<Inbox>("/api/notifications")).toMatchObject({ unread: before.unread + 2 });
    await guest.put(`/api/channels/${channelId}/read`, { seq: three.seq });
    expect(await guest.get<Inbox>("/api/notifications")).toMatchObject({ unread: before.unread });
    await guest.post("/api/notifications/read", { ids: null });
    expect(await guest.get<Inbox>("/api/notifications")).toMatchObject({ unread: 0 });
    await owner.send(channelId, "@guest four");
    await guest.post("/api/notifications/read", { ids: null });
    const { notifications } = await guest.get<Inbox>("/api/notifications");
    const told = bus.events(`user:${guest.me.id}`, "notifications_read").map(({ ids }) => ids);
    expect(told.slice(-3)).toMatchObject([{ length: 1 }, { length: 2 }, [notifications[0]!.id]]);
  });

  test("a message to @everyone is in each member's inbox but the author's, sent as an event, and goes with it", async () => {
    const before = (await guest.get<Inbox>("/api/notifications")).unread;
    const sentTo = (userId: number) => bus.events(`user:${userId}`, "notification").map(({ data }) => data.excerpt);
    const message = await owner.send(channelId, "@everyone the raid starts");
    await eventually(() => expect(sentTo(guest.me.id)).toContain("@everyone the raid starts"));
    expect(sentTo(owner.me.id)).not.toContain("@everyone the raid starts");
    const inbox = await guest.get<Inbox>("/api/notifications");
    expect(inbox.unread).toBe(before + 1);
    expect(inbox.notifications[0]).toMatchObject({ kind: "everyone", channel_id: channelId, message_id: message.id });
    await guest.put(`/api/channels/${channelId}/read`, { seq: message.seq });
    expect((await guest.get<Inbox>("/api/notifications")).notifications[0]).toMatchObject({ is_read: true });
    await owner.delete(`/api/messages/${message.id}`);
    expect((await guest.get<Inbox>("/api/notifications")).notifications).not.toContainEqual(
      expect.objectContaining({ message_id: message.id }),
    );
  });

  test("cannot be marked read by another user", async () => {
    await owner.send(channelId, "@guest");
    const { notifications, unread } = await guest.get<Inbox>("/api/notifications");
    await owner.post("/api/notifications/read", { ids: [notifications[0]!.id] });
    expect(await guest.get<Inbox>("/api/notifications")).toMatchObject({ unread });
  });

  test("keeps no notification of a server that the user has left", async () => {
    await owner.send(channelId, "@guest secret");
    await owner.delete(`/api/servers/${home.id}/members/${guest.me.id}`);
    const inbox = await guest.get<Inbox>("/api/notifications");
    expect(JSON.stringify(inbox)).not.toContain("secret");
  });
});
