import type { MainEvent } from "@miscord/protocol";
import { beforeEach, expect, test } from "vitest";
import { createClient } from "../create-client.ts";
import { channelId, ChannelStory } from "../testing/channel-story.ts";
import { settled } from "../testing/manual-clock.ts";

let story: ChannelStory;

beforeEach(async () => {
  story = await ChannelStory.begin();
  return () => story.client.close();
});

test("a message from just before a channel was opened counts as its latest when the page shows it", async () => {
  story.say("early");
  await story.open();
  expect(story.lastMessageSeq()).toBe(1);
});

test("messages shown by a jump to the present count as the latest", async () => {
  for (let n = 0; n < 60; n += 1) story.say(`m${n}`);
  await story.open(story.idOf("m3"));
  expect(story.lastMessageSeq()).toBeLessThan(60);
  await story.client.jumpToPresent(channelId);
  expect(story.lastMessageSeq()).toBe(60);
});

test("messages shown by paging to newer ones count as the latest", async () => {
  for (let n = 0; n < 60; n += 1) story.say(`m${n}`);
  await story.open(story.idOf("m3"));
  await story.client.loadNewer(channelId);
  expect(story.lastMessageSeq()).toBe(60);
});

test("a server list older than the loaded page does not lower the latest message position", async () => {
  const { promise, resolve } = Promise.withResolvers<Response>();
  const stale = Response.json({ servers: [story.server.server] });
  story.server.answers.set("GET /api/servers", () => promise);
  const reloaded = createClient(story.server.platform);
  await reloaded.start();
  story.say("between");
  await reloaded.openChannel(channelId);
  resolve(stale);
  await settled();
  expect(reloaded.store.getState().channels[channelId]?.last_message_seq).toBe(1);
  reloaded.close();
});

test("replayed messages count as the latest even if the server list is older", async () => {
  await story.open();
  const stale = Response.json({ servers: [story.server.server] });
  story.server.answers.set("GET /api/servers", () => stale.clone());
  story.server.cut();
  story.say("missed");
  await story.server.clock.advance(2_000);
  expect(story.lastMessageSeq()).toBe(1);
});

test("a count of mentions as of an earlier position than the present one is ignored", async () => {
  await story.open();
  const counts = (asOf: number, mentions: number) =>
    story.server.socket.deliver({ type: "read_updated", channel_id: channelId, seq: 0, mentions, as_of: asOf });
  const shown = () => story.client.store.getState().channels[channelId]?.mention_count;
  counts(7, 2);
  counts(6, 1);
  expect(shown()).toBe(2);
  counts(8, 0);
  expect(shown()).toBe(0);
});

test("a channel_added that was read before a count and arrives after it leaves the count as it is", async () => {
  const [channel] = story.server.server.channels;
  const counts = { type: "read_updated", channel_id: channelId, seq: 0, mentions: 2, as_of: 7 } as const;
  const added = (last: number, mentions: number): MainEvent => {
    const told = { ...channel!, last_message_seq: last, mention_count: mentions };
    return { type: "channel_added", server_id: 1, channel: told, voice_states: [] };
  };
  story.server.socket.deliver(counts);
  const shown = () => story.client.store.getState().channels[channelId]?.mention_count;
  story.server.socket.deliver(added(6, 1));
  expect(shown()).toBe(2);
  story.server.socket.deliver(added(8, 3));
  expect(shown()).toBe(3);
});

test("after a restored backup counts as of lower positions are shown", async () => {
  await story.open();
  const event = { type: "read_updated", channel_id: channelId, seq: 0 } as const;
  story.server.socket.deliver({ ...event, mentions: 2, as_of: 700 });
  story.server.cut();
  Object.assign(story.server, { epoch: "restored" });
  await story.server.clock.advance(2_000);
  story.server.socket.deliver({ ...event, mentions: 1, as_of: 3 });
  expect(story.client.store.getState().channels[channelId]?.mention_count).toBe(1);
});
