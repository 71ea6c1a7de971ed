import { randomUUID } from "node:crypto";
import { closeCodes } from "@miscord/protocol";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { deleteChannel } from "../../domain/servers/channels.ts";
import { disconnectFromVoice, moderateVoice } from "../../domain/servers/moderate-voice.ts";
import { kickMember } from "../../domain/servers/members.ts";
import { noteUnfinishedFile } from "../../store/queries/attachments.ts";
import { insertSound } from "../../store/queries/sounds.ts";
import { createChannel } from "../../store/conformance/world.ts";
import type { TestPerson } from "../../testing/realtime-world.ts";
import type { TestSocket } from "../../testing/test-socket.ts";
import { openVoiceNodes, type VoiceNode, type VoiceNodes } from "./testing/voice-nodes.ts";

/** The lease, and the time in which its end is noticed and acted on. */
const noticedMs = 4_700;

let cluster: VoiceNodes;
let one: VoiceNode;
let two: VoiceNode;
let ann: TestPerson;
let bob: TestPerson;
let serverId: number;
let voiceId: number;

beforeEach(async () => {
  cluster = await openVoiceNodes(2);
  [one, two] = cluster.nodes as [VoiceNode, VoiceNode];
  ann = await one.world.person("ann");
  bob = await one.world.person("bob");
  ({ serverId } = await one.world.server(ann, bob));
  voiceId = await createChannel(one.world.store, serverId, "voice");
});
afterEach(() => cluster.close());

async function enter({ world }: VoiceNode, { token }: TestPerson, session: string = randomUUID()): Promise<TestSocket> {
  const socket = world.dial(`/ws/voice/${voiceId}?token=${token}&session=${session}`);
  await socket.next("participants");
  return socket;
}

const changes = (socket: TestSocket) => [...socket.all("user_left_voice"), ...socket.all("user_joined_voice")];

describe("a call between two nodes", () => {
  test("passes signals and state, and shows them to members on either node", async () => {
    const member = await two.world.connect(bob);
    const a = await enter(one, ann);
    expect(await member.next("voice_channel_join")).toMatchObject({ channel_id: voiceId, user: { id: ann.id } });
    const b = await enter(two, bob);
    expect(b.all("participants")[0]!.participants).toMatchObject([{ user_id: ann.id }]);
    expect(await a.next("user_joined_voice")).toMatchObject({ user_id: bob.id });
    for (const kind of ["offer", "answer"] as const) {
      a.send({ type: kind, target_id: bob.id, sdp: `${kind} of ann`, connection_id: "c" });
      expect(await b.next(kind)).toMatchObject({ from_id: ann.id, sdp: `${kind} of ann`, connection_id: "c" });
      b.send({ type: kind, target_id: ann.id, sdp: `${kind} of bob` });
      expect(await a.next(kind)).toMatchObject({ from_id: bob.id, sdp: `${kind} of bob` });
    }
    b.send({ type: "mute", is_muted: true });
    expect(await a.next("batch_status")).toMatchObject({ events: { [bob.id]: { is_muted: true } } });
    for (const { world } of [one, two]) expect(world.context.voice.statesOf(serverId)).toHaveLength(2);
    expect(two.world.realtime.voiceStats).toMatchObject({ offers: 1, answers: 1 });
  });

  test("has sounds that are played on either node", async () => {
    const row = { name: "Drum", emoji: "🥁", volume: 80, duration_ms: 300 };
    const kept = { content_type: "audio/wav", bytes: 9, file_id: "file", created_at: 1 };
    await one.world.store.db.transaction().execute(async (db) => {
      await noteUnfinishedFile(db, "file", 9);
      expect(await insertSound(db, { id: 7, server_id: serverId, ...row, ...kept })).toBe(true);
    });
    const [a, b] = [await enter(one, ann), await enter(two, bob)];
    for (const [player, { id }] of [
      [b, bob],
      [a, ann],
    ] as const) {
      player.send({ type: "play_sound", sound_id: 7 });
      for (const socket of [a, b]) {
        expect(await socket.next("sound_played", ({ user_id }) => user_id === id)).toMatchObject({
          sound: { id: 7, ...row },
        });
      }
    }
  });

  test("refuses a signal to somebody who is not in it, with the frame's ref", async () => {
    await enter(one, ann);
    const b = await enter(two, bob);
    b.send({ type: "offer", target_id: 999, sdp: "v=0", ref: "r1" });
    expect(await b.next("error")).toMatchObject({ code: "not_found", ref: "r1" });
  });

  test("has clients of version 1 on the one and ours on the other", async () => {
    const old = one.world.dial(`/ws/legacy/voice/${voiceId}?token=${ann.token}`);
    await old.next("participants");
    const b = await enter(two, bob);
    expect(b.all("participants")[0]!.participants).toMatchObject([{ user_id: ann.id, is_legacy: true }]);
    b.send({ type: "offer", target_id: ann.id, sdp: "v=0" });
    expect(await old.next("offer")).toMatchObject({ from_id: bob.id, offer: { type: "offer", sdp: "v=0" } });
    old.send({ type: "answer", target_id: bob.id, answer: { type: "answer", sdp: "v=1" } });
    expect(await b.next("answer")).toMatchObject({ from_id: ann.id, sdp: "v=1" });
  });

  test("ends for a member of the one who is removed over the other", async () => {
    const a = await enter(one, ann);
    const b = await enter(two, bob);
    await kickMember(one.world.context, { userId: ann.id }, { serverId, userId: bob.id });
    expect((await b.closed).code).toBe(closeCodes.forbidden);
    expect(await a.next("user_left_voice")).toMatchObject({ user_id: bob.id });
  });

  test("ends at once for who is removed a moment after their connection to the one that is not its home was lost", async () => {
    const a = await enter(one, ann);
    const b = await enter(two, bob);
    b.ws.terminate();
    await expect.poll(() => two.world.realtime.voice.connections.size).toBe(0);
    await kickMember(two.world.context, { userId: ann.id }, { serverId, userId: bob.id });
    await expect.poll(() => a.all("user_left_voice"), { timeout: 5_000 }).toMatchObject([{ user_id: bob.id }]);
  });

  test("is moderated over either node, and a moderator's mute outlasts the home of the room", async () => {
    const a = await enter(one, ann);
    const b = await enter(two, bob);
    const target = { channelId: voiceId, userId: bob.id };
    await moderateVoice(two.world.context, { userId: ann.id }, target, { muted: true });
    for (const socket of [a, b]) {
      const muted = { events: { [bob.id]: { is_muted: true, is_server_muted: true } } };
      expect(await socket.next("batch_status")).toMatchObject(muted);
    }
    for (const { world } of [one, two]) {
      await expect
        .poll(() => world.context.voice.statesOf(serverId).find(({ user }) => user.id === bob.id))
        .toMatchObject({ is_server_muted: true });
    }
    await one.kill();
    await a.closed;
    await cluster.pass(noticedMs);
    await expect.poll(() => b.all("participants").at(-1)?.self).toMatchObject({ is_server_muted: true });
    expect(two.world.context.voice.statesOf(serverId)).toContainEqual(
      expect.objectContaining({ is_server_muted: true, is_muted: true }),
    );
    await disconnectFromVoice(two.world.context, { userId: ann.id }, target, {});
    expect((await b.closed).code).toBe(closeCodes.forbidden);
  });

  test("goes on without a change when the node that is not its home is killed and its participant resumes", async () => {
    const a = await enter(one, ann);
    const session = randomUUID();
    await a.roundTrip();
    const b = await enter(two, bob, session);
    await a.next("user_joined_voice");
    await two.kill();
    await b.closed;
    const back = await enter(one, bob, session);
    await cluster.pass(noticedMs + 10_000);
    expect(changes(a)).toHaveLength(1);
    a.send({ type: "offer", target_id: bob.id, sdp: "again" });
    expect(await back.next("offer")).toMatchObject({ sdp: "again" });
  });

  test("goes on when its home is killed: nobody leaves, and both are in step again within five seconds", async () => {
    const session = randomUUID();
    const a = await enter(one, ann, session);
    const b = await enter(two, bob);
    await a.next("user_joined_voice");
    expect(one.isHomeOf(voiceId)).toBe(true);
    await one.kill();
    await a.closed;
    const resumed = enter(two, ann, session);
    await cluster.pass(noticedMs);
    const back = await resumed;
    expect(back.all("participants")[0]!.participants).toMatchObject([{ user_id: bob.id }]);
    expect(b.all("participants")).toHaveLength(2);
    expect(b.all("participants")[1]!.participants).toMatchObject([{ user_id: ann.id, session }]);
    await cluster.pass(10_000);
    expect(changes(b)).toEqual([]);
    back.send({ type: "offer", target_id: bob.id, sdp: "again" });
    expect(await b.next("offer")).toMatchObject({ sdp: "again" });
  });
});

describe("a right to be in a call that is lost while a node is cut off", () => {
  const kick = ({ world }: VoiceNode) => kickMember(world.context, { userId: ann.id }, { serverId, userId: bob.id });
  const removeChannel = ({ world }: VoiceNode) => deleteChannel(world.context, { userId: ann.id }, voiceId);

  /** Cuts the node off while the other one acts, for less than its lease. */
  async function unseen(cut: VoiceNode, act: () => Promise<void>): Promise<void> {
    cut.interrupt();
    await act();
    await cluster.pass(1_000);
    cut.restore();
    await cluster.pass(1_000);
  }

  test("ends the call of a member on that node, whose room is at home elsewhere", async () => {
    const a = await enter(one, ann);
    await a.roundTrip();
    const b = await enter(two, bob);
    await a.next("user_joined_voice");
    await unseen(two, () => kick(one));
    expect((await b.closed).code).toBe(closeCodes.forbidden);
    await cluster.pass(20_000);
    for (const { world } of [one, two]) {
      expect(world.context.voice.statesOf(serverId)).toMatchObject([{ user: { id: ann.id } }]);
    }
  });

  test("ends the call of a member whose room is at home on that node", async () => {
    const [a, b] = [await enter(one, ann), await enter(one, bob)];
    await unseen(one, () => kick(two));
    expect((await b.closed).code).toBe(closeCodes.forbidden);
    expect(await a.next("user_left_voice")).toMatchObject({ user_id: bob.id });
  });

  test("is not used by a member who is about to come back to the call", async () => {
    const a = await enter(one, ann);
    const session = randomUUID();
    const b = await enter(one, bob, session);
    await a.next("user_joined_voice");
    b.ws.terminate();
    await unseen(one, () => kick(two));
    expect(await a.next("user_left_voice")).toMatchObject({ user_id: bob.id });
    const { token } = bob;
    const again = one.world.dial(`/ws/voice/${voiceId}?token=${token}&session=${session}`);
    expect((await again.closed).code).toBe(closeCodes.notFound);
  });

  test.each(["one", "two"])("ends the call in a deleted channel for everybody: node %s", async (name) => {
    const [cut, other] = name === "one" ? [one, two] : [two, one];
    const sockets = [await enter(one, ann), await enter(two, bob)];
    await unseen(cut, () => removeChannel(other));
    for (const socket of sockets) expect((await socket.closed).code).toBe(closeCodes.notFound);
  });

  test("leaves those in the call who still have it", async () => {
    const [a, b] = [await enter(one, ann), await enter(two, bob)];
    await unseen(two, () => Promise.resolve());
    expect([await a.roundTrip(), await b.roundTrip()]).toHaveLength(2);
    for (const { world } of [one, two]) expect(world.context.voice.statesOf(serverId)).toHaveLength(2);
  });
});
