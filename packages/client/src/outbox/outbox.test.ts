import { beforeEach, expect, test } from "vitest";
import type { MiscordClient } from "../client.ts";
import { createClient } from "../create-client.ts";
import type { OutgoingMessage } from "../state/types.ts";
import { FakeServer } from "../testing/fake-server.ts";
import { settled } from "../testing/manual-clock.ts";
import { outboxCapacity } from "./outbox.ts";

let server: FakeServer;
let client: MiscordClient;
let saved: readonly OutgoingMessage[];

const channelId = 7;
const timeline = () => client.store.getState().timelines[channelId]!;
const contents = () => timeline().messages.map(({ content }) => content);
const waiting = () => timeline().outbox.map(({ content, status }) => `${content} ${status}`);
const send = async (...texts: string[]) => {
  const nonces = texts.map((content) => client.sendMessage(channelId, { content }));
  await settled();
  return nonces;
};

beforeEach(async () => {
  server = new FakeServer();
  saved = [];
  const persistence = {
    load: () => saved,
    save: (_userId: number, messages: readonly OutgoingMessage[]) => void (saved = messages),
    clear: () => void (saved = []),
  };
  client = createClient({ ...server.platform, persistence });
  await client.start();
  await client.openChannel(channelId);
  await settled();
  return () => client.close();
});

test("a sent message is shown as pending and then once as received", async () => {
  server.isDroppingAcks = true;
  server.mangle = () => [];
  await send("hello");
  expect(waiting()).toEqual(["hello pending"]);
  server.mangle = (events) => events;
  server.publish(...server.channel.changesSince(0));
  expect(waiting()).toEqual([]);
  expect(contents()).toEqual(["hello"]);
});

test("an acknowledged message stays visible until it arrives and does not advance the position", async () => {
  server.mangle = () => [];
  await send("hello");
  expect(waiting()).toEqual(["hello sent"]);
  expect(timeline().seq).toBe(0);
  server.publish();
  server.mangle = (events) => events;
  server.publish(...server.channel.changesSince(0));
  expect(waiting()).toEqual([]);
  expect(contents()).toEqual(["hello"]);
});

test("messages written offline are sent once and in order after the reconnect", async () => {
  server.isUp = false;
  server.cut();
  await send("one", "two", "three");
  expect(waiting()).toEqual(["one pending", "two pending", "three pending"]);
  server.isUp = true;
  await server.clock.advance(5_000);
  expect(contents()).toEqual(["one", "two", "three"]);
  expect(waiting()).toEqual([]);
});

test("a message whose acknowledgement was lost is resent and not duplicated", async () => {
  server.isDroppingAcks = true;
  server.mangle = () => [];
  await send("once", "twice");
  server.cut();
  server.isDroppingAcks = false;
  server.mangle = (events) => events;
  await server.clock.advance(5_000);
  expect(server.channel.alive.map(({ content }) => content)).toEqual(["once", "twice"]);
  expect(contents()).toEqual(["once", "twice"]);
  expect(waiting()).toEqual([]);
});

test("a message without an answer is resent on the same connection", async () => {
  server.isDroppingAcks = true;
  server.mangle = () => [];
  await send("hello");
  server.isDroppingAcks = false;
  await server.clock.advance(16_000);
  expect(server.commandsOf("chat_message")).toHaveLength(2);
  expect(server.channel.alive).toHaveLength(1);
});

test("a message refused with retry_after_ms is resent after that time, before later messages", async () => {
  let refusals = 1;
  server.refusal = ({ type }) =>
    type === "chat_message" && refusals-- > 0 ? { code: "rate_limited", retry_after_ms: 3_000 } : null;
  await send("first", "second");
  await server.clock.advance(2_900);
  expect(contents()).toEqual([]);
  await server.clock.advance(200);
  expect(contents()).toEqual(["first", "second"]);
});

test("a message that the server wants minutes later is shown as failed, and holds up nothing", async () => {
  server.refusal = (command) =>
    command.type === "chat_message" && command.content.includes("@everyone")
      ? { code: "rate_limited", retry_after_ms: 300_000 }
      : null;
  const [nonce = ""] = await send("@everyone again", "second");
  expect(waiting()).toEqual(["@everyone again failed"]);
  expect(timeline().outbox[0]?.error).toEqual({ code: "rate_limited", message: "refused" });
  expect(contents()).toEqual(["second"]);
  server.refusal = () => null;
  client.retryMessage(channelId, nonce);
  await settled();
  expect(contents()).toEqual(["second", "@everyone again"]);
});

test("a message refused for good is shown as failed, does not block the next one and can be retried", async () => {
  const failed: string[] = [];
  client.on("message_failed", ({ content }) => failed.push(content));
  server.refusal = (command) =>
    command.type === "chat_message" && command.content === "bad" ? { code: "forbidden" } : null;
  const [nonce = ""] = await send("bad", "good");
  await settled();
  expect(waiting()).toEqual(["bad failed"]);
  expect(timeline().outbox[0]?.error).toEqual({ code: "forbidden", message: "refused" });
  expect(contents()).toEqual(["good"]);
  expect(failed).toEqual(["bad"]);
  server.refusal = () => null;
  client.retryMessage(channelId, nonce);
  await settled();
  expect(contents()).toEqual(["good", "bad"]);
  expect(waiting()).toEqual([]);
});

test("a message refused with internal errors fails after five attempts", async () => {
  server.refusal = ({ type }) => (type === "chat_message" ? { code: "internal" } : null);
  await send("hello");
  await server.clock.advance(60_000);
  expect(waiting()).toEqual(["hello failed"]);
  expect(server.commandsOf("chat_message")).toHaveLength(5);
});

test("a failed message can be discarded", async () => {
  server.refusal = ({ type }) => (type === "chat_message" ? { code: "forbidden" } : null);
  const [nonce = ""] = await send("bad");
  client.discardMessage(channelId, nonce);
  expect(waiting()).toEqual([]);
});

test("a message beyond the outbox capacity fails visibly and earlier ones are still sent", async () => {
  server.isUp = false;
  server.cut();
  for (let n = 0; n < outboxCapacity; n += 1) client.sendMessage(channelId, { content: String(n) });
  await send("too much");
  expect(timeline().outbox.at(-1)).toMatchObject({ status: "failed", error: { code: "limit_reached" } });
  server.isUp = true;
  await server.clock.advance(5_000);
  expect(contents()).toHaveLength(outboxCapacity);
  expect(waiting()).toEqual(["too much failed"]);
});

test("typing is dropped while offline and sent every few seconds while online", async () => {
  server.isUp = false;
  server.cut();
  client.sendTyping(channelId);
  server.isUp = true;
  await server.clock.advance(5_000);
  expect(server.commandsOf("typing")).toHaveLength(0);
  for (let stroke = 0; stroke < 70; stroke += 1) {
    client.sendTyping(channelId);
    await server.clock.advance(100);
  }
  expect(server.commandsOf("typing")).toHaveLength(3);
});

test("a message unsent before a reload is sent with its original nonce", async () => {
  server.isUp = false;
  server.cut();
  const [nonce] = await send("survivor");
  await server.clock.advance(200);
  client.close();
  server.isUp = true;
  const reloaded = createClient({
    ...server.platform,
    persistence: { load: () => saved, save: (_id, left) => void (saved = left), clear: () => void (saved = []) },
  });
  await reloaded.start();
  await server.clock.advance(1_000);
  expect(server.channel.alive.map((message) => message.nonce)).toEqual([nonce]);
  expect(saved).toEqual([]);
  reloaded.close();
});

test("a message is stored as soon as it is written, and removed at a logout", async () => {
  server.isUp = false;
  server.cut();
  client.sendMessage(channelId, { content: "words" });
  expect(saved.map(({ content }) => content)).toEqual(["words"]);
  await client.logout().catch(() => {});
  expect(saved).toEqual([]);
});

test("messages stored by another page are sent when they are loaded later", async () => {
  const stored: OutgoingMessage = {
    nonce: "from-a-closed-tab",
    channelId,
    content: "late",
    attachments: [],
    replyTo: null,
    createdAt: 0,
    status: "pending",
    seq: null,
    error: null,
  };
  const next = createClient({
    ...server.platform,
    persistence: { load: () => Promise.resolve([stored]), save: () => {}, clear: () => {} },
  });
  await next.start();
  await server.clock.advance(1_000);
  expect(server.channel.alive.map(({ content }) => content)).toEqual(["late"]);
  next.close();
});

test("a stored message that history already shows is not shown a second time", async () => {
  await send("hello");
  const { nonce = "" } = server.channel.alive[0]!;
  const common = { attachments: [], replyTo: null, createdAt: 0, status: "pending", seq: null, error: null } as const;
  const loaded = Promise.withResolvers<OutgoingMessage[]>();
  const next = createClient({
    ...server.platform,
    persistence: { load: () => loaded.promise, save: (_id, left) => void (saved = left), clear: () => {} },
  });
  await next.start();
  await next.openChannel(channelId);
  await settled();
  const shown: number[] = [];
  next.store.subscribe(() => shown.push(next.store.getState().timelines[channelId]!.outbox.length));
  loaded.resolve([{ nonce, channelId, content: "hello", ...common }]);
  await server.clock.advance(1_000);
  expect(Math.max(0, ...shown)).toBe(0);
  expect(saved).toEqual([]);
  next.close();
});

test("another user's message with the same nonce does not confirm the user's own", async () => {
  server.isDroppingAcks = true;
  server.mangle = () => [];
  const [nonce = ""] = await send("mine");
  server.mangle = (events) => events;
  const mine = server.channel.changesSince(0);
  const stranger = { ...mine[0]!.data, author: { id: 99 } } as never;
  server.publish({ ...mine[0]!, data: stranger });
  expect(timeline().outbox.map((message) => message.nonce)).toEqual([nonce]);
});
