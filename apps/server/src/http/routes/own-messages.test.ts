import { readdir, readlink } from "node:fs/promises";
import type { Drafts, Inbox, Message, SavedMessages, ServerState } from "@miscord/protocol";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { ManualClock } from "../../testing/manual-clock.ts";
import { RecordingBus } from "../../testing/recording-bus.ts";
import { TestClient } from "../../testing/test-client.ts";
import { startTestServer, type TestServer } from "../../testing/test-server.ts";

const quota = 20_000;
const clock = new ManualClock();
const bus = new RecordingBus();
let server: TestServer;
let owner: TestClient;
let guest: TestClient;
let home: ServerState;
let channelId: number;

beforeAll(async () => {
  server = await startTestServer({ uploadQuotaBytes: quota }, { clock, bus });
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

const minuteMs = 60_000;
const inMinutes = (minutes: number) => new Date(clock.now() + minutes * minuteMs).toISOString();
const hide = (deny = 1_024) =>
  owner.put(`/api/channels/${channelId}/overrides/${home.everyone_role_id}`, { type: "role", allow: 0, deny });
const nothing = { status: 404, code: "not_found" };

test("a draft is told to all of its author's connections, and to nobody else", async () => {
  const path = `/api/me/drafts/${channelId}`;
  await guest.put(path, { text: "half a sen" });
  const drafts = () => guest.get<Drafts>("/api/me/drafts");
  expect((await drafts()).drafts.find((one) => one.channel_id === channelId)).toMatchObject({ text: "half a sen" });
  const told = bus.published.filter(({ message }) => JSON.stringify(message).includes("half a sen"));
  expect(told.map(({ topic }) => topic)).toEqual([`user:${guest.me.id}`]);
  expect((await owner.get<Drafts>("/api/me/drafts")).drafts).toEqual([]);
  await guest.put(path, { text: "" });
  expect(bus.events(`user:${guest.me.id}`, "draft_updated").at(-1)).toMatchObject({ text: "", channel_id: channelId });
  expect(await guest.request("PUT", path, { body: { text: "x".repeat(5_001) } })).toMatchObject({ status: 400 });
  await hide();
  expect(await guest.request("PUT", path, { body: { text: "x" } })).toMatchObject(nothing);
  expect((await drafts()).drafts.some((one) => one.channel_id === channelId)).toBe(false);
});

test("a saved message is found again by who saved it, until it may not be seen any more", async () => {
  const message = await owner.send(channelId, "worth it");
  const path = `/api/me/saved/${message.id}`;
  await guest.put(path);
  await guest.put(path);
  const saved = async () => (await guest.get<SavedMessages>("/api/me/saved")).saved.map((one) => one.message.content);
  expect(await saved()).toEqual(["worth it"]);
  expect((await owner.get<SavedMessages>("/api/me/saved")).saved).toEqual([]);
  await hide();
  expect(await saved()).toEqual([]);
  expect(await guest.request("PUT", path)).toMatchObject(nothing);
  await hide(0);
  expect(await saved()).toEqual(["worth it"]);
  await guest.delete(path);
  expect(await saved()).toEqual([]);
  await owner.delete(`/api/messages/${message.id}`);
  expect(await guest.request("PUT", path)).toMatchObject(nothing);
});

test("a reminder comes once, is in the inbox until it is dismissed, and is not there for who lost the channel", async () => {
  const message = await owner.send(channelId, "do it");
  const path = `/api/me/saved/${message.id}`;
  expect(await guest.request("PUT", path, { body: { remind_at: inMinutes(-1) } })).toMatchObject({ status: 400 });
  await guest.put(path, { remind_at: inMinutes(10) });
  const reminders = async () => (await guest.get<Inbox>("/api/notifications")).reminders;
  expect(await reminders()).toBeUndefined();
  const due = inMinutes(10);
  clock.leap(11 * minuteMs);
  await Promise.all([owner.refresh(), guest.refresh()]);
  const told = () => bus.events(`user:${guest.me.id}`, "reminder_updated");
  await expect.poll(reminders).toEqual([{ message_id: message.id, remind_at: due }]);
  await expect.poll(told).toHaveLength(1);
  clock.advance(5_000);
  expect(told()).toMatchObject([{ message_id: message.id, reminder: { remind_at: due } }]);
  expect((await guest.get<SavedMessages>("/api/me/saved?due=true")).saved).toMatchObject([{ is_due: true }]);
  await hide();
  expect(await reminders()).toBeUndefined();
  await hide(0);
  await guest.put(path, { remind_at: null });
  expect(await reminders()).toBeUndefined();
  expect(told().at(-1)).toEqual({ type: "reminder_updated", message_id: message.id, reminder: null });
});

test("nobody is reminded of what is deleted, or in a channel that they lost", async () => {
  const [gone, lost] = [await owner.send(channelId, "gone"), await owner.send(channelId, "lost")];
  for (const { id } of [gone, lost]) await guest.put(`/api/me/saved/${id}`, { remind_at: inMinutes(10) });
  const own = await guest.createServer("Own");
  const seen = await guest.send(own.channels[0]!.id, "seen");
  await guest.put(`/api/me/saved/${seen.id}`, { remind_at: inMinutes(10) });
  await owner.delete(`/api/messages/${gone.id}`);
  await hide();
  clock.leap(11 * minuteMs);
  await Promise.all([owner.refresh(), guest.refresh()]);
  const about = () => bus.events(`user:${guest.me.id}`, "reminder_updated").map((event) => event.message_id);
  await expect.poll(about).toContain(seen.id);
  clock.advance(5_000);
  expect(about()).not.toContain(gone.id);
  expect(about()).not.toContain(lost.id);
  await hide(0);
  const { reminders } = await guest.get<Inbox>("/api/notifications");
  expect(reminders?.map((one) => one.message_id)).toContain(lost.id);
});

test("a message is forwarded with its files to a channel that the sender may write in, and tells who sees where it came from", async () => {
  const { body: file } = await owner.upload("bytes", "notes.txt", "text/plain");
  const source = await owner.send(channelId, "**secret** plan @guest", { attachments: [file.id] });
  const elsewhere = await owner.createServer("Elsewhere");
  const target = elsewhere.channels[0]!.id;
  const body = { channel_id: target, content: "look", nonce: "f-1" };
  const forwarded = await owner.post<Message>(`/api/messages/${source.id}/forward`, body);
  expect(forwarded).toMatchObject({
    content: "look",
    channel_id: target,
    mentions: [],
    forwarded: { content: "**secret** plan @guest", timestamp: source.timestamp },
    attachments: [{ filename: "notes.txt", size: 5 }],
  });
  expect(forwarded.attachments[0]!.id).not.toBe(file.id);
  expect((await owner.post<Message>(`/api/messages/${source.id}/forward`, body)).id).toBe(forwarded.id);
  // Neither the name nor the id of the first channel is in it.
  const { channelId: _same, ...shown } = forwarded;
  expect(JSON.stringify(shown)).not.toMatch(new RegExp(`"channel_id":${channelId}[,}]|${home.channels[0]!.name}"`));
  await owner.delete(`/api/messages/${source.id}`);
  expect((await owner.request("GET", forwarded.attachments[0]!.file_url)).status).toBe(200);

  const again = await owner.post<Message>(`/api/messages/${forwarded.id}/forward`, { channel_id: target });
  expect(again).toMatchObject({ content: "", forwarded: { content: "look" } });
  expect(await owner.get(`/api/messages/${again.id}/forward`)).toMatchObject({ message_id: forwarded.id });
  expect(await owner.request("GET", `/api/messages/${forwarded.id}/forward`)).toMatchObject(nothing);
});

test("forwarding asks for rights on both sides, and AutoMod reads what is forwarded", async () => {
  const source = await owner.send(channelId, "a forbidden word");
  const path = `/api/messages/${source.id}/forward`;
  const elsewhere = await owner.createServer("Elsewhere");
  const target = elsewhere.channels[0]!.id;
  const to = (channel_id: number) => ({ body: { channel_id } });
  expect(await guest.request("POST", path, to(target))).toMatchObject(nothing);
  await guest.join(await owner.invite(elsewhere.id));
  const forwarded = await guest.post<Message>(path, { channel_id: target });
  expect(await guest.get(`/api/messages/${forwarded.id}/forward`)).toMatchObject({ channel_id: channelId });
  await hide();
  expect(await guest.request("POST", path, to(target))).toMatchObject(nothing);
  expect(await guest.request("GET", `/api/messages/${forwarded.id}/forward`)).toMatchObject(nothing);
  await hide(0);
  await owner.put(`/api/channels/${target}/overrides/${elsewhere.everyone_role_id}`, {
    type: "role",
    allow: 0,
    deny: 2_048,
  });
  expect(await guest.request("POST", path, to(target))).toMatchObject({ status: 403 });
  await owner.put(`/api/channels/${target}/overrides/${elsewhere.everyone_role_id}`, {
    type: "role",
    allow: 0,
    deny: 0,
  });
  const trigger = { kind: "words", words: ["forbidden"] };
  const rule = { name: "words", message: "Not here.", trigger, actions: { block: true } };
  await owner.post(`/api/servers/${elsewhere.id}/automod/rules`, rule);
  expect(await guest.request("POST", path, to(target))).toMatchObject({ status: 403, code: "automod_blocked" });
});

test("a forward that is refused leaves neither copies nor open files", async () => {
  const files = await Promise.all([1, 2].map((index) => owner.upload("x".repeat(900), `${index}.txt`, "text/plain")));
  const attachments = files.map(({ body }) => body.id);
  const source = await owner.send(channelId, "forbidden", { attachments });
  const path = `/api/messages/${source.id}/forward`;
  const elsewhere = await guest.createServer("Elsewhere");
  const target = elsewhere.channels[0]!.id;
  await owner.join(await guest.invite(elsewhere.id));
  const trigger = { kind: "words", words: ["forbidden"] };
  const rule = { name: "words", message: "Not here.", trigger, actions: { block: true } };
  await guest.post(`/api/servers/${elsewhere.id}/automod/rules`, rule);
  const forward = async () => (await owner.request("POST", path, { body: { channel_id: target } })).code;
  // More than may be uploaded and not sent, were the copies kept.
  for (let count = 0; count < 4; count += 1) expect(await forward()).toBe("automod_blocked");

  await owner.upload("x".repeat(quota - 500), "unsent.txt", "text/plain");
  for (let count = 0; count < 4; count += 1) expect(await forward()).toBe("limit_reached");
  const openFiles = async () => {
    const names = (await readdir("/proc/self/fd")).map((name) => readlink(`/proc/self/fd/${name}`).catch(() => ""));
    return (await Promise.all(names)).filter(
      (name) => name.startsWith(server.config.dataDir) && name.includes("upload"),
    );
  };
  await expect.poll(openFiles).toEqual([]);
});

test("earlier texts are for the author and moderators, and go with the message", async () => {
  const message = await guest.send(channelId, "one");
  await guest.patch(`/api/messages/${message.id}`, { content: "two" });
  const path = `/api/messages/${message.id}/earlier-texts`;
  expect(await guest.get(path)).toEqual({ texts: [{ content: "one", written_at: message.timestamp }] });
  expect(await owner.get(path)).toMatchObject({ texts: [{ content: "one" }] });
  const own = await owner.send(channelId, "mine");
  await owner.patch(`/api/messages/${own.id}`, { content: "mine, changed" });
  expect(await guest.request("GET", `/api/messages/${own.id}/earlier-texts`)).toMatchObject({ status: 403 });
  await guest.delete(`/api/messages/${message.id}`);
  expect(await owner.request("GET", path)).toMatchObject(nothing);
});

test("a channel marked unread is unread again on every connection, and reading marks it read again", async () => {
  const sent = [];
  for (let index = 0; index < 4; index += 1) sent.push(await owner.send(channelId, `m${index} @guest`));
  await guest.put(`/api/channels/${channelId}/read`, { seq: 4 });
  const state = async () => {
    const { channels } = await guest.get<ServerState>(`/api/servers/${home.id}`);
    return channels.find(({ id }) => id === channelId)!;
  };
  expect(await state()).toMatchObject({ read_seq: 4, mention_count: 0 });
  await guest.request("POST", `/api/messages/${sent[1]!.id}/unread`);
  expect(await state()).toMatchObject({ read_seq: 1, read_generation: 1, mention_count: 3 });
  expect(bus.events(`user:${guest.me.id}`, "read_updated").at(-1)).toMatchObject({ seq: 1, read_generation: 1 });
  await guest.put(`/api/channels/${channelId}/read`, { seq: 4 });
  expect(await state()).toMatchObject({ read_seq: 4, read_generation: 1, mention_count: 0 });
  await hide();
  expect(await guest.request("POST", `/api/messages/${sent[1]!.id}/unread`)).toMatchObject(nothing);
});

test("the first message of a day is found", async () => {
  const first = await owner.send(channelId, "one day");
  clock.leap(86_400_000);
  await Promise.all([owner.refresh(), guest.refresh()]);
  const second = await owner.send(channelId, "the next");
  const at = (time: number) => guest.get(`/api/channels/${channelId}/message-at?time=${new Date(time).toISOString()}`);
  expect(await at(0)).toEqual({ message_id: first.id });
  expect(await at(clock.now() - 1_000)).toEqual({ message_id: second.id });
  expect(await at(clock.now() + 1_000)).toEqual({ message_id: second.id });
  await hide();
  const time = new Date(0).toISOString();
  expect(await guest.request("GET", `/api/channels/${channelId}/message-at?time=${time}`)).toMatchObject(nothing);
});
