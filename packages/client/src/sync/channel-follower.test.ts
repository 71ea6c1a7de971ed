import type { User } from "@miscord/protocol";
import { beforeEach, expect, test } from "vitest";
import type { MiscordClient } from "../client.ts";
import { createClient } from "../create-client.ts";
import { alice, FakeServer } from "../testing/fake-server.ts";
import { settled } from "../testing/manual-clock.ts";

let server: FakeServer;
let client: MiscordClient;

const channelId = 7;
const bob: User = { ...alice, id: 2, username: "bob", display_name: "Bob" };
const timeline = () => client.store.getState().timelines[channelId]!;
const contents = () => timeline().messages.map(({ content }) => content);
const idOf = (content: string) => server.channel.alive.find((message) => message.content === content)!.id;
const lastMessageSeq = () => client.store.getState().channels[channelId]?.last_message_seq;
const say = (content: string, replyTo?: number) => server.channel.send(bob, content, replyTo ? { replyTo } : {});

async function open(around?: number): Promise<void> {
  await client.openChannel(channelId, around === undefined ? {} : { around });
  await settled();
}

beforeEach(async () => {
  server = new FakeServer();
  client = createClient(server.platform);
  await client.start();
  await settled();
  return () => client.close();
});

test("the newest page and what happens from then on", async () => {
  say("before");
  await open();
  server.publish(say("after"));
  expect(contents()).toEqual(["before", "after"]);
  expect(timeline()).toMatchObject({ status: "ready", seq: 2, hasOlder: false, hasNewer: false });
});

test("what happens between the page and the subscription is replayed", async () => {
  say("old");
  const page = Response.json(server.channel.page({}));
  server.answers.set(`GET /api/channels/${channelId}/messages`, () => page);
  say("between");
  await open();
  expect(contents()).toEqual(["old", "between"]);
});

test("a message from just before the channel was opened counts, though nothing but the page tells of it", async () => {
  say("early");
  await open();
  expect(lastMessageSeq()).toBe(1);
});

test("the way back to the present counts what it shows", async () => {
  for (let n = 0; n < 60; n += 1) say(`m${n}`);
  await open(idOf("m3"));
  expect(lastMessageSeq()).toBeLessThan(60);
  await client.jumpToPresent(channelId);
  expect(lastMessageSeq()).toBe(60);
});

test("what paging towards the present shows counts", async () => {
  for (let n = 0; n < 60; n += 1) say(`m${n}`);
  await open(idOf("m3"));
  await client.loadNewer(channelId);
  expect(lastMessageSeq()).toBe(60);
});

test("a list of servers from before the page does not unsay what the page showed", async () => {
  const { promise, resolve } = Promise.withResolvers<Response>();
  const stale = Response.json({ servers: [server.server] });
  server.answers.set("GET /api/servers", () => promise);
  const reloaded = createClient(server.platform);
  await reloaded.start();
  say("between");
  await reloaded.openChannel(channelId);
  resolve(stale);
  await settled();
  expect(reloaded.store.getState().channels[channelId]?.last_message_seq).toBe(1);
  reloaded.close();
});

test("what a replay brings counts, whatever the list of servers says", async () => {
  await open();
  const stale = Response.json({ servers: [server.server] });
  server.answers.set("GET /api/servers", () => stale.clone());
  server.cut();
  say("missed");
  await server.clock.advance(2_000);
  expect(lastMessageSeq()).toBe(1);
});

test("events that overtake the page wait for it", async () => {
  const { promise, resolve } = Promise.withResolvers<Response>();
  server.answers.set(`GET /api/channels/${channelId}/messages`, () => promise);
  say("old");
  const page = Response.json(server.channel.page({}));
  const opened = open();
  await settled();
  server.publish(say("live"));
  resolve(page);
  await opened;
  expect(contents()).toEqual(["old", "live"]);
});

test("duplicates change nothing", async () => {
  await open();
  const event = say("once");
  server.publish(event, event);
  server.publish(event);
  expect(contents()).toEqual(["once"]);
});

test("a gap makes it join again from the position before the gap, and nothing is lost", async () => {
  await open();
  server.publish(say("one"));
  say("lost on the way");
  server.publish(say("three"), server.channel.edit(idOf("one"), "one, edited"));
  await settled();
  expect(contents()).toEqual(["one, edited", "lost on the way", "three"]);
  expect(server.commandsOf("join_channel").at(-1)).toMatchObject({ after_seq: 1 });
  expect(timeline().seq).toBe(4);
});

test("after a loss, changes come whole and deletions blank the previews of replies", async () => {
  await open();
  server.publish(say("question"), say("answer", idOf("question")), say("other"));
  server.cut();
  server.channel.react(bob, idOf("other"), "👍", true);
  server.channel.edit(idOf("answer"), "better answer");
  server.channel.delete(idOf("question"));
  say("new");
  await server.clock.advance(2_000);
  expect(contents()).toEqual(["better answer", "other", "new"]);
  expect(timeline().messages[0]?.reply_to).toMatchObject({ content: "", is_deleted: true });
  expect(timeline().messages[1]?.reactions).toEqual([{ emoji: "👍", count: 1, user_ids: [2] }]);
});

test("an edit shows in the previews of its replies", async () => {
  await open();
  server.publish(say("question"), say("answer", idOf("question")));
  server.publish(server.channel.edit(idOf("question"), "other question"));
  expect(timeline().messages[1]?.reply_to?.content).toBe("other question");
});

test("a server that went back to a backup is believed: everything is loaded anew", async () => {
  await open();
  server.publish(say("one"), say("two"), say("three"));
  server.cut();
  Object.assign(server, { epoch: "restored" });
  server.channel.delete(idOf("three"));
  server.channel.seq = 1;
  await server.clock.advance(2_000);
  expect(contents()).toEqual(["one", "two"]);
  expect(timeline().seq).toBe(1);
});

test("too far behind, the newest page replaces what was there", async () => {
  await open();
  server.publish(say("old"));
  server.cut();
  server.isTooFarBehind = true;
  for (let n = 0; n < 60; n += 1) say(`missed ${n}`);
  await server.clock.advance(2_000);
  expect(contents()).toHaveLength(50);
  expect(timeline()).toMatchObject({ seq: 61, hasOlder: true });
  server.publish(say("live"));
  expect(contents().at(-1)).toBe("live");
});

test("an older page that is stale by the time it comes is brought level", async () => {
  for (let n = 0; n < 60; n += 1) say(`m${n}`);
  await open();
  const first = idOf("m10");
  const { promise, resolve } = Promise.withResolvers<Response>();
  server.answers.set(`GET /api/channels/${channelId}/messages`, () => promise);
  const stale = Response.json(server.channel.page({ before: first }));
  const loaded = client.loadOlder(channelId);
  await settled();
  server.publish(server.channel.edit(idOf("m3"), "m3, edited"), server.channel.delete(idOf("m4")));
  resolve(stale);
  await loaded;
  expect(contents().slice(2, 5)).toEqual(["m2", "m3, edited", "m5"]);
  expect(timeline()).toMatchObject({ hasOlder: false, loadingOlder: false });
});

test("in the past it follows changes, and new messages wait until one comes back to the present", async () => {
  for (let n = 0; n < 200; n += 1) say(`m${n}`);
  await open();
  expect(await client.jumpTo(channelId, idOf("m60"))).toBe(true);
  expect(timeline()).toMatchObject({ hasOlder: true, hasNewer: true });
  server.publish(say("news"), server.channel.edit(idOf("m60"), "m60, edited"));
  expect(contents()).toContain("m60, edited");
  expect(contents()).not.toContain("news");
  await client.loadNewer(channelId);
  await client.loadNewer(channelId);
  await client.loadNewer(channelId);
  expect(timeline().hasNewer).toBe(false);
  expect(contents().at(-1)).toBe("news");
  expect(contents()).toHaveLength(200 - 35 + 1);
});

test("a jump to a message that does not exist says so and changes nothing", async () => {
  say("only");
  await open();
  server.answers.set(`GET /api/channels/${channelId}/messages`, () =>
    Response.json({ error: { code: "not_found", message: "no" } }, { status: 404 }),
  );
  expect(await client.jumpTo(channelId, 424_242)).toBe(false);
  expect(contents()).toEqual(["only"]);
});

test("a channel that is not one's own shows as failed", async () => {
  server.answers.set(`GET /api/channels/${channelId}/messages`, () =>
    Response.json({ error: { code: "forbidden", message: "no" } }, { status: 403 }),
  );
  await open();
  expect(timeline().status).toBe("failed");
});

test("a refused join is tried again when that can help", async () => {
  let refusals = 1;
  server.refusal = ({ type }) =>
    type === "join_channel" && refusals-- > 0 ? { code: "rate_limited", retry_after_ms: 1_000 } : null;
  await open();
  say("missed");
  await server.clock.advance(1_100);
  expect(contents()).toEqual(["missed"]);
});

test("a long timeline keeps its newest thousand", async () => {
  await open();
  for (let n = 0; n < 1_100; n += 1) server.publish(say(String(n)));
  expect(contents()).toHaveLength(1_000);
  expect(timeline()).toMatchObject({ hasOlder: true, hasNewer: false });
  expect(contents()[0]).toBe("100");
});

test("a closed channel is left after a while, and opened again from where it was", async () => {
  await open();
  server.publish(say("seen"));
  client.closeChannel(channelId);
  await server.clock.advance(31_000);
  expect(server.commandsOf("leave_channel")).toHaveLength(1);
  server.publish(say("missed"));
  await open();
  expect(contents()).toEqual(["seen", "missed"]);
  expect(server.commandsOf("join_channel").at(-1)).toMatchObject({ after_seq: 1 });
});

test("a reaction shows at once, and goes back when it is refused", async () => {
  await open();
  server.publish(say("hello"));
  server.answers.set(`PUT /api/messages/${idOf("hello")}/reactions/%F0%9F%91%8D`, () =>
    Response.json({ error: { code: "limit_reached", message: "no" } }, { status: 422 }),
  );
  const refused = client.setReaction(idOf("hello"), "👍", true);
  expect(timeline().messages[0]?.reactions).toEqual([{ emoji: "👍", count: 1, user_ids: [1] }]);
  await expect(refused).rejects.toMatchObject({ code: "limit_reached" });
  expect(timeline().messages[0]?.reactions).toEqual([]);
});

test("of several clicks on a chip that are all refused nothing stays", async () => {
  await open();
  server.publish(say("hello"));
  for (const method of ["PUT", "DELETE"]) {
    server.answers.set(`${method} /api/messages/${idOf("hello")}/reactions/%F0%9F%91%8D`, () =>
      Response.json({ error: { code: "limit_reached", message: "no" } }, { status: 422 }),
    );
  }
  const clicks = [true, false, true, false].map((on) => client.setReaction(idOf("hello"), "👍", on));
  await Promise.all(clicks.map((click) => expect(click).rejects.toMatchObject({ code: "limit_reached" })));
  expect(timeline().messages[0]?.reactions).toEqual([]);
});

test("chips stand in the server's order, whatever was clicked meanwhile", async () => {
  await open();
  server.publish(say("hello"));
  const id = idOf("hello");
  const chips = () => timeline().messages[0]?.reactions.map(({ emoji, count }) => `${emoji}${count}`);
  const path = `/api/messages/${id}/reactions`;
  server.answers.set(`PUT ${path}/%F0%9F%8E%89`, () => new Promise<Response>(() => {}));
  void client.setReaction(id, "🎉", true);
  server.publish(server.channel.react(bob, id, "👍", true));
  expect(chips()).toEqual(["👍1", "🎉1"]);
  server.publish(server.channel.react(alice, id, "🎉", true), server.channel.react(bob, id, "❤️", true));
  expect(chips()).toEqual(["👍1", "🎉1", "❤️1"]);

  server.publish(server.channel.react(alice, id, "🔥", true), server.channel.react(bob, id, "🚀", true));
  server.answers.set(`DELETE ${path}/%F0%9F%94%A5`, () =>
    Response.json({ error: { code: "limit_reached", message: "no" } }, { status: 422 }),
  );
  await expect(client.setReaction(id, "🔥", false)).rejects.toMatchObject({ code: "limit_reached" });
  expect(chips()).toEqual(["👍1", "🎉1", "❤️1", "🔥1", "🚀1"]);
});

test("one frame is one change of the store", async () => {
  await open();
  let changes = 0;
  client.store.subscribe(() => (changes += 1));
  server.publish(...Array.from({ length: 50 }, (_, n) => say(String(n))));
  expect(changes).toBe(1);
});
