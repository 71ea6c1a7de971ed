import type { KyselyPlugin } from "kysely";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { sendMessage } from "../../domain/messages/send-message.ts";
import { insertGroup } from "../../store/queries/private-channels.ts";
import { follow, insertThread, unfollow } from "../../store/queries/threads.ts";
import { HeldReads } from "../../testing/held-reads.ts";
import { RealtimeWorld, type TestPerson } from "../../testing/realtime-world.ts";
import type { TestSocket } from "../../testing/test-socket.ts";
import { openVoiceWorld } from "../voice/testing/voice-world.ts";
import { OldClient } from "../legacy/testing/old-client.ts";
import { eventually } from "../../testing/eventually.ts";

describe("a resync after messages of other nodes may have been missed", () => {
  let world: RealtimeWorld;
  let owner: TestPerson;
  let ann: TestPerson;

  beforeEach(async () => {
    world = await RealtimeWorld.open();
    [owner, ann] = [await world.person("owner"), await world.person("ann")];
  });
  afterEach(() => world.close());

  async function resync(): Promise<void> {
    const { count } = world.realtime.resync;
    world.realtime.resync.start();
    await eventually(() => {
      world.clock.advance(100);
      expect(world.realtime.resync.count).toBe(count + 1);
    });
  }

  async function received(socket: TestSocket, type: Parameters<TestSocket["all"]>[0]): Promise<number> {
    await socket.roundTrip();
    return socket.all(type).length;
  }

  test("asks every client to load its state anew, fifty every 100 ms", async () => {
    await world.server(owner, ann);
    const sockets = await Promise.all(Array.from({ length: 60 }, () => world.connect(ann)));
    const asked = async () => {
      const counts = await Promise.all(sockets.map((socket) => received(socket, "resync")));
      return counts.reduce((sum, count) => sum + count, 0);
    };
    world.realtime.resync.start();
    await eventually(async () => expect(await asked()).toBe(50));
    world.clock.advance(99);
    expect(await asked()).toBe(50);
    world.clock.advance(1);
    await eventually(async () => expect(await asked()).toBe(60));
  });

  test("sends nothing to clients of version 1", async () => {
    const { channelId } = await world.server(owner, ann);
    const { token } = ann;
    const chat = await OldClient.connect(world.url, `/ws/legacy/chat/${channelId}`, token);
    const notifications = await OldClient.connect(world.url, "/ws/legacy/notifications", token);
    await eventually(() => expect(world.realtime.delivery.topicCount).toBeGreaterThan(0));
    await resync();
    for (const { frames } of [chat, notifications]) expect(frames.filter(({ type }) => type === "resync")).toEqual([]);
    await Promise.all([chat.close(), notifications.close()]);
  });

  test("shows the threads that a user follows by now, and takes the others", async () => {
    const { serverId, channelId: parentId } = await world.server(owner, ann);
    const { db } = world.store;
    const now = world.clock.now();
    const fields = { serverId, parentId, name: "aside", ownerId: owner.id, starterId: null, archiveAfterS: 3_600, now };
    const [lost, gained] = [await insertThread(db, fields), await insertThread(db, fields)];
    await follow(db, lost, ann.id);
    const theirs = await world.connect(ann);
    await unfollow(db, lost, ann.id);
    await follow(db, gained, ann.id);
    await resync();
    expect(await theirs.next("thread_followed")).toMatchObject({ thread: { id: gained, is_following: true } });
    expect(await theirs.next("thread_unfollowed")).toMatchObject({ channel_id: lost });
    await sendMessage(world.context, { userId: owner.id }, { channelId: lost, content: "x" });
    await sendMessage(world.context, { userId: owner.id }, { channelId: gained, content: "x" });
    expect(await theirs.next("channel_activity")).toMatchObject({ channels: { [gained]: 1 } });
  });

  test("takes the server from a member whose removal was missed, and its channels", async () => {
    const { serverId, channelId } = await world.server(owner, ann);
    const [theirs, mine] = [await world.connect(ann), await world.connect(owner)];
    await Promise.all([theirs.join(channelId), mine.join(channelId)]);
    await world.store.db.deleteFrom("members").where("user_id", "=", ann.id).execute();
    await resync();
    await sendMessage(world.context, { userId: owner.id }, { channelId, content: "secret" });
    await mine.next("new_message");
    expect(await received(theirs, "new_message")).toBe(0);
    expect(await received(theirs, "channel_activity")).toBe(0);
    expect([...world.realtime.directory.of(ann.id)].map(({ serverIds }) => [...serverIds])).toEqual([[]]);
    expect([...world.realtime.directory.of(owner.id)].map(({ serverIds }) => [...serverIds])).toEqual([[serverId]]);
  });

  test("gives a member whose joining was missed the server's events", async () => {
    const socket = await world.connect(ann);
    const { serverId } = await world.server(owner, ann);
    await resync();
    expect([...world.realtime.directory.of(ann.id)].map(({ serverIds }) => [...serverIds])).toEqual([[serverId]]);
    await socket.close();
  });

  test("makes clients leave a channel whose deletion was missed", async () => {
    const { channelId } = await world.server(owner);
    const socket = await world.connect(owner);
    await socket.join(channelId);
    await world.store.db.deleteFrom("channels").where("id", "=", channelId).execute();
    await resync();
    expect(world.realtime.delivery.channelCount).toBe(0);
  });
});

test("connections whose state is being read at a resync read it again, and are not closed", async () => {
  const reads = new HeldReads("members");
  const world = await RealtimeWorld.open({ wrapStore: reads.over });
  const [owner, ann] = [await world.person("owner"), await world.person("ann")];
  const { serverId: left } = await world.server(owner, ann);
  const { serverId: joined } = await world.server(owner);
  const held = reads.hold();
  const theirs = world.connect(ann);
  await held;
  const { db } = world.store;
  await db.deleteFrom("members").where("user_id", "=", ann.id).where("server_id", "=", left).execute();
  await db.insertInto("members").values({ user_id: ann.id, server_id: joined, joined_at: world.clock.now() }).execute();
  world.realtime.resync.start();
  reads.release();
  const socket = await theirs;
  expect([...world.realtime.directory.of(ann.id)].map(({ serverIds }) => [...serverIds])).toEqual([[joined]]);
  await socket.roundTrip();
  await world.close();
});

test("whether somebody may join a private channel is looked up again at a resync", async () => {
  const reads = new HeldReads("unencrypted");
  const world = await RealtimeWorld.open({ wrapStore: reads.over });
  const [owner, ann] = [await world.person("owner"), await world.person("ann")];
  const { db } = world.store;
  const userIds = [ann.id];
  const channelId = await insertGroup(db, { ownerId: owner.id, userIds, name: "us", now: world.clock.now() });
  const socket = await world.connect(ann);
  // Read after the people of the channel.
  const held = reads.hold();
  socket.send({ type: "join_channel", channel_id: channelId, ref: "late" });
  await held;
  await db.deleteFrom("recipients").where("user_id", "=", ann.id).execute();
  const { resync } = world.realtime;
  const { count } = resync;
  resync.start();
  await eventually(() => {
    world.clock.advance(100);
    expect(resync.count).toBe(count + 1);
  });
  reads.release();
  expect(await socket.next("error")).toMatchObject({ code: "not_found", ref: "late" });
  await world.close();
});

describe("a client of version 1 that is entering its channel at a resync", () => {
  let world: RealtimeWorld;
  let owner: TestPerson;
  let ann: TestPerson;
  let place: { serverId: number; channelId: number };
  let client: OldClient;
  let reads: HeldReads;

  beforeEach(async () => {
    reads = new HeldReads("thread_followers");
    world = await RealtimeWorld.open({ wrapStore: reads.over });
    [owner, ann] = [await world.person("owner"), await world.person("ann")];
    place = await world.server(owner, ann);
    // Read with the state, after the access to the channel was checked.
    const held = reads.hold();
    client = new OldClient(world.url, `/ws/legacy/chat/${place.channelId}`, ann.token);
    await held;
  });
  afterEach(() => world.close());

  test("stays in it", async () => {
    world.realtime.resync.start();
    reads.release();
    await eventually(() => expect(world.presence.statusOf(ann.id)).toBe("online"));
    await sendMessage(world.context, { userId: owner.id }, { channelId: place.channelId, content: "hello" });
    expect(await client.next("new_message")).toMatchObject({ data: { content: "hello" } });
    await client.close();
  });

  test("is refused when it has lost the channel", async () => {
    await world.store.db.deleteFrom("members").where("user_id", "=", ann.id).execute();
    world.realtime.resync.start();
    reads.release();
    await expect(client.closed).resolves.toMatchObject({ code: 1008 });
  });
});

test("a resync makes whoever is about to take part in a call prove the right to it again", async () => {
  const reads = new HeldReads("members");
  const { world, bob, dial } = await openVoiceWorld({ wrapStore: reads.over });
  const { db } = world.store;
  // The first read is the one before the connection listens for control messages.
  const held = reads.hold(1);
  const socket = dial(bob);
  await held;
  await db.deleteFrom("members").where("user_id", "=", bob.id).execute();
  world.realtime.resync.start();
  reads.release();
  await expect(socket.closed).resolves.toMatchObject({ code: 4004 });
  await world.close();
});

test("a resync that fails because the store does is repeated after a second", async () => {
  let isFailing = false;
  let failed = 0;
  const failures: KyselyPlugin = {
    transformQuery({ node }) {
      if (isFailing) failed += 1;
      if (isFailing) throw new Error("the store failed");
      return node;
    },
    transformResult: ({ result }) => Promise.resolve(result),
  };
  const world = await RealtimeWorld.open({ wrapStore: (store) => ({ ...store, db: store.db.withPlugin(failures) }) });
  const [owner, ann] = [await world.person("owner"), await world.person("ann")];
  await world.server(owner, ann);
  const socket = await world.connect(ann);
  const serversOfAnn = () => [...world.realtime.directory.of(ann.id)].flatMap(({ serverIds }) => [...serverIds]);
  await eventually(() => expect(serversOfAnn()).toHaveLength(1));
  await world.store.db.deleteFrom("members").where("user_id", "=", ann.id).execute();
  isFailing = true;
  world.realtime.resync.start();
  await eventually(() => expect(failed).toBeGreaterThan(0));
  await socket.roundTrip();
  isFailing = false;
  world.clock.advance(999);
  await socket.roundTrip();
  expect(serversOfAnn()).toHaveLength(1);
  world.clock.advance(1);
  await eventually(() => expect(serversOfAnn()).toEqual([]));
  await world.close();
});
