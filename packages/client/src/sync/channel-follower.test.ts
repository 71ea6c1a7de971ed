import { beforeEach, expect, test } from "vitest";
import { catchUp } from "../state/timeline.ts";
import { bob, channelId, ChannelStory } from "../testing/channel-story.ts";
import { settled } from "../testing/manual-clock.ts";

let story: ChannelStory;

beforeEach(async () => {
  story = await ChannelStory.begin();
  return () => story.client.close();
});

test("an opened channel shows the newest page and the events after it", async () => {
  story.say("before");
  await story.open();
  story.server.publish(story.say("after"));
  expect(story.contents()).toEqual(["before", "after"]);
  expect(story.timeline()).toMatchObject({ status: "ready", seq: 2, hasOlder: false, hasNewer: false });
});

test("events between the page and the subscription are replayed", async () => {
  story.say("old");
  const page = Response.json(story.server.channel.page({}));
  story.server.answers.set(`GET /api/channels/${channelId}/messages`, () => page);
  story.say("between");
  await story.open();
  expect(story.contents()).toEqual(["old", "between"]);
});

test("events that arrive before the page are applied after it", async () => {
  const { promise, resolve } = Promise.withResolvers<Response>();
  story.server.answers.set(`GET /api/channels/${channelId}/messages`, () => promise);
  story.say("old");
  const page = Response.json(story.server.channel.page({}));
  const opened = story.open();
  await settled();
  story.server.publish(story.say("live"));
  resolve(page);
  await opened;
  expect(story.contents()).toEqual(["old", "live"]);
});

test("a jump to the first message after a position far above is one request around it", async () => {
  for (let line = 1; line <= 5_000; line += 1) story.say(`m${line}`);
  await story.open();
  story.server.calls.length = 0;
  const first = await story.client.jumpToFirstAfter(channelId, 12);
  expect(first?.content).toBe("m13");
  expect(story.contents()).toContain("m12");
  expect(story.server.calls).toEqual([`GET /api/channels/${channelId}/messages`]);
  expect(story.timeline()).toMatchObject({ hasNewer: true, seq: 5_000 });
  expect(await story.client.jumpToFirstAfter(channelId, 14)).toMatchObject({ content: "m15" });
  expect(story.server.calls).toHaveLength(1);
});

test("a message that arrives without an acknowledgement counts as acknowledged", async () => {
  await story.open();
  const acked: unknown[] = [];
  story.client.on("message_acked", (ack) => acked.push(ack));
  story.server.isDroppingAcks = true;
  const nonce = story.client.sendMessage(channelId, { content: "mine" });
  await settled();
  const { id, seq } = story.timeline().messages[0]!;
  expect(acked).toEqual([{ nonce, id, seq, channelId }]);
});

test("duplicate events change nothing in a timeline", async () => {
  await story.open();
  const event = story.say("once");
  story.server.publish(event, event);
  story.server.publish(event);
  expect(story.contents()).toEqual(["once"]);
});

test("a gap in the events starts a join from the position before it and loses nothing", async () => {
  await story.open();
  story.server.publish(story.say("one"));
  story.say("lost on the way");
  story.server.publish(story.say("three"), story.server.channel.edit(story.idOf("one"), "one, edited"));
  await settled();
  expect(story.contents()).toEqual(["one, edited", "lost on the way", "three"]);
  expect(story.server.commandsOf("join_channel").at(-1)).toMatchObject({ after_seq: 1 });
  expect(story.timeline().seq).toBe(4);
});

test("an event that names the position before it is applied without a join although positions are skipped", async () => {
  await story.open();
  story.server.publish(story.say("one"));
  story.say("two");
  const edited = story.server.channel.edit(story.idOf("two"), "two, edited")!;
  const joins = story.server.commandsOf("join_channel").length;
  story.server.publish({ ...edited, after_seq: 1 });
  expect(story.contents()).toEqual(["one", "two, edited"]);
  expect(story.timeline().seq).toBe(3);
  await settled();
  expect(story.server.commandsOf("join_channel")).toHaveLength(joins);
});

test("after a reconnect changed messages are replayed whole and deletions blank the previews of replies", async () => {
  await story.open();
  story.server.publish(story.say("question"), story.say("answer", story.idOf("question")), story.say("other"));
  story.server.cut();
  story.server.channel.react(bob, story.idOf("other"), "👍", true);
  story.server.channel.edit(story.idOf("answer"), "better answer");
  story.server.channel.delete(story.idOf("question"));
  story.say("new");
  await story.server.clock.advance(2_000);
  expect(story.contents()).toEqual(["better answer", "other", "new"]);
  expect(story.timeline().messages[0]?.reply_to).toMatchObject({ content: "", is_deleted: true });
  expect(story.timeline().messages[1]?.reactions).toEqual([{ emoji: "👍", count: 1, user_ids: [2] }]);
});

test("an event that was replayed and also arrived live during the join is applied once", async () => {
  await story.open();
  const event = story.say("one")!;
  const { applied, timeline } = catchUp(story.timeline(), [event, { ...event }], 1);
  expect(applied).toEqual([event]);
  expect(timeline.messages.map(({ content }) => content)).toEqual(["one"]);
});

test("an edited message is updated in the previews of its replies", async () => {
  await story.open();
  story.server.publish(story.say("question"), story.say("answer", story.idOf("question")));
  story.server.publish(story.server.channel.edit(story.idOf("question"), "other question"));
  expect(story.timeline().messages[1]?.reply_to?.content).toBe("other question");
});

test("timelines are reloaded after the server was restored from a backup", async () => {
  await story.open();
  story.server.publish(story.say("one"), story.say("two"), story.say("three"));
  story.server.cut();
  Object.assign(story.server, { epoch: "restored" });
  story.server.channel.delete(story.idOf("three"));
  story.server.channel.seq = 1;
  await story.server.clock.advance(2_000);
  expect(story.contents()).toEqual(["one", "two"]);
  expect(story.timeline().seq).toBe(1);
});

test("a client too far behind for a replay loads the newest page instead", async () => {
  await story.open();
  story.server.publish(story.say("old"));
  story.server.cut();
  story.server.isTooFarBehind = true;
  for (let n = 0; n < 60; n += 1) story.say(`missed ${n}`);
  await story.server.clock.advance(2_000);
  expect(story.contents()).toHaveLength(50);
  expect(story.timeline()).toMatchObject({ seq: 61, hasOlder: true });
  story.server.publish(story.say("live"));
  expect(story.contents().at(-1)).toBe("live");
});

test("a page of older messages that is outdated on arrival gets the events it misses", async () => {
  for (let n = 0; n < 60; n += 1) story.say(`m${n}`);
  await story.open();
  const first = story.idOf("m10");
  const { promise, resolve } = Promise.withResolvers<Response>();
  story.server.answers.set(`GET /api/channels/${channelId}/messages`, () => promise);
  const stale = Response.json(story.server.channel.page({ before: first }));
  const loaded = story.client.loadOlder(channelId);
  await settled();
  story.server.publish(
    story.server.channel.edit(story.idOf("m3"), "m3, edited"),
    story.server.channel.delete(story.idOf("m4")),
  );
  resolve(stale);
  await loaded;
  expect(story.contents().slice(2, 5)).toEqual(["m2", "m3, edited", "m5"]);
  expect(story.timeline()).toMatchObject({ hasOlder: false, loadingOlder: false });
});

test("a timeline in old history applies changes and shows new messages after the return to the present", async () => {
  for (let n = 0; n < 200; n += 1) story.say(`m${n}`);
  await story.open();
  expect(await story.client.jumpTo(channelId, story.idOf("m60"))).toBe(true);
  expect(story.timeline()).toMatchObject({ hasOlder: true, hasNewer: true });
  story.server.publish(story.say("news"), story.server.channel.edit(story.idOf("m60"), "m60, edited"));
  expect(story.contents()).toContain("m60, edited");
  expect(story.contents()).not.toContain("news");
  await story.client.loadNewer(channelId);
  await story.client.loadNewer(channelId);
  await story.client.loadNewer(channelId);
  expect(story.timeline().hasNewer).toBe(false);
  expect(story.contents().at(-1)).toBe("news");
  expect(story.contents()).toHaveLength(200 - 35 + 1);
});

test("a jump to a message that does not exist returns false and changes nothing", async () => {
  story.say("only");
  await story.open();
  story.server.answers.set(`GET /api/channels/${channelId}/messages`, () =>
    Response.json({ error: { code: "not_found", message: "no" } }, { status: 404 }),
  );
  expect(await story.client.jumpTo(channelId, 424_242)).toBe(false);
  expect(story.contents()).toEqual(["only"]);
});

test("the timeline of a channel without access fails", async () => {
  story.server.answers.set(`GET /api/channels/${channelId}/messages`, () =>
    Response.json({ error: { code: "forbidden", message: "no" } }, { status: 403 }),
  );
  await story.open();
  expect(story.timeline().status).toBe("failed");
});

test("a join refused with a temporary error is repeated", async () => {
  let refusals = 1;
  story.server.refusal = ({ type }) =>
    type === "join_channel" && refusals-- > 0 ? { code: "rate_limited", retry_after_ms: 1_000 } : null;
  await story.open();
  story.say("missed");
  await story.server.clock.advance(1_100);
  expect(story.contents()).toEqual(["missed"]);
});

test("a channel that was joined while a page was loading is live although the page fails", async () => {
  await story.open();
  story.server.publish(story.say("seen"));
  const { promise, resolve } = Promise.withResolvers<Response>();
  story.server.answers.set(`GET /api/channels/${channelId}/messages`, () => promise);
  const jump = story.client.jumpTo(channelId, 424_242);
  story.server.cut();
  story.say("missed");
  await story.server.clock.advance(2_000);
  resolve(Response.json({ error: { code: "not_found", message: "no" } }, { status: 404 }));
  expect(await jump).toBe(false);
  await settled();
  story.server.publish(story.say("live"));
  await settled();
  expect(story.contents()).toEqual(["seen", "missed", "live"]);
});

test("a channel whose joins stay without an answer is joined over a new connection", async () => {
  story.server.isIgnoringJoins = true;
  await story.open();
  await story.server.clock.advance(25_000);
  story.server.isIgnoringJoins = false;
  story.say("missed");
  await story.server.clock.advance(10_000);
  expect(story.contents()).toEqual(["missed"]);
  expect(story.server.sockets).toHaveLength(2);
});

test("a timeline keeps its newest thousand messages", async () => {
  await story.open();
  for (let n = 0; n < 1_100; n += 1) story.server.publish(story.say(String(n)));
  expect(story.contents()).toHaveLength(1_000);
  expect(story.timeline()).toMatchObject({ hasOlder: true, hasNewer: false });
  expect(story.contents()[0]).toBe("100");
});

test("a closed channel is left after a delay and resumes from its position when reopened", async () => {
  await story.open();
  story.server.publish(story.say("seen"));
  story.client.closeChannel(channelId);
  await story.server.clock.advance(31_000);
  expect(story.server.commandsOf("leave_channel")).toHaveLength(1);
  story.server.publish(story.say("missed"));
  await story.open();
  expect(story.contents()).toEqual(["seen", "missed"]);
  expect(story.server.commandsOf("join_channel").at(-1)).toMatchObject({ after_seq: 1 });
});

test("the events of one frame change the store once", async () => {
  await story.open();
  let changes = 0;
  story.client.store.subscribe(() => (changes += 1));
  story.server.publish(...Array.from({ length: 50 }, (_, n) => story.say(String(n))));
  expect(changes).toBe(1);
});
