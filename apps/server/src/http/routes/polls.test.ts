import type { Message, OwnVote, ServerState, Voters } from "@miscord/protocol";
import { afterAll, beforeAll, expect, test } from "vitest";
import { TestClient } from "../../testing/test-client.ts";
import { TestSocket } from "../../testing/test-socket.ts";
import { startTestServer, type TestServer } from "../../testing/test-server.ts";

let server: TestServer;
let owner: TestClient;
let guest: TestClient;
let stranger: TestClient;
let home: ServerState;
let channelId: number;

beforeAll(async () => {
  server = await startTestServer();
  [owner, guest, stranger] = (await Promise.all(
    ["owner", "guest", "stranger"].map((name) => TestClient.register(server.url, name)),
  )) as [TestClient, TestClient, TestClient];
  home = await owner.createServer();
  channelId = home.channels[0]!.id;
  await guest.join(await owner.invite(home.id));
});
afterAll(() => server.cleanup());

const ask = (poll: Record<string, unknown> = {}) =>
  owner.send(channelId, "Lunch?", { poll: { answers: ["soup", "salad"], ...poll } });
const dial = (client: TestClient, path: string) =>
  new TestSocket(`${server.url.replace("http", "ws")}${path}?token=${client.token}`);

test("a member votes, changes the vote and takes it back; all of their connections hear of it", async () => {
  const { id } = await ask({ multiple: true });
  const socket = dial(guest, "/ws/main");
  await socket.next("connection_established");
  await guest.put(`/api/messages/${id}/vote`, { answers: [1, 0] });
  expect(await socket.next("poll_voted")).toMatchObject({ message_id: id, answers: [0, 1] });
  socket.send({ type: "poll_vote", message_id: id, answers: [1] });
  await socket.next("poll_voted", ({ answers }) => answers.join() === "1");
  expect(await guest.get<OwnVote>(`/api/messages/${id}/vote`)).toMatchObject({ answers: [1] });
  const { users } = await owner.get<Voters>(`/api/messages/${id}/voters?answer=1`);
  expect(users.map(({ username }) => username)).toEqual(["guest"]);
  await guest.put(`/api/messages/${id}/vote`, { answers: [] });
  expect(await owner.get<Voters>(`/api/messages/${id}/voters?answer=1`)).toEqual({ users: [], has_more: false });
  socket.ws.terminate();
});

test("who voted in an anonymous poll is told to nobody, and the votes count", async () => {
  const { id } = await ask({ anonymous: true });
  await guest.put(`/api/messages/${id}/vote`, { answers: [0] });
  const asked = await owner.request("GET", `/api/messages/${id}/voters?answer=0`);
  expect(asked).toMatchObject({ status: 403, code: "forbidden" });
  const history = await owner.get<{ messages: Message[] }>(`/api/channels/${channelId}/messages?limit=1`);
  expect(history.messages[0]!.poll).toMatchObject({ voters: 1, anonymous: true });
  expect(JSON.stringify(history)).not.toContain("guest");
});

test("its author and moderators end a poll early; afterwards nobody votes", async () => {
  const { id } = await ask();
  expect(await guest.request("POST", `/api/messages/${id}/poll/close`)).toMatchObject({ status: 403 });
  await owner.request("POST", `/api/messages/${id}/poll/close`);
  const late = await guest.request("PUT", `/api/messages/${id}/vote`, { body: { answers: [0] } });
  expect(late).toMatchObject({ status: 409, code: "conflict" });
});

test("outsiders learn nothing of a poll", async () => {
  const { id } = await ask();
  const nothing = { status: 404, code: "not_found" };
  const path = `/api/messages/${id}`;
  expect(await stranger.request("GET", `${path}/vote`)).toMatchObject(nothing);
  expect(await stranger.request("PUT", `${path}/vote`, { body: { answers: [0] } })).toMatchObject(nothing);
  expect(await stranger.request("GET", `${path}/voters?answer=0`)).toMatchObject(nothing);
  expect(await stranger.request("POST", `${path}/poll/close`)).toMatchObject(nothing);
});

test.each([
  ["one answer", { answers: ["soup"] }],
  ["eleven answers", { answers: Array.from({ length: 11 }, (_, index) => `${index}`) }],
  ["the same answer twice", { answers: ["soup", " soup"] }],
  ["an end in no time", { answers: ["soup", "salad"], duration_s: 1 }],
])("a poll with %s is refused", async (_name, poll) => {
  const body = { content: "Lunch?", poll };
  expect(await owner.request("POST", `/api/channels/${channelId}/messages`, { body })).toMatchObject({ status: 400 });
});

test("a storm of votes reaches readers as a few events, and clients of version 1 read the result as text", async () => {
  const { id } = await ask();
  const [socket, old] = [dial(owner, "/ws/main"), dial(owner, `/ws/legacy/chat/${channelId}`)];
  await socket.next("connection_established");
  socket.send({ type: "join_channel", channel_id: channelId });
  await socket.next("channel_synced");
  const people = await Promise.all(
    Array.from({ length: 20 }, (_, index) => TestClient.register(server.url, `storm${index}`)),
  );
  const code = await owner.invite(home.id);
  for (const person of people) await person.join(code);
  const before = socket.frames.length;
  await Promise.all(people.map((person, index) => person.put(`/api/messages/${id}/vote`, { answers: [index % 2] })));
  expect(await socket.next("message_edited", ({ data }) => data.id === id && data.poll?.voters === 20)).toMatchObject({
    data: { poll: { answers: [{ votes: 10 }, { votes: 10 }] } },
  });
  const edits = JSON.stringify(socket.frames.slice(before)).split('"message_edited"').length - 1;
  expect(edits).toBeLessThan(12);
  await old.next("message_edited", ({ data }) => data.content === "Lunch?\n1. soup — 10\n2. salad — 10");
  for (const one of [socket, old]) one.ws.terminate();
});
