import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { limits } from "@miscord/protocol";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { MemoryHub } from "../../../apps/server/src/bus/memory-hub.ts";
import { MemoryHub as ClusterHub } from "../../../apps/server/src/cluster/memory-hub.ts";
import { NetworkBus } from "../../../apps/server/src/bus/network-bus.ts";
import { chunks } from "../../../apps/server/src/chunks.ts";
import { systemClock } from "../../../apps/server/src/clock.ts";
import type { Store } from "../../../apps/server/src/store/contract.ts";
import { openSqliteStore } from "../../../apps/server/src/store/sqlite/open-sqlite-store.ts";
import { shareStore } from "../../../apps/server/src/testing/shared-store.ts";
import { startTestServer, type TestServer } from "../../../apps/server/src/testing/test-server.ts";
import type { MiscordClient } from "./index.ts";
import { allConverge, ClientWorld, me, textsOf, timelineOf, until } from "./testing/client-world.ts";

describe("private channels over two nodes", () => {
  let store: Store;
  let folder: string;
  let clusterHub: ClusterHub;
  let nodes: TestServer[];
  let world: ClientWorld;
  /** On the first node, on the second, on the first; all in one server. */
  let ann: MiscordClient;
  let bob: MiscordClient;
  let eve: MiscordClient;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "miscord-private-"));
    store = await openSqliteStore({ file: join(folder, "test.db"), clock: systemClock });
    const hub = new MemoryHub(systemClock);
    clusterHub = new ClusterHub(systemClock);
    const viewOf = shareStore(store);
    const start = async (nodeId: string) => {
      const cluster = await clusterHub.join();
      const bus = await NetworkBus.open(hub.connect(nodeId), { nodeId, clock: systemClock });
      return startTestServer(
        { secretKey: "0123456789abcdef0123456789abcdef", forwardsVoice: false },
        { store: viewOf(), bus, cluster },
      );
    };
    nodes = [await start("a"), await start("b")];
  });

  afterEach(() => world.close());
  afterAll(async () => {
    await Promise.all(nodes.map((node) => node.cleanup()));
    clusterHub.close();
    await store.close();
    rmSync(folder, { recursive: true, force: true });
  });

  async function gather(): Promise<{ serverId: number; channelId: number }> {
    world = new ClientWorld({ urls: nodes.map(({ url }) => url) });
    ann = await world.newcomer({ node: 0 });
    bob = await world.newcomer({ node: 1 });
    eve = await world.newcomer({ node: 0 });
    return world.unite(ann, bob, eve);
  }

  async function createCrowd(count: number): Promise<number[]> {
    const people = Array.from({ length: count }, (_, index) => ({
      username: `crowd${index}`,
      username_key: `crowd${index}`,
      username_skeleton: `crowd${index}`,
      display_name: "Crowd",
      email: `crowd${index}@example.org`,
      password_hash: "",
      avatar_color: "#336699",
      is_admin: 0,
      locale: null,
      theme: "system",
      status: "online",
      created_at: 1,
    }));
    const ids: number[] = [];
    for (const some of chunks(people, 200)) {
      const made = await store.db.insertInto("users").values(some).returning("id").execute();
      ids.push(...made.map(({ id }) => id));
    }
    return ids;
  }

  const stateOf = (client: MiscordClient) => client.store.getState();
  const refusalOf = (work: Promise<unknown>) =>
    work.then(
      () => "nothing",
      (error: { code: string }) => error.code,
    );

  test("two people talk: history, edits, reactions, typing, read positions and resume", async () => {
    await gather();
    const dm = await ann.openDm([me(bob).id]);
    expect(await bob.openDm([me(ann).id])).toBe(dm);
    await ann.openChannel(dm);
    ann.sendMessage(dm, { content: "hello" });
    await until(() => stateOf(bob).channels[dm]?.mention_count === 1);
    await bob.openChannel(dm);
    const [first] = timelineOf(bob, dm).messages;
    await bob.setReaction(first!.id, "👍", true);
    await ann.editMessage(first!.id, "hello there");
    bob.sendTyping(dm);
    await until(() => stateOf(ann).typing[dm]?.[me(bob).id] !== undefined);
    bob.markRead(dm, first!.seq);
    await until(() => stateOf(bob).channels[dm]?.mention_count === 0);
    await until(() => timelineOf(bob, dm).messages[0]?.content === "hello there");
    bob.setMode("legacy");
    await until(() => stateOf(bob).connection.ready && stateOf(bob).dms[dm] === undefined);
    ann.sendMessage(dm, { content: "while away" });
    bob.setMode("enhanced");
    await until(() => stateOf(bob).channels[dm]?.mention_count === 1);
    await bob.openChannel(dm);
    await until(() => textsOf(bob, dm).join() === "hello there,while away");
    await until(() => timelineOf(ann, dm).outbox.length === 0);
    await allConverge(ann, bob, eve);
    expect(stateOf(eve).dms).toEqual({});
  });

  test("a conversation shows up for the other one with its first message, with presence and an excerpt", async () => {
    await gather();
    const excerpts: unknown[] = [];
    bob.on("event", (event) => event.type === "dm_activity" && excerpts.push(event.message?.excerpt));
    const dm = await ann.openDm([me(bob).id]);
    expect(stateOf(bob).dms[dm]).toBeUndefined();
    await ann.rest.createMessage(dm, { content: "psst **you**" });
    await until(() => stateOf(bob).channels[dm]?.mention_count === 1);
    expect(excerpts).toEqual(["psst you"]);
    bob.setStatus("dnd");
    await until(() => stateOf(ann).presence[me(bob).id] === "dnd");
    await allConverge(ann, bob);
  });

  test("a group is made, named, joined by more, left, and passes to another owner", async () => {
    const { serverId } = await gather();
    const group = await ann.openDm([me(bob).id, me(eve).id], "Trip");
    await until(() => stateOf(eve).dms[group]?.name === "Trip");
    await eve.openChannel(group);
    ann.sendMessage(group, { content: "when?" });
    await until(() => textsOf(eve, group).join() === "when?");
    await bob.rest.renameGroup(group, "Road trip");
    const dan = await world.newcomer({ node: 1 });
    expect(await refusalOf(bob.rest.addToGroup(group, me(dan).id))).toBe("forbidden");
    const { code } = await ann.rest.createInvite(serverId);
    await dan.rest.joinInvite(code);
    await bob.rest.addToGroup(group, me(dan).id);
    await until(() => stateOf(dan).dms[group]?.recipients.length === 4);
    expect(await refusalOf(bob.rest.removeFromGroup(group, me(eve).id))).toBe("forbidden");
    await ann.rest.removeFromGroup(group, me(eve).id);
    await until(() => stateOf(eve).timelines[group] === undefined && stateOf(eve).dms[group] === undefined);
    await ann.rest.removeFromGroup(group, me(ann).id);
    await until(() => stateOf(dan).dms[group]?.owner_id === me(bob).id);
    expect(await refusalOf(ann.rest.createMessage(group, { content: "still here" }))).toBe("not_found");
    await allConverge(ann, bob, eve, dan);
  });

  test("friends are asked, accepted and parted live on both nodes", async () => {
    await gather();
    const kinds = () => [stateOf(ann).relationships[me(bob).id]?.kind, stateOf(bob).relationships[me(ann).id]?.kind];
    await ann.rest.addFriendNamed(me(bob).username);
    await until(() => kinds().join() === "outgoing,incoming");
    await bob.rest.addFriend(me(ann).id);
    await until(() => kinds().join() === "friend,friend");
    await allConverge(ann, bob);
    await bob.rest.removeFriend(me(ann).id);
    await until(() => kinds()[0] === undefined);
    await allConverge(ann, bob);
    expect(kinds()).toEqual([undefined, undefined]);
  });

  test("a stranger's first message waits among the requests, unheard, until it is accepted, answered, or ignored for good", async () => {
    world = new ClientWorld({ urls: nodes.map(({ url }) => url) });
    [ann, bob] = [await world.newcomer({ node: 0 }), await world.newcomer({ node: 1 })];
    const third = await world.newcomer({ node: 0 });
    await bob.rest.updateProfile({ messages_from: "everyone" });
    const heard: unknown[] = [];
    bob.on("event", (event) => event.type === "dm_activity" && event.message && heard.push(event.message.excerpt));
    const [dm, other] = [await ann.openDm([me(bob).id]), await third.openDm([me(bob).id])];
    for (const [client, id] of [
      [ann, dm],
      [third, other],
    ] as const) {
      await client.rest.createMessage(id, { content: "first" });
      await client.rest.createMessage(id, { content: "second" });
    }
    const requestsOf = () => Object.values(stateOf(bob).dms).map(({ isRequest }) => isRequest);
    await until(() => requestsOf().length === 2);
    await allConverge(ann, bob, third);
    expect([requestsOf(), stateOf(bob).channels[dm]?.mention_count]).toEqual([[true, true], 0]);
    // The senders see a conversation like any other, whatever becomes of it.
    const seenBy = (client: MiscordClient, id: number) => JSON.stringify(stateOf(client).dms[id]);
    const before = seenBy(third, other);
    await bob.rest.answerRequest(other, "ignore");
    await until(() => stateOf(bob).dms[other] === undefined);
    const ofIgnored: string[] = [];
    bob.on("event", (event) => "channel_id" in event && event.channel_id === other && ofIgnored.push(event.type));
    const { timestamp } = await third.rest.createMessage(other, { content: "third" });
    await until(() => stateOf(third).dms[other]?.last_message_at === timestamp);
    expect({ ...JSON.parse(seenBy(third, other)), last_message_at: "" }).toEqual({
      ...JSON.parse(before),
      last_message_at: "",
    });
    await allConverge(bob, third);
    expect([heard, ofIgnored]).toEqual([[], []]);
    expect(await refusalOf(ann.rest.answerRequest(dm, "ignore"))).toBe("not_found");
    expect(await refusalOf(third.rest.answerRequest(dm, "accept"))).toBe("not_found");
    await bob.rest.createMessage(dm, { content: "an answer accepts" });
    await until(() => stateOf(bob).dms[dm]?.isRequest === false && stateOf(bob).channels[dm]?.mention_count === 2);
    await ann.rest.createMessage(dm, { content: "heard" });
    await until(() => heard.join() === "heard");
    await allConverge(ann, bob, third);
  });

  test("who blocks another is offline for them, and so is whoever has not been written to, on both nodes", async () => {
    world = new ClientWorld({ urls: nodes.map(({ url }) => url) });
    ann = await world.newcomer({ node: 0 });
    bob = await world.newcomer({ node: 1 });
    const seen = () => [stateOf(ann).presence[me(bob).id], stateOf(bob).presence[me(ann).id]];
    await bob.rest.updateProfile({ messages_from: "everyone" });
    const dm = await ann.openDm([me(bob).id]);
    expect(seen()).toEqual(["offline", undefined]);
    await ann.rest.createMessage(dm, { content: "hello" });
    // Until the request of a stranger is accepted nobody's presence is shown.
    await until(() => stateOf(bob).dms[dm]?.isRequest === true);
    await allConverge(ann, bob);
    expect(seen()).toEqual(["offline", undefined]);
    await bob.rest.answerRequest(dm, "accept");
    await until(() => seen().join() === "online,online");
    await ann.rest.block(me(bob).id);
    await until(() => seen().join() === "offline,offline");
    ann.setStatus("dnd");
    await until(() => stateOf(ann).session.me?.status === "dnd");
    await allConverge(ann, bob);
    expect(seen()).toEqual(["offline", "offline"]);
    await ann.rest.unblock(me(bob).id);
    await until(() => seen().join() === "online,dnd");
    await allConverge(ann, bob);
  });

  test("somebody who leaves a group twice at once has left it, and its owner removes them once more without an error", async () => {
    await gather();
    const group = await ann.openDm([me(bob).id, me(eve).id]);
    const leave = () => refusalOf(bob.rest.removeFromGroup(group, me(bob).id));
    expect(await Promise.all([leave(), leave(), leave()])).toContain("nothing");
    expect(await refusalOf(ann.rest.removeFromGroup(group, me(bob).id))).toBe("nothing");
    const last = [ann, eve].map((client) => refusalOf(client.rest.removeFromGroup(group, me(client).id)));
    expect(await Promise.all(last)).toEqual(["nothing", "nothing"]);
    await allConverge(ann, bob, eve);
    expect([ann, bob, eve].map((client) => stateOf(client).dms[group])).toEqual([undefined, undefined, undefined]);
  });

  test("requests and conversations of others take nothing from one's own limits", async () => {
    await gather();
    const [annId, bobId] = [me(ann).id, me(bob).id];
    const crowd = await createCrowd(limits.relationshipsPerUser);
    for (const ids of chunks(crowd, 200)) {
      const asks = ids.map((id) => ({ user_id: id, friend_id: annId, created_at: 1 }));
      await store.db.insertInto("friends").values(asks).execute();
    }
    expect(await refusalOf(bob.rest.addFriend(annId))).toBe("limit_reached");
    expect(await refusalOf(ann.rest.addFriend(bobId))).toBe("nothing");
    expect(await refusalOf(ann.rest.block(me(eve).id))).toBe("nothing");
    const groups = crowd.map(() => ({ server_id: null, name: "", type: "group", position: 0, created_at: 1 }));
    for (const some of chunks(groups, 200)) {
      const made = await store.db.insertInto("channels").values(some).returning("id").execute();
      const rows = made.map(({ id }) => ({ channel_id: id, user_id: bobId, joined_at: 1 }));
      await store.db.insertInto("recipients").values(rows).execute();
    }
    expect(await refusalOf(eve.openDm([bobId, annId]))).toBe("forbidden");
    await ann.rest.unblock(me(eve).id);
    expect(await refusalOf(ann.openDm([bobId, me(eve).id]))).toBe("limit_reached");
    const group = await ann.openDm([me(eve).id], "Without Bob");
    expect(await refusalOf(ann.rest.addToGroup(group, bobId))).toBe("limit_reached");
    expect(await refusalOf(bob.openDm([annId]))).toBe("nothing");
  });

  test("every way in is closed to a blocked person, who is told nothing", async () => {
    const { serverId, channelId } = await gather();
    const dm = await bob.openDm([me(ann).id]);
    const before = await bob.rest.createMessage(dm, { content: "before" });
    await ann.openChannel(await ann.openDm([me(bob).id]));
    const role = await ann.rest.createRole(serverId, { name: "crew", mentionable: true });
    await ann.rest.giveRole(serverId, me(ann).id, role.id);
    const [told, heard, id] = [[] as string[], [] as string[], me(ann).id];
    bob.on("event", ({ type }) => void told.push(type));
    await ann.rest.block(me(bob).id);
    await until(() => stateOf(ann).relationships[me(bob).id]?.kind === "blocked");
    ann.on("event", (event) => void heard.push(JSON.stringify(event)));
    const ways = {
      message: refusalOf(bob.rest.createMessage(dm, { content: "let me" })),
      reply: refusalOf(bob.rest.createMessage(dm, { content: "let me", reply_to_id: before.id })),
      edit: refusalOf(bob.rest.editMessage(before.id, "let me")),
      reaction: refusalOf(bob.rest.addReaction(before.id, "👍")),
      request: refusalOf(bob.rest.addFriend(id)),
      group: refusalOf(bob.openDm([id, me(eve).id])),
    };
    for (const [way, code] of Object.entries(ways)) expect([way, await code]).toEqual([way, "forbidden"]);
    expect(await refusalOf(bob.rest.addToGroup(await bob.openDm([me(eve).id], "Without Ann"), id))).toBe("forbidden");
    bob.sendTyping(dm);
    // The invitation is made, and reaches nobody; neither do the mention and the reply in the common channel.
    await bob.rest.createInvite(serverId, { username: me(ann).username }).catch(() => {});
    const own = await ann.rest.createMessage(channelId, { content: "mine" });
    await bob.rest.createMessage(channelId, { content: `<@&${role.id}>` });
    await bob.rest.createMessage(channelId, { content: `@${me(ann).username} let me`, reply_to_id: own.id });
    const { id: threadId } = await bob.rest.createThread(channelId, { name: "aside", message_id: own.id });
    await bob.rest.createMessage(threadId, { content: `@${me(ann).username} in` });
    await until(() => textsOf(ann, channelId).some((text) => text.includes("let me")));
    await allConverge(ann, bob, eve);
    expect(stateOf(ann).threads[threadId]).toBeUndefined();
    expect(heard.filter((event) => /"(notification|typing)"/.test(event))).toEqual([]);
    expect(stateOf(ann).channels[channelId]?.mention_count).toBe(0);
    expect(told.filter((type) => type.startsWith("relationship") || type === "resync")).toEqual([]);
    expect(stateOf(bob).dms[dm]?.recipients.map((one) => one.id)).toContain(id);
    await ann.rest.unblock(me(bob).id);
    await bob.rest.createMessage(dm, { content: "after" });
    await until(() => textsOf(ann, dm).join() === "before,after");
    await allConverge(ann, bob);
  });
});
