import { bitsOf } from "@miscord/rights";
import { expect, test, vi } from "vitest";
import { sendMessage } from "../../domain/messages/send-message.ts";
import { createInvite } from "../../domain/servers/invites.ts";
import { joinServer } from "../../domain/servers/join-server.ts";
import { setOverride } from "../../domain/servers/overrides.ts";
import type { Store } from "../../store/contract.ts";
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
    { timeout: 10_000 },
  );
  await sendMessage(world.context, { userId: owner.id }, { channelId, content: "secret" });
  await socket.roundTrip();
  expect(socket.all("channel_removed")).toMatchObject([{ channel_id: channelId }]);
  expect(JSON.stringify(socket.events)).not.toContain("secret");
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
