import { bitsOf } from "@miscord/rights";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { layouts, type TestInstance } from "../../../apps/server/src/testing/layouts.ts";
import type { MiscordClient } from "./index.ts";
import { allConverge, ClientWorld, me, until } from "./testing/client-world.ts";

const layoutNames = process.env["EVERY_LAYOUT"] ? ["one process", "four workers", "two nodes"] : ["two nodes"];

describe.each(layoutNames)("forums in the layout of %s", (layout) => {
  let instance: TestInstance;
  let world: ClientWorld;
  /** The owner on the first node, two members on the second and the first. */
  let ann: MiscordClient;
  let bob: MiscordClient;
  let eve: MiscordClient;
  let serverId: number;
  let forumId: number;
  const byActivity = { order: "activity", tags: [] } as const;

  beforeAll(async () => {
    instance = await layouts[layout]!();
  });
  beforeEach(async () => {
    world = new ClientWorld(instance);
    ann = await world.newcomer({ node: 0 });
    bob = await world.newcomer({ node: 1 });
    eve = await world.newcomer({ node: 0 });
    ({ serverId } = await world.unite(ann, bob, eve));
    forumId = (await ann.rest.createChannel(serverId, { name: "help", type: "forum" })).id;
    const tag = { emoji: null, moderated: false };
    const tags = [
      { ...tag, name: "bug" },
      { ...tag, name: "idea" },
    ];
    await ann.rest.updateChannel(forumId, { forum: { tags } });
    for (const client of [ann, bob, eve])
      await until(() => stateOf(client).channels[forumId]?.forum?.tags.length === 2);
  });
  afterEach(() => world.close());
  afterAll(() => instance.cleanup());

  const stateOf = (client: MiscordClient) => client.store.getState();
  const listOf = (client: MiscordClient) => stateOf(client).forums[forumId];
  const namesOf = (client: MiscordClient) =>
    [...(listOf(client)?.pinned ?? []), ...(listOf(client)?.posts ?? [])].map(({ name }) => name).join();
  const post = (client: MiscordClient, name: string, tags: number[] = []) =>
    client.rest.createPost(forumId, { name, tags, content: `about ${name}` });
  async function opened(...clients: readonly MiscordClient[]): Promise<void> {
    await Promise.all(clients.map((client) => client.openForum(forumId, byActivity)));
    for (const client of clients) await expect.poll(() => listOf(client)?.status, { interval: 10 }).toBe("ready");
  }

  test("posts come and change for those who have the forum open, and cost others nothing", async () => {
    await opened(ann, bob);
    const heard: string[] = [];
    eve.on("event", (event) => heard.push(JSON.stringify(event)));
    const { id } = await post(bob, "crash", [1]);
    await until(() => namesOf(ann) === "crash" && namesOf(bob) === "crash");
    await until(() => stateOf(bob).threads[id]?.is_following === true);
    expect(listOf(ann)?.posts[0]).toMatchObject({
      excerpt: "about crash",
      tags: [1],
      is_following: false,
      read_seq: 0,
    });
    await post(ann, "wish", [2]);
    await until(() => namesOf(bob) === "wish,crash");
    await ann.rest.createMessage(id, { content: "which version?" });
    await until(() => namesOf(ann) === "crash,wish" && namesOf(bob) === "crash,wish");
    await until(() => listOf(ann)?.posts[0]?.is_following === true);
    await bob.rest.updateThread(id, { name: "crash on start", tags: [1, 2] });
    await until(() => namesOf(ann) === "crash on start,wish");
    await ann.rest.updateThread(stateOf(ann).forums[forumId]!.posts[1]!.id, { pinned: true, locked: true });
    await until(() => namesOf(bob) === "wish,crash on start");
    bob.markRead(id, 2);
    await until(() => listOf(bob)?.posts[0]?.read_seq === 2);
    await allConverge(ann, bob, eve);
    expect(heard.filter((event) => event.includes("crash"))).toEqual([]);
    await ann.rest.deleteChannel(id);
    await until(() => namesOf(ann) === "wish" && namesOf(bob) === "wish");
    await allConverge(ann, bob, eve);
  });

  test("a new post marks the forum for all but its author, until they look, and what is said in posts does not", async () => {
    const isUnread = (client: MiscordClient) => {
      const { last_message_seq, read_seq } = stateOf(client).channels[forumId]!;
      return last_message_seq > read_seq;
    };
    await opened(ann);
    const { id } = await post(bob, "crash");
    await until(() => isUnread(ann) && isUnread(eve));
    await until(() => stateOf(bob).channels[forumId]!.last_message_seq === 1);
    expect(isUnread(bob)).toBe(false);
    ann.markRead(forumId, stateOf(ann).channels[forumId]!.last_message_seq);
    await until(() => !isUnread(ann));
    await allConverge(ann, bob, eve);
    await eve.rest.createMessage(id, { content: "same here" });
    await post(eve, "wish");
    await until(() => isUnread(ann) && isUnread(bob));
    expect(stateOf(ann).channels[forumId]).toMatchObject({ last_message_seq: 2, read_seq: 1, mention_count: 0 });
    await allConverge(ann, bob, eve);
  });

  test("a filter, pages and an order of their own are kept up to date, also after a lost connection", async () => {
    for (let count = 1; count <= 27; count += 1) await post(ann, `post ${count}`, count % 9 === 0 ? [1] : []);
    await opened(ann, bob);
    expect([listOf(bob)?.posts.length, listOf(bob)?.cursor]).toEqual([25, expect.any(String)]);
    // A post that is not loaded comes with its activity.
    const last = (await ann.rest.listPosts(forumId, { cursor: listOf(ann)!.cursor! })).posts.at(-1)!;
    await ann.rest.createMessage(last.id, { content: "up" });
    await until(() => namesOf(bob).startsWith("post 1,"));
    // One that changes behind the loaded ones is not shown.
    const renamed = new Promise((resolve) => {
      bob.on("event", (event) => event.type === "post_updated" && event.post.name === "behind" && resolve(null));
    });
    const [behind] = (await ann.rest.listPosts(forumId, { cursor: listOf(ann)!.cursor! })).posts;
    await ann.rest.updateThread(behind!.id, { name: "behind" });
    await renamed;
    expect(namesOf(bob)).not.toContain("behind");
    await allConverge(ann, bob);
    await bob.loadMorePosts(forumId);
    expect([listOf(bob)?.posts.length, listOf(bob)?.cursor]).toEqual([27, null]);
    await eve.openForum(forumId, { order: "newest", tags: [1] });
    await until(() => namesOf(eve) === "post 27,post 18,post 9");
    await ann.rest.createMessage(listOf(eve)!.posts[2]!.id, { content: "up" });
    await until(() => listOf(eve)!.posts[2]!.last_message_seq === 2);
    await ann.rest.updateThread(listOf(eve)!.posts[0]!.id, { tags: [2] });
    await until(() => namesOf(eve) === "post 18,post 9");
    await allConverge(ann, bob, eve);
    eve.reconnect({ force: true });
    await post(bob, "meanwhile", [1]);
    await until(() => namesOf(eve) === "meanwhile,post 18,post 9" && stateOf(eve).connection.ready);
    await allConverge(ann, bob, eve);
  });

  test("a tag that is removed goes from posts and filters; a list goes and comes with the right to see it", async () => {
    await post(bob, "crash", [1, 2]);
    await opened(ann, bob);
    await eve.openForum(forumId, { order: "activity", tags: [2] });
    await until(() => namesOf(eve) === "crash");
    await ann.rest.updateChannel(forumId, { forum: { tags: [stateOf(ann).channels[forumId]!.forum!.tags[0]!] } });
    await until(() => namesOf(eve) === "" && listOf(bob)?.posts[0]?.tags?.join() === "1");
    await allConverge(ann, bob, eve);
    const everyone = stateOf(ann).servers[serverId]!.everyone_role_id;
    await ann.rest.setOverride(forumId, everyone, { type: "role", allow: 0, deny: bitsOf("viewChannel") });
    await until(
      () => !listOf(bob) && !stateOf(bob).channels[forumId] && Object.keys(stateOf(bob).threads).length === 0,
    );
    const heard: string[] = [];
    bob.on("event", (event) => heard.push(JSON.stringify(event)));
    await post(ann, "hidden");
    await until(() => namesOf(ann) === "hidden,crash");
    await allConverge(ann, bob);
    expect(heard.filter((event) => event.includes("hidden"))).toEqual([]);
    await ann.rest.removeOverride(forumId, everyone, "role");
    await until(() => stateOf(bob).channels[forumId] !== undefined);
    await opened(bob);
    expect(namesOf(bob)).toBe("hidden,crash");
    await allConverge(ann, bob);
  });

  test("posts of somebody who is blocked are left out, and a client of version 1 sees no forum", async () => {
    await post(eve, "from eve");
    await opened(bob);
    await bob.rest.block(me(eve).id);
    await until(() => namesOf(bob) === "" && listOf(bob)?.status === "ready");
    await post(eve, "again");
    await post(ann, "from ann");
    await until(() => namesOf(bob) === "from ann");
    await allConverge(bob);
    await bob.rest.unblock(me(eve).id);
    await until(() => namesOf(bob) === "from ann,again,from eve");
    await allConverge(bob);
    bob.setMode("legacy");
    await until(() => stateOf(bob).connection.ready && stateOf(bob).channels[forumId] === undefined);
    expect(stateOf(bob).forums).toEqual({});
    bob.setMode("enhanced");
    await until(() => stateOf(bob).channels[forumId] !== undefined);
    await opened(bob);
    await allConverge(bob);
  });
});
