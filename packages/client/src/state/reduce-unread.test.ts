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
