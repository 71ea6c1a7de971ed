import { beforeEach, expect, test } from "vitest";
import { bob, ChannelStory } from "../testing/channel-story.ts";
import { alice } from "../testing/fake-server.ts";

let story: ChannelStory;

beforeEach(async () => {
  story = await ChannelStory.begin();
  return () => story.client.close();
});

test("a reaction is shown at once and reverted when the server refuses it", async () => {
  await story.open();
  story.server.publish(story.say("hello"));
  story.server.answers.set(`PUT /api/messages/${story.idOf("hello")}/reactions/%F0%9F%91%8D`, () =>
    Response.json({ error: { code: "limit_reached", message: "no" } }, { status: 422 }),
  );
  const refused = story.client.setReaction(story.idOf("hello"), "👍", true);
  expect(story.timeline().messages[0]?.reactions).toEqual([{ emoji: "👍", count: 1, user_ids: [1] }]);
  await expect(refused).rejects.toMatchObject({ code: "limit_reached" });
  expect(story.timeline().messages[0]?.reactions).toEqual([]);
});

test("several clicks on one reaction that are all refused leave it unchanged", async () => {
  await story.open();
  story.server.publish(story.say("hello"));
  for (const method of ["PUT", "DELETE"]) {
    story.server.answers.set(`${method} /api/messages/${story.idOf("hello")}/reactions/%F0%9F%91%8D`, () =>
      Response.json({ error: { code: "limit_reached", message: "no" } }, { status: 422 }),
    );
  }
  const clicks = [true, false, true, false].map((on) => story.client.setReaction(story.idOf("hello"), "👍", on));
  await Promise.all(clicks.map((click) => expect(click).rejects.toMatchObject({ code: "limit_reached" })));
  expect(story.timeline().messages[0]?.reactions).toEqual([]);
});

test("reactions keep the server's order while clicks are unconfirmed", async () => {
  await story.open();
  story.server.publish(story.say("hello"));
  const id = story.idOf("hello");
  const chips = () => story.timeline().messages[0]?.reactions.map(({ emoji, count }) => `${emoji}${count}`);
  const path = `/api/messages/${id}/reactions`;
  story.server.answers.set(`PUT ${path}/%F0%9F%8E%89`, () => new Promise<Response>(() => {}));
  void story.client.setReaction(id, "🎉", true);
  story.server.publish(story.server.channel.react(bob, id, "👍", true));
  expect(chips()).toEqual(["👍1", "🎉1"]);
  story.server.publish(
    story.server.channel.react(alice, id, "🎉", true),
    story.server.channel.react(bob, id, "❤️", true),
  );
  expect(chips()).toEqual(["👍1", "🎉1", "❤️1"]);

  story.server.publish(
    story.server.channel.react(alice, id, "🔥", true),
    story.server.channel.react(bob, id, "🚀", true),
  );
  story.server.answers.set(`DELETE ${path}/%F0%9F%94%A5`, () =>
    Response.json({ error: { code: "limit_reached", message: "no" } }, { status: 422 }),
  );
  await expect(story.client.setReaction(id, "🔥", false)).rejects.toMatchObject({ code: "limit_reached" });
  expect(chips()).toEqual(["👍1", "🎉1", "❤️1", "🔥1", "🚀1"]);
});
