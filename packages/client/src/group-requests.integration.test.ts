import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { layouts, type TestInstance } from "../../../apps/server/src/testing/layouts.ts";
import type { MiscordClient } from "./index.ts";
import { allConverge, ClientWorld, me, until } from "./testing/client-world.ts";

describe("groups over two nodes", () => {
  let instance: TestInstance;
  let world: ClientWorld;
  beforeAll(async () => {
    instance = await layouts["two nodes"]!();
    world = new ClientWorld(instance);
  });
  afterAll(async () => {
    world.close();
    await instance.cleanup();
  });

  const stateOf = (client: MiscordClient) => client.store.getState();

  test("a group of a stranger is a request, unheard, until it is accepted or left, and to friends it is none", async () => {
    const [ann, bob] = [await world.newcomer({ node: 0 }), await world.newcomer({ node: 1 })];
    const [friend, third] = [await world.newcomer({ node: 0 }), await world.newcomer({ node: 1 })];
    for (const client of [bob, third]) await client.rest.updateProfile({ messages_from: "everyone" });
    await ann.rest.addFriend(me(friend).id);
    await friend.rest.addFriend(me(ann).id);
    const heard: unknown[] = [];
    bob.on("event", (event) => event.type === "dm_activity" && event.message && heard.push(event.message.excerpt));
    const group = await ann.openDm([me(bob).id, me(friend).id], "Plans");
    const asks = (client: MiscordClient) => stateOf(client).dms[group]?.isRequest;
    await until(() => asks(bob) === true && asks(friend) === false);
    await ann.rest.createMessage(group, { content: "unheard" });
    await ann.rest.addToGroup(group, me(third).id);
    await until(() => asks(third) === true && stateOf(friend).channels[group]?.mention_count === 1);
    await allConverge(ann, bob, friend, third);
    expect([stateOf(bob).channels[group]?.mention_count, heard]).toEqual([0, []]);
    await third.rest.answerRequest(group, "ignore");
    await until(() => stateOf(third).dms[group] === undefined && stateOf(ann).dms[group]?.recipients.length === 3);
    await bob.rest.answerRequest(group, "accept");
    await until(() => asks(bob) === false && stateOf(bob).channels[group]?.mention_count === 1);
    await ann.rest.createMessage(group, { content: "heard" });
    await until(() => heard.join() === "heard");
    await allConverge(ann, bob, friend, third);
  });
});
