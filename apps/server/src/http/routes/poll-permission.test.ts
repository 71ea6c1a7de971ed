import type { BotWithToken, Credentials, Message, ServerState, WebhookWithToken } from "@miscord/protocol";
import { bitsOf } from "@miscord/rights";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { OldClient } from "../../gateway/legacy/testing/old-client.ts";
import { ManualClock } from "../../testing/manual-clock.ts";
import { RecordingBus } from "../../testing/recording-bus.ts";
import { TestClient } from "../../testing/test-client.ts";
import { TestSocket } from "../../testing/test-socket.ts";
import { startTestServer, type TestServer } from "../../testing/test-server.ts";

const clock = new ManualClock();
const bus = new RecordingBus();
const poll = { answers: ["soup", "salad"] };
const body = { content: "Lunch?", poll };
const forbidden = { status: 403, code: "forbidden" };
let server: TestServer;
let owner: TestClient;
let guest: TestClient;
let home: ServerState;
let channelId: number;

beforeAll(async () => {
  server = await startTestServer({}, { clock, bus });
  owner = await TestClient.register(server.url, "owner");
  guest = await TestClient.register(server.url, "guest");
});
beforeEach(async () => {
  await Promise.all([owner.refresh(), guest.refresh()]);
  home = await owner.createServer();
  channelId = home.channels[0]!.id;
  await guest.join(await owner.invite(home.id));
});
afterAll(() => server.cleanup());

const forbidPolls = () =>
  owner.put(`/api/channels/${channelId}/overrides/${home.everyone_role_id}`, {
    type: "role",
    allow: 0,
    deny: bitsOf("sendPolls"),
  });
const messages = async () => (await owner.get<{ messages: Message[] }>(`/api/channels/${channelId}/messages`)).messages;

test("members of a new server may send polls; without the permission they may only write, over HTTP, the socket and version 1's", async () => {
  const path = `/api/channels/${channelId}/messages`;
  expect(await guest.request("POST", path, { body })).toMatchObject({ status: 201 });
  await forbidPolls();
  expect(await guest.request("POST", path, { body })).toMatchObject(forbidden);
  expect(await guest.request("POST", path, { body: { content: "plain" } })).toMatchObject({ status: 201 });
  expect(await owner.request("POST", path, { body })).toMatchObject({ status: 201 });
  const socket = new TestSocket(`${server.url.replace("http", "ws")}/ws/main?token=${guest.token}`);
  const old = await OldClient.connect(server.url, `/ws/legacy/chat/${channelId}`, guest.token!);
  await socket.next("connection_established");
  socket.send({ type: "chat_message", channel_id: channelId, nonce: "n1", ...body });
  expect(await socket.next("error")).toMatchObject({ code: "forbidden" });
  old.send({ type: "message", text_channel_id: channelId, ...body });
  await old.next("error");
  expect((await messages()).filter(({ poll: asked }) => asked)).toHaveLength(2);
  socket.ws.terminate();
  await old.close();
});

test("a poll in a thread needs the permission in its channel", async () => {
  const { id } = await guest.post<{ id: number }>(`/api/channels/${channelId}/threads`, { name: "aside" });
  const path = `/api/channels/${id}/messages`;
  expect(await guest.request("POST", path, { body })).toMatchObject({ status: 201 });
  await forbidPolls();
  expect(await guest.request("POST", path, { body })).toMatchObject(forbidden);
});

test("a poll is not scheduled without the permission, and not sent when it is lost until then", async () => {
  const path = `/api/channels/${channelId}/scheduled`;
  const later = { ...body, send_at: new Date(clock.now() + 60_000).toISOString() };
  expect(await guest.request("POST", path, { body: later })).toMatchObject({ status: 201 });
  await forbidPolls();
  expect(await guest.request("POST", path, { body: later })).toMatchObject(forbidden);
  expect(await guest.request("POST", path, { body: { ...later, poll: undefined } })).toMatchObject({ status: 201 });
  clock.advance(61_000);
  await expect
    .poll(async () => (await guest.get<{ messages: { refused: string | null }[] }>("/api/me/scheduled")).messages)
    .toMatchObject([{ refused: "forbidden" }]);
  expect((await messages()).map(({ content, poll: asked }) => [content, asked === undefined])).toEqual([
    ["Lunch?", true],
  ]);
});

test("webhooks and bots send polls while the person behind them may", async () => {
  const fields = { name: "makers", permissions: bitsOf("manageWebhooks", "manageGuild") };
  const makers = await owner.post<{ id: number }>(`/api/servers/${home.id}/roles`, fields);
  await owner.put(`/api/servers/${home.id}/members/${guest.me.id}/roles/${makers.id}`);
  const hook = await guest.post<WebhookWithToken>(`/api/channels/${channelId}/webhooks`, { name: "Polls" });
  const question = {
    question: { text: "Lunch?" },
    answers: [{ poll_media: { text: "a" } }, { poll_media: { text: "b" } }],
  };
  const execute = () =>
    new TestClient(server.url).request("POST", `/api/webhooks/${hook.id}/${hook.token}`, { body: { poll: question } });
  const made = await guest.post<BotWithToken>("/api/bots", { username: `pollster${home.id}` });
  await guest.put(`/api/servers/${home.id}/bots/${made.id}`);
  const bot = new TestClient(server.url);
  bot.token = (await bot.post<Credentials>("/api/auth/bot", { token: made.token })).access_token;
  const ask = () => bot.request("POST", `/api/channels/${channelId}/messages`, { body });
  expect(await execute()).toMatchObject({ status: 204 });
  expect(await ask()).toMatchObject({ status: 201 });
  await forbidPolls();
  expect(await execute()).toMatchObject({ status: 403 });
  expect(await ask()).toMatchObject(forbidden);
});
