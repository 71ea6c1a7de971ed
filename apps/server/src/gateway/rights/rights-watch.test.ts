import { bitsOf } from "@miscord/rights";
import { expect, test, vi } from "vitest";
import { unknownChange } from "../../bus/contract.ts";
import { sendMessage } from "../../domain/messages/send-message.ts";
import { createInvite } from "../../domain/servers/invites.ts";
import { joinServer } from "../../domain/servers/join-server.ts";
import { renameServer } from "../../domain/servers/change-server.ts";
import { kickMember } from "../../domain/servers/members.ts";
import { setOverride } from "../../domain/servers/overrides.ts";
import type { Store } from "../../store/contract.ts";
import { addMember } from "../../store/queries/members.ts";
import { putOverride, refreshRestricted, rolesOfServers } from "../../store/queries/roles.ts";
import { HeldReads } from "../../testing/held-reads.ts";
import { RealtimeWorld } from "../../testing/realtime-world.ts";
import { RecordingBus } from "../../testing/recording-bus.ts";
import { openVoiceWorld } from "../voice/testing/voice-world.ts";
import { eventually } from "../../testing/eventually.ts";

const view = bitsOf("viewChannel");

/** For `wrapStore`: keeps the store whose reads are not held. */
function keeping(stores: Store[], reads: HeldReads): (store: Store) => Store {
  return (store) => {
    stores.push(store);
    return reads.over(store);
  };
}

async function everyoneIn({ store }: RealtimeWorld, serverId: number): Promise<number> {
  const [everyone] = await rolesOfServers(store.db, [serverId]);
  return everyone!.id;
}

/** Hides a channel from all but one member. Nothing is published. */
async function hide(world: RealtimeWorld, serverId: number, channelId: number, butFrom?: number): Promise<void> {
  const { db } = world.store;
  const everyone = await everyoneIn(world, serverId);
  await putOverride(db, channelId, { target_id: everyone, type: "role", allow: 0, deny: view });
  if (butFrom) await putOverride(db, channelId, { target_id: butFrom, type: "member", allow: view, deny: 0 });
  await refreshRestricted(db, serverId);
}

test("a resync takes away a channel whose hiding was missed, before the gap counts as read", async () => {
  const world = await RealtimeWorld.open();
  const [owner, ann] = [await world.person("owner"), await world.person("ann")];
  const { serverId, channelId } = await world.server(owner, ann);
  const socket = await world.connect(ann);
  await socket.join(channelId);
  await hide(world, serverId, channelId);
  const { count } = world.realtime.resync;
  world.realtime.resync.start();
  await vi.waitFor(
    () => {
      world.clock.advance(100);
      expect(world.realtime.resync.count).toBe(count + 1);
    },
    { timeout: 60_000 },
  );
  await sendMessage(world.context, { userId: owner.id }, { channelId, content: "secret" });
  await socket.roundTrip();
  expect(socket.all("channel_removed")).toMatchObject([{ channel_id: channelId }]);
  expect(JSON.stringify(socket.events)).not.toContain("secret");
  await world.close();
});

/** As another node says it, whatever is so by now. */
const sayJoined = (world: RealtimeWorld, userId: number, serverId: number) =>
  world.bus.publish(`user:${userId}`, {
    kind: "control",
    control: { type: "membership_added", userId, serverId },
  });

test("who has left gets nothing of a server of which they are told late that they had joined", async () => {
  const world = await RealtimeWorld.open();
  const [owner, ann] = [await world.person("owner"), await world.person("ann")];
  const { serverId } = await world.server(owner);
  const socket = await world.connect(ann);
  const before = world.realtime.delivery.topicCount;
  sayJoined(world, ann.id, serverId);
  expect(world.realtime.delivery.topicCount).toBeGreaterThan(before);
  await eventually(() => expect(world.realtime.delivery.topicCount).toBe(before));
  await renameServer(world.context, { userId: owner.id }, serverId, { name: "Without them" });
  await socket.roundTrip();
  expect(socket.all("server_updated")).toEqual([]);
  await world.close();
});

test("who joins again while it is looked whether they are a member stays one", async () => {
  const reads = new HeldReads("lacks_factor");
  const stores: Store[] = [];
  const world = await RealtimeWorld.open({ wrapStore: keeping(stores, reads) });
  const [owner, ann] = [await world.person("owner"), await world.person("ann")];
  const { serverId, channelId } = await world.server(owner);
  const socket = await world.connect(ann);
  const held = reads.hold();
  sayJoined(world, ann.id, serverId);
  await held;
  await addMember(stores[0]!.db, serverId, ann.id, 1);
  sayJoined(world, ann.id, serverId);
  // What is changed meanwhile is told after the first look.
  const control = { ...unknownChange(serverId, [ann.id]), opened: [channelId] };
  world.bus.publish("rights", { kind: "control", control });
  reads.release();
  expect(await socket.next("channel_added")).toMatchObject({ channel: { id: channelId } });
  await renameServer(world.context, { userId: owner.id }, serverId, { name: "With them" });
  await socket.next("server_updated");
  await world.close();
});

test("a private channel of a server that is joined while a connection is set up is seen", async () => {
  const reads = new HeldReads("channels");
  const stores: Store[] = [];
  const world = await RealtimeWorld.open({ wrapStore: keeping(stores, reads) });
  const [owner, ann] = [await world.person("owner"), await world.person("ann")];
  const { serverId, channelId } = await world.server(owner);
  await hide(world, serverId, channelId, ann.id);
  const user = { id: owner.id, username: owner.name, display_name: "", avatar_url: null, avatar_color: "" };
  const actor = { userId: owner.id, sessionId: owner.sessionId, expiresAt: Infinity, user, isLegacy: false };
  const { code } = await createInvite(world.context, actor, serverId, {});
  const held = reads.hold();
  const socket = world.dial(`/ws/main?token=${ann.token}`);
  await held;
  await joinServer({ ...world.context, store: stores[0]! }, { userId: ann.id }, code);
  reads.release();
  await socket.next("connection_established");
  expect(await socket.next("channel_added")).toMatchObject({ channel: { id: channelId } });
  await world.close();
});

test("who enters a call while rights change is checked again on every node", async () => {
  const reads = new HeldReads("members");
  const stores: Store[] = [];
  const bus = new RecordingBus();
  const { world, ann, bob, serverId, voiceId, dial } = await openVoiceWorld({ wrapStore: keeping(stores, reads), bus });
  const everyone = await everyoneIn(world, serverId);
  // The first read is the one before the connection listens for control messages.
  const held = reads.hold(1);
  const socket = dial(bob);
  await held;
  const override = { target_id: everyone, type: "role", allow: 0, deny: bitsOf("stream") } as const;
  await setOverride({ ...world.context, store: stores[0]! }, { userId: ann.id }, voiceId, override);
  reads.release();
  await socket.next("participants");
  await eventually(() => expect(bus.controls("rights")).toMatchObject([{ userIds: null }, { userIds: [bob.id] }]));
  await world.close();
});

/** A member with 21 connections: to show 500 channels to all of them takes more than one part. */
async function worldOfGains(reads: HeldReads) {
  const stores: Store[] = [];
  const world = await RealtimeWorld.open({ wrapStore: keeping(stores, reads) });
  const [owner, ann, bob] = [await world.person("owner"), await world.person("ann"), await world.person("bob")];
  const { serverId, channelId } = await world.server(owner, ann, bob);
  const more = { server_id: serverId, name: "more", type: "text" as const, position: 0, created_at: 1 };
  const rows = Array.from({ length: 500 }, () => more);
  const others = await world.store.db.insertInto("channels").values(rows).returning("id").execute();
  await hide(world, serverId, channelId, bob.id);
  for (let n = 0; n < 20; n += 1) await world.connect(ann);
  const [last, socket] = [await world.connect(ann), await world.connect(bob)];
  const opened = others.map(({ id }) => id);
  const control = { ...unknownChange(serverId, null), opened };
  const change = () => world.bus.publish("rights", { kind: "control", control });
  return { world, store: stores[0]!, owner, bob, serverId, channelId, last, socket, change };
}

test("who is removed while others are shown what they gain is subscribed to nothing again", async () => {
  const reads = new HeldReads("read_states");
  const { world, store, owner, bob, serverId, channelId, last, socket, change } = await worldOfGains(reads);
  const held = reads.hold();
  change();
  await held;
  expect(world.realtime.delivery.hasSubscribers(`viewers:${channelId}`)).toBe(true);
  await kickMember({ ...world.context, store }, { userId: owner.id }, { serverId, userId: bob.id });
  await socket.next("server_left");
  reads.release();
  await last.next("channel_added");
  expect(world.realtime.delivery.hasSubscribers(`viewers:${channelId}`)).toBe(false);
  await world.close();
});

test("who loses a channel loses it before others are shown what they gain", async () => {
  const reads = new HeldReads("read_states");
  const { world, serverId, channelId, socket, change } = await worldOfGains(reads);
  await hide(world, serverId, channelId);
  await world.store.db.deleteFrom("channel_overrides").where("type", "=", "member").execute();
  const held = reads.hold();
  change();
  await held;
  expect(await socket.next("channel_removed")).toMatchObject({ channel_id: channelId });
  reads.release();
  await world.close();
});

test("who loses a channel does not wait for what others are shown in their servers", async () => {
  // What is shown is the channel with the unread state of each.
  const reads = new HeldReads("read_states");
  const world = await RealtimeWorld.open({ wrapStore: reads.over });
  const [owner, ann, boss, bob] = [
    await world.person("owner"),
    await world.person("ann"),
    await world.person("boss"),
    await world.person("bob"),
  ];
  const home = await world.server(owner, ann);
  const others = [];
  for (let count = 0; count < 6; count += 1) others.push(await world.server(boss, bob));
  for (const { serverId, channelId } of others) await hide(world, serverId, channelId);
  const [socket, theirs] = [await world.connect(ann), await world.connect(bob)];
  await socket.join(home.channelId);
  const held = reads.hold();
  const give = (channelId: number, allow: number) =>
    setOverride(world.context, { userId: boss.id }, channelId, { type: "member", target_id: bob.id, allow, deny: 0 });
  for (const { channelId } of others) await give(channelId, view);
  await held;
  const deny = { type: "member", target_id: ann.id, allow: 0, deny: view } as const;
  await setOverride(world.context, { userId: owner.id }, home.channelId, deny);
  await socket.next("channel_removed");
  // Neither does who loses what they gained before it was shown.
  const last = others.at(-1)!;
  await give(last.channelId, 0);
  await vi.waitFor(() => expect(world.realtime.delivery.hasSubscribers(`viewers:${last.channelId}`)).toBe(false));
  reads.release();
  await theirs.count("channel_added", 5);
  await theirs.roundTrip();
  expect(theirs.all("channel_added").map(({ channel }) => channel.id)).not.toContain(last.channelId);
  await world.close();
}, 30_000);
