import { bitsOf } from "@miscord/rights";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { layouts, type TestInstance } from "../../../apps/server/src/testing/layouts.ts";
import { followedThreads, type MiscordClient } from "./index.ts";
import { allConverge, ClientWorld, me, say, textsOf, timelineOf, until } from "./testing/client-world.ts";

describe("threads over two nodes", () => {
  let instance: TestInstance;
  let world: ClientWorld;
  /** The owner on the first node, two members on the second and the first. */
  let ann: MiscordClient;
  let bob: MiscordClient;
  let eve: MiscordClient;
  let serverId: number;
  let channelId: number;

  beforeAll(async () => {
    instance = await layouts["two nodes"]!();
  });
  beforeEach(async () => {
    world = new ClientWorld(instance);
    ann = await world.newcomer({ node: 0 });
    bob = await world.newcomer({ node: 1 });
    eve = await world.newcomer({ node: 0 });
    ({ serverId, channelId } = await world.unite(ann, bob, eve));
  });
  afterEach(() => world.close());
  afterAll(() => instance.cleanup());

  const stateOf = (client: MiscordClient) => client.store.getState();
  const listedBy = (client: MiscordClient) => followedThreads(stateOf(client), channelId);
  const heard = (client: MiscordClient) => {
    const events: string[] = [];
    client.on("event", (event) => events.push(JSON.stringify(event)));
    return events;
  };

  test("one is created from a message, opened and written in; it costs those who do not follow it nothing", async () => {
    const messageId = await say(ann, channelId, "lunch?");
    const eves = heard(eve);
    const { id } = await ann.rest.createThread(channelId, { name: "lunchplace", message_id: messageId });
    await until(() => timelineOf(bob, channelId).messages.at(-1)?.thread?.id === id);
    await until(() => listedBy(ann).includes(id));
    expect([...listedBy(bob), ...listedBy(eve)]).toEqual([]);
    expect(await bob.loadThread(id)).toBe(true);
    await Promise.all([ann.openChannel(id), bob.openChannel(id)]);
    await say(bob, id, "the one at the corner");
    await until(() => textsOf(ann, id).length === 1 && listedBy(bob).includes(id));
    bob.sendTyping(id);
    await until(() => stateOf(ann).typing[id]?.[me(bob).id] !== undefined);
    await say(ann, id, "yes");
    bob.markRead(id, 2);
    await until(() => stateOf(bob).channels[id]?.read_seq === 2);
    await allConverge(ann, bob, eve);
    // All that the third one heard of it is the mark of the message.
    expect(eves.filter((event) => event.includes(`"channel_id":${id}`) || event.includes("corner"))).toEqual([]);
    expect(stateOf(eve).channels[id]).toBeUndefined();
  });

  test("who follows it hears of it without having it open; who is mentioned follows it; both can leave it", async () => {
    const { id } = await ann.rest.createThread(channelId, { name: "plans" });
    await bob.rest.followThread(id);
    await until(() => listedBy(bob).includes(id));
    await ann.rest.createMessage(id, { content: `see @${me(eve).username}` });
    await until(() => stateOf(bob).channels[id]?.last_message_seq === 1);
    await until(() => listedBy(eve).includes(id) && stateOf(eve).channels[id]?.mention_count === 1);
    await until(() => stateOf(eve).inbox.notifications[0]?.channel_id === id);
    await eve.setNotificationLevel({ kind: "channel", id }, { level: "nothing" });
    await allConverge(ann, bob, eve);
    await eve.rest.unfollowThread(id);
    await until(() => !listedBy(eve).includes(id));
    const eves = heard(eve);
    await ann.rest.createMessage(id, { content: "more" });
    await until(() => stateOf(bob).channels[id]?.last_message_seq === 2);
    await allConverge(ann, bob, eve);
    expect(eves.filter((event) => event.includes(`${id}`) && event.includes("activity"))).toEqual([]);
    await expect(eve.rest.updateThread(id, { name: "mine" })).rejects.toMatchObject({ code: "forbidden" });
    await eve.rest.followThread(id);
    await until(() => listedBy(eve).includes(id));
  });

  test("it is renamed, archived, revived by a message and locked; a client that was away catches up", async () => {
    const messageId = await say(bob, channelId, "weather");
    const { id } = await bob.rest.createThread(channelId, { name: "wether", message_id: messageId });
    await bob.openChannel(id);
    await bob.rest.updateThread(id, { name: "weather" });
    await until(() => timelineOf(eve, channelId).messages.at(-1)?.thread?.name === "weather");
    await bob.rest.updateThread(id, { archived: true });
    await until(() => !listedBy(bob).includes(id));
    // A client that connects now does not have it.
    bob.reconnect({ force: true });
    await until(() => stateOf(bob).connection.attempt === 0 && stateOf(bob).connection.ready);
    await allConverge(ann, bob, eve);
    await ann.rest.createMessage(id, { content: "it rains" });
    await until(() => listedBy(bob).includes(id) && listedBy(ann).includes(id));
    await until(() => textsOf(bob, id).join() === "it rains");
    await ann.rest.updateThread(id, { locked: true });
    await until(() => stateOf(bob).threads[id]?.locked === true);
    const refusal = { code: "forbidden" };
    await expect(bob.rest.createMessage(id, { content: "let me in" })).rejects.toMatchObject(refusal);
    await expect(bob.rest.updateThread(id, { name: "mine" })).rejects.toMatchObject(refusal);
    await expect(bob.rest.deleteChannel(id)).rejects.toMatchObject(refusal);
    await allConverge(ann, bob, eve);
  });

  test("it goes and comes with the right to see its parent, and is gone once deleted", async () => {
    const { id } = await ann.rest.createThread(channelId, { name: "vault" });
    await bob.rest.followThread(id);
    await eve.loadThread(id);
    await Promise.all([ann.openChannel(id), bob.openChannel(id), eve.openChannel(id)]);
    await say(ann, id, `gold, @${me(bob).username}`);
    await until(() => stateOf(bob).channels[id]?.mention_count === 1);
    const everyone = stateOf(ann).servers[serverId]!.everyone_role_id;
    await ann.rest.setOverride(channelId, everyone, { type: "role", allow: 0, deny: bitsOf("viewChannel") });
    for (const client of [bob, eve]) await until(() => stateOf(client).channels[id] === undefined);
    expect([stateOf(bob).timelines[id], stateOf(eve).timelines[id]]).toEqual([undefined, undefined]);
    await until(() => stateOf(bob).inbox.notifications.every((one) => one.channel_id !== id));
    const [bobs, eves] = [heard(bob), heard(eve)];
    await say(ann, id, "more gold");
    await allConverge(ann, bob, eve);
    expect([...bobs, ...eves].filter((event) => event.includes("gold"))).toEqual([]);
    await ann.rest.removeOverride(channelId, everyone, "role");
    await until(() => listedBy(bob).includes(id));
    expect(stateOf(bob).channels[id]).toMatchObject({ mention_count: 1, last_message_seq: 2 });
    await bob.openChannel(id);
    await eve.loadThread(id);
    await eve.openChannel(id);
    await allConverge(ann, bob, eve);
    await ann.rest.deleteChannel(id);
    for (const client of [ann, bob, eve]) await until(() => stateOf(client).channels[id] === undefined);
    await allConverge(ann, bob, eve);
  });
});
