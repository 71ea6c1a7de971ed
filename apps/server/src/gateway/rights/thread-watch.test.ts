import { bitsOf } from "@miscord/rights";
import type { KyselyPlugin } from "kysely";
import { afterEach, expect, test } from "vitest";
import { setOverride, removeOverride } from "../../domain/servers/overrides.ts";
import { announceThread } from "../../domain/threads/announce-thread.ts";
import { changeThread } from "../../domain/threads/change-thread.ts";
import { createThread } from "../../domain/threads/create-thread.ts";
import { followed, setFollowing } from "../../domain/threads/follow-thread.ts";
import { createChannel } from "../../store/conformance/world.ts";
import type { Store } from "../../store/contract.ts";
import { rolesOfServers } from "../../store/queries/roles.ts";
import { follow, threadById, updateThread } from "../../store/queries/threads.ts";
import { HeldReads } from "../../testing/held-reads.ts";
import { RealtimeWorld } from "../../testing/realtime-world.ts";

let world: RealtimeWorld;
afterEach(() => world.close());

/** A thread of the owner's, which Ann does not follow. */
async function given(reads?: Pick<HeldReads, "over">) {
  world = await RealtimeWorld.open(reads && { wrapStore: reads.over });
  const [owner, ann] = [await world.person("owner"), await world.person("ann")];
  const { serverId, channelId } = await world.server(owner, ann);
  const [boss, member] = [{ userId: owner.id }, { userId: ann.id }];
  const thread = await createThread(world.context, boss, channelId, { name: "aside", archive_after_s: 86_400 });
  return { boss, member, ann, serverId, channelId, threadId: thread.id };
}

test("a thread that is followed, left and followed again in quick succession is shown", async () => {
  const reads = new HeldReads("thread_followers");
  const { member, ann, threadId } = await given(reads);
  const socket = await world.connect(ann);
  // Whether the user follows the thread.
  const held = reads.hold();
  // Of a follow that was taken back before it was read.
  followed(world.context, threadId, [ann.id]);
  await held;
  await setFollowing(world.context, member, threadId, false);
  await setFollowing(world.context, member, threadId, true);
  // What else waits for no held read is done meanwhile.
  for (let turn = 0; turn < 5; turn += 1) await threadById(world.store.db, threadId, world.clock.now());
  reads.release();
  expect(await socket.next("thread_followed")).toMatchObject({ thread: { id: threadId, is_following: true } });
});

test("a connection that closes while a thread is read leaves no subscription behind", async () => {
  const reads = new HeldReads("parent_id");
  const { member, ann, threadId } = await given(reads);
  const socket = await world.connect(ann);
  await follow(world.store.db, threadId, member.userId);
  const held = reads.hold();
  followed(world.context, threadId, [member.userId]);
  await held;
  await socket.close();
  const { delivery, directory } = world.realtime;
  await expect.poll(() => directory.count).toBe(0);
  reads.release();
  // The thread has been read once another connection is set up.
  const later = await world.connect(ann);
  await later.roundTrip();
  await later.close();
  await expect.poll(() => delivery.topicCount).toBe(0);
});

test("reading the threads of a channel that is seen again does not hold up what is hidden meanwhile", async () => {
  const reads = new HeldReads("archive_after_s");
  const { boss, member, ann, serverId, channelId, threadId } = await given(reads);
  const other = await createChannel(world.store, serverId, "text");
  await follow(world.store.db, threadId, member.userId);
  const socket = await world.connect(ann);
  const [everyone] = await rolesOfServers(world.store.db, [serverId]);
  const hide = { target_id: everyone!.id, type: "role", allow: 0, deny: bitsOf("viewChannel") } as const;
  await setOverride(world.context, boss, channelId, hide);
  await socket.next("channel_removed", (event) => event.channel_id === channelId);
  const held = reads.hold();
  await removeOverride(world.context, boss, channelId, { targetId: everyone!.id });
  await held;
  await setOverride(world.context, boss, other, hide);
  await socket.next("channel_removed", (event) => event.channel_id === other);
  expect(socket.all("thread_followed")).toEqual([]);
  reads.release();
  expect(await socket.next("thread_followed")).toMatchObject({ thread: { id: threadId } });
});

test("nothing of a thread goes to who follows it and has lost sight of it, not even while that is looked up", async () => {
  const reads = new HeldReads("channel_name");
  const { boss, member, ann, serverId, channelId, threadId } = await given(reads);
  const socket = await world.connect(ann);
  await follow(world.store.db, threadId, member.userId);
  const [everyone] = await rolesOfServers(world.store.db, [serverId]);
  const hide = { target_id: everyone!.id, type: "role", allow: 0, deny: bitsOf("viewChannel") } as const;
  await setOverride(world.context, boss, channelId, hide);
  await socket.next("channel_removed", (event) => event.channel_id === channelId);
  const held = reads.hold();
  // As when somebody takes it out of the archive.
  followed(world.context, threadId, [ann.id], { isRevived: true });
  await held;
  await announceThread(world.context, threadId);
  await socket.roundTrip();
  reads.release();
  await socket.roundTrip();
  expect(socket.all("thread_updated")).toEqual([]);
  expect(socket.all("thread_followed")).toEqual([]);
});

test("a thread that cannot be read at first is shown once it can", async () => {
  let failures = 0;
  const wrapStore = (store: Store): Store => {
    const failing: KyselyPlugin = {
      transformQuery: ({ node }) => node,
      async transformResult({ result }) {
        if (failures > 0 && failures--) throw new Error("cut off");
        return result;
      },
    };
    return { ...store, db: store.db.withPlugin(failing) };
  };
  const { member, ann, threadId } = await given({ over: wrapStore });
  const socket = await world.connect(ann);
  await follow(world.store.db, threadId, member.userId);
  failures = 1;
  followed(world.context, threadId, [member.userId]);
  await expect.poll(() => failures).toBe(0);
  await expect
    .poll(() => {
      world.clock.advance(100);
      return socket.all("thread_followed").length;
    })
    .toBe(1);
});

test("whoever has typed in a thread does so no more once it is locked", async () => {
  const { boss, ann, threadId } = await given();
  const socket = await world.connect(ann);
  await socket.join(threadId);
  socket.send({ type: "typing", channel_id: threadId });
  await socket.roundTrip();
  await changeThread(world.context, boss, threadId, { locked: true });
  socket.send({ type: "typing", channel_id: threadId, ref: "late" });
  expect(await socket.next("error", (event) => event.ref === "late")).toMatchObject({ code: "forbidden" });
});

test("a thread that changes while it is read for a connection is shown as it is", async () => {
  const reads = new HeldReads("thread_followers");
  const { member, ann, threadId } = await given(reads);
  const socket = await world.connect(ann);
  await follow(world.store.db, threadId, member.userId);
  const held = reads.hold();
  followed(world.context, threadId, [member.userId]);
  await held;
  await updateThread(world.store.db, threadId, { locked: 1 });
  await announceThread(world.context, threadId);
  await socket.next("thread_updated");
  reads.release();
  await socket.next("thread_followed");
  await expect
    .poll(() => socket.events.findLast((event) => "thread" in event))
    .toMatchObject({ thread: { locked: true } });
});

test("a thread that is back from the archive is shown to connections that had it, whose clients may have loaded anew", async () => {
  const { boss, member, ann, threadId } = await given();
  await follow(world.store.db, threadId, member.userId);
  const socket = await world.connect(ann);
  await changeThread(world.context, boss, threadId, { archived: true });
  await changeThread(world.context, boss, threadId, { archived: false });
  expect(await socket.next("thread_followed")).toMatchObject({ thread: { id: threadId, archived: false } });
});

test("archiving a thread, which a message takes back, counts the more, the more people follow it", async () => {
  const { boss, threadId } = await given();
  const { changes } = world.context.rates;
  let spent = 0;
  const spend = (_: unknown, cost = 1) => void (spent += cost);
  const rates = { ...world.context.rates, changes: { ...changes, rate: { perSecond: 1, burst: 5 }, spend } };
  const context = { ...world.context, rates };
  const costOf = async (archived: boolean) => {
    spent = 0;
    await changeThread(context, boss, threadId, { archived });
    return spent;
  };
  expect([await costOf(true), await costOf(true), await costOf(false)]).toEqual([1, 1, 1]);
  for (let count = 1; count < 20; count += 1) {
    await follow(world.store.db, threadId, (await world.person()).id);
  }
  expect([await costOf(true), await costOf(true), await costOf(false)]).toEqual([3, 1, 3]);
  for (let count = 20; count < 60; count += 1) {
    await follow(world.store.db, threadId, (await world.person()).id);
  }
  // No more than there may be at once: it stays possible.
  expect(await costOf(true)).toBe(5);
});
