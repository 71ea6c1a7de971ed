import { randomUUID } from "node:crypto";
import { closeCodes, limits, type DmState } from "@miscord/protocol";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { callEnded, declineCall } from "../../domain/private/calls.ts";
import { addToGroup, listDms, openDm } from "../../domain/private/dms.ts";
import { insertFriend } from "../../store/queries/relationships.ts";
import { DueWork } from "../../domain/due-work/due-work.ts";
import { watchCalls, watchRings } from "../../domain/private/end-rings.ts";
import { removeFromGroup } from "../../domain/private/leave-group.ts";
import { block, listRelationships, unblock } from "../../domain/private/relationships.ts";
import { answerRequest } from "../../domain/private/requests.ts";
import { sendMessage } from "../../domain/messages/send-message.ts";
import { moderateVoice } from "../../domain/servers/moderate-voice.ts";
import { insertCall } from "../../store/queries/calls.ts";
import type { RealtimeWorld, TestPerson } from "../../testing/realtime-world.ts";
import type { TestSocket } from "../../testing/test-socket.ts";
import { openVoiceWorld } from "./testing/voice-world.ts";

const ringMs = limits.ringSeconds * 1_000;

let world: RealtimeWorld;
let ann: TestPerson;
let bob: TestPerson;
let stranger: TestPerson;
let dial: (person: TestPerson, channelId: number, session?: string) => TestSocket;

beforeEach(async () => {
  ({ world, ann, bob, stranger } = await openVoiceWorld({ settings: { heartbeatIntervalMs: 600_000 } }));
  dial = ({ token }, channelId, session = randomUUID()) =>
    world.dial(`/ws/voice/${channelId}?token=${token}&session=${session}&encryption=mls`);
});
afterEach(() => world.close());

const as = ({ id }: TestPerson) => ({ userId: id });

async function talk(one: TestPerson, ...others: TestPerson[]): Promise<number> {
  const ids = others.map(({ id }) => id);
  return (await openDm(world.context, as(one), { user_ids: ids, name: null })).channel.id;
}

async function enter(person: TestPerson, channelId: number): Promise<TestSocket> {
  const socket = dial(person, channelId);
  await socket.next("participants");
  return socket;
}

async function call(person: TestPerson, channelId: number, user_ids?: number[]): Promise<TestSocket> {
  const socket = await enter(person, channelId);
  socket.send({ type: "ring", ref: "r", ...(user_ids && { user_ids }) });
  return socket;
}

async function shown(person: TestPerson, channelId: number): Promise<DmState | undefined> {
  return (await listDms(world.context, as(person))).find(({ id }) => id === channelId);
}

const history = async (channelId: number) => (await world.store.log.changesSince(channelId, 0, 100)).changes ?? [];

const rung = (socket: TestSocket) => socket.all("call_ringing").map(({ ring }) => ring.user_id);

describe("a call of two", () => {
  test("rings every device of the other one, and stops on all once one answers", async () => {
    const [phone, desk, caller] = [await world.connect(bob), await world.connect(bob), await world.connect(ann)];
    const channelId = await talk(ann, bob);
    const a = await call(ann, channelId);
    for (const device of [phone, desk]) {
      expect(await device.next("dm_created")).toMatchObject({ channel: { id: channelId } });
      const { ring } = await device.next("call_ringing");
      expect(ring).toMatchObject({ user_id: bob.id, caller_id: ann.id });
    }
    expect(await caller.next("call_ringing")).toMatchObject({ channel_id: channelId, ring: { user_id: bob.id } });
    expect(await shown(bob, channelId)).toMatchObject({
      rings: [{ user_id: bob.id, caller_id: ann.id }],
      voice_states: [{ user: { id: ann.id } }],
    });
    await enter(bob, channelId);
    for (const device of [phone, desk, caller]) {
      expect(await device.next("call_ring_ended")).toMatchObject({ channel_id: channelId, user_id: bob.id });
      expect(await device.next("voice_channel_join", ({ user }) => user.id === bob.id)).toMatchObject({
        server_id: null,
        channel_id: channelId,
      });
    }
    expect(await a.next("user_joined_voice")).toMatchObject({ user_id: bob.id });
    expect((await shown(bob, channelId))?.rings).toBeUndefined();
    expect((await shown(ann, channelId))?.voice_states).toHaveLength(2);
  });

  test("leaves a line with its duration, which is news to nobody", async () => {
    const member = await world.connect(bob);
    const channelId = await talk(ann, bob);
    const a = await call(ann, channelId);
    await member.next("call_ringing");
    const b = await enter(bob, channelId);
    await member.next("call_ring_ended");
    world.clock.advance(65_000);
    await a.close();
    await b.next("user_left_voice");
    await b.close();
    await expect
      .poll(() => history(channelId))
      .toMatchObject([{ author: { id: ann.id }, content: "", call: { duration_s: 65 } }]);
    expect(await member.next("dm_activity")).toMatchObject({ message: null });
    expect(await shown(bob, channelId)).toMatchObject({ mention_count: 0 });
    expect((await shown(bob, channelId))?.voice_states).toBeUndefined();
  });

  test("is missed when the caller gives up: the ring stops and a line says so", async () => {
    const member = await world.connect(bob);
    const channelId = await talk(ann, bob);
    const a = await call(ann, channelId);
    await member.next("call_ringing");
    await a.close();
    expect(await member.next("call_ring_ended")).toMatchObject({ user_id: bob.id });
    expect(await member.next("dm_activity")).toMatchObject({ message: { is_missed_call: true } });
    expect(await history(channelId)).toMatchObject([{ call: { duration_s: null } }]);
    await expect.poll(async () => (await shown(bob, channelId))?.mention_count).toBe(1);
    await callEnded(world.context, channelId);
    expect(await history(channelId)).toHaveLength(1);
  });

  test("stops ringing on all devices when one declines, and the caller stays in it", async () => {
    const [phone, desk, caller] = [await world.connect(bob), await world.connect(bob), await world.connect(ann)];
    const channelId = await talk(ann, bob);
    const a = await call(ann, channelId);
    await Promise.all([phone, desk, caller].map((device) => device.next("call_ringing")));
    await declineCall(world.context, as(bob), channelId);
    for (const device of [phone, desk, caller]) await device.next("call_ring_ended");
    expect(world.context.voice.statesIn(channelId)).toHaveLength(1);
    a.send({ type: "ring", user_ids: [bob.id] });
    await phone.count("call_ringing", 2);
  });

  test("rings for a minute", async () => {
    const stop = watchRings(world.context, new DueWork(world.context, () => {}), () => {});
    const member = await world.connect(bob);
    const channelId = await talk(ann, bob);
    await call(ann, channelId);
    const { ring } = await member.next("call_ringing");
    expect(Date.parse(ring.ends_at)).toBe(world.clock.now() + ringMs);
    world.clock.advance(ringMs - 2_000);
    await member.roundTrip();
    expect(member.all("call_ring_ended")).toEqual([]);
    const ended = () => {
      world.clock.advance(1_000);
      return member.all("call_ring_ended");
    };
    await expect.poll(ended).toMatchObject([{ token: ring.token }]);
    stop();
  });

  test("that nobody came back to after a restart leaves its line, and one that goes on leaves none", async () => {
    const stop = watchCalls(world.context, () => {});
    const [lost, present] = [await talk(ann, bob), await groupWith(await world.person("eve"))];
    await (await call(ann, present)).roundTrip();
    // As the server before has left it.
    const at = world.clock.now();
    const left = { channel_id: lost, token: "lost", caller_id: ann.id, started_at: at, answered_at: at };
    await insertCall(world.store.db, left);
    const seconds = async () => {
      world.clock.advance(60_000);
      const [line] = await history(lost);
      return line && "call" in line ? (line.call?.duration_s ?? null) : null;
    };
    await expect.poll(seconds).toBeGreaterThan(60);
    expect(await history(present)).toEqual([]);
    stop();
  });

  test("rings the same person only so often", async () => {
    const channelId = await talk(ann, bob);
    const a = await call(ann, channelId);
    for (let time = 0; time < 5; time += 1) {
      await a.roundTrip();
      await declineCall(world.context, as(bob), channelId);
      a.send({ type: "ring", ref: `again ${time}` });
    }
    expect(await a.next("error")).toMatchObject({ code: "rate_limited" });
  });

  test("that may not ring so soon again is not told as missed either", async () => {
    const caller = await world.connect(ann);
    const channelId = await talk(ann, bob);
    let times = 0;
    let refused: unknown[] = [];
    // The budget fills up again while this runs, so how many calls ring depends on the machine.
    while (refused.length === 0) {
      const a = await call(ann, channelId);
      await expect.poll(() => rung(caller).length + a.all("error").length).toBeGreaterThan(times);
      [refused, times] = [a.all("error"), rung(caller).length];
      await a.close();
      await expect.poll(() => history(channelId)).toHaveLength(times);
    }
    expect(refused).toMatchObject([{ code: "rate_limited" }]);
    await expect.poll(() => world.context.voice.statesIn(channelId)).toEqual([]);
    await callEnded(world.context, channelId);
    expect(await history(channelId)).toHaveLength(times);
  });

  test("is no channel of a server: nobody moderates it, and version 1 cannot enter it", async () => {
    const channelId = await talk(ann, bob);
    await call(ann, channelId);
    const target = { channelId, userId: ann.id };
    await expect(moderateVoice(world.context, as(bob), target, { muted: true })).rejects.toThrow("no such channel");
    const old = world.dial(`/ws/legacy/voice/${channelId}?token=${bob.token}`);
    expect((await old.closed).code).toBe(closeCodes.notFound);
  });

  test("cannot be entered or declined by anybody else", async () => {
    const outsider = await world.connect(stranger);
    const channelId = await talk(ann, bob);
    await call(ann, channelId);
    expect((await dial(stranger, channelId).closed).code).toBe(closeCodes.notFound);
    await expect(declineCall(world.context, as(stranger), channelId)).rejects.toMatchObject({ code: "not_found" });
    await outsider.roundTrip();
    expect(JSON.stringify(outsider.frames)).not.toContain(`"channel_id":${channelId}`);
  });
});

describe("a call and a block", () => {
  test("a blocked person and one who blocks are refused as their messages are", async () => {
    const channelId = await talk(ann, bob);
    await block(world.context, as(bob), ann.id);
    for (const person of [ann, bob]) {
      const refusal = await sendMessage(world.context, as(person), { channelId, content: "x" }).catch(
        (error: Error) => error,
      );
      const { code, reason } = await dial(person, channelId).closed;
      expect([code, reason]).toEqual([closeCodes.forbidden, (refusal as Error).message]);
    }
  });

  test("a block during a call ends the ring, and takes the one who blocks out of the call", async () => {
    const channelId = await talk(ann, bob);
    const member = await world.connect(bob);
    await call(ann, channelId);
    await member.next("call_ringing");
    await block(world.context, as(bob), ann.id);
    await member.next("call_ring_ended");
    await unblock(world.context, as(bob), ann.id);
    const b = await enter(bob, channelId);
    await block(world.context, as(bob), ann.id);
    expect((await b.closed).code).toBe(closeCodes.forbidden);
    expect(world.context.voice.statesIn(channelId)).toMatchObject([{ user: { id: ann.id } }]);
    expect(await listRelationships(world.context, as(ann))).toEqual([]);
  });

  test("in a group neither rings the other, and others are told that it rings", async () => {
    const eve = await world.person("eve");
    const groupId = await groupWith(eve);
    await block(world.context, as(bob), ann.id);
    const [member, third] = [await world.connect(bob), await world.connect(eve)];
    await call(ann, groupId);
    expect(await third.next("call_ringing", ({ ring }) => ring.user_id === bob.id)).toMatchObject({
      ring: { caller_id: ann.id },
    });
    await third.next("call_ringing", ({ ring }) => ring.user_id === eve.id);
    await member.roundTrip();
    expect(rung(member)).toEqual([eve.id]);
    expect((await shown(bob, groupId))?.rings).toMatchObject([{ user_id: eve.id }]);
    expect((await shown(eve, groupId))?.rings).toHaveLength(2);
    // The blocked one is in the call; a third person rings.
    const e = await enter(eve, groupId);
    await declineCall(world.context, as(bob), groupId);
    e.send({ type: "ring", user_ids: [bob.id] });
    expect(await member.next("call_ringing", ({ ring }) => ring.user_id === bob.id)).toMatchObject({
      ring: { caller_id: eve.id },
    });
  });
});

describe("a stranger's conversation", () => {
  test("does not ring until it is accepted, and the caller cannot tell", async () => {
    await world.store.db.updateTable("users").set({ messages_from: "everyone" }).where("id", "=", bob.id).execute();
    const [member, caller] = [await world.connect(bob), await world.connect(stranger)];
    const channelId = await talk(stranger, bob);
    const s = await call(stranger, channelId);
    await caller.next("call_ringing");
    await member.roundTrip();
    expect([rung(member), member.all("voice_channel_join"), await shown(bob, channelId)]).toEqual([[], [], undefined]);
    await s.close();
    await expect.poll(async () => (await shown(bob, channelId))?.is_request).toBe(true);
    expect(rung(member)).toEqual([]);
    await answerRequest(world.context, as(bob), channelId, "accept");
    await call(stranger, channelId);
    expect(await member.next("call_ringing")).toMatchObject({ ring: { user_id: bob.id } });
  });
});

const befriend = (one: TestPerson, other: TestPerson) =>
  Promise.all([insertFriend(world.store.db, one.id, other.id, 1), insertFriend(world.store.db, other.id, one.id, 1)]);

async function groupWith(...more: TestPerson[]): Promise<number> {
  // To strangers it would be a request.
  await Promise.all(more.map((person) => befriend(ann, person)));
  return talk(ann, bob, ...more);
}

describe("a call of a group", () => {
  test("throws out whoever is removed, also while their connection is lost", async () => {
    const eve = await world.person("eve");
    const groupId = await groupWith(eve);
    await call(ann, groupId);
    const b = await enter(bob, groupId);
    const session = randomUUID();
    const e = dial(eve, groupId, session);
    await e.next("participants");
    e.ws.terminate();
    await removeFromGroup(world.context, as(ann), groupId, eve.id);
    await removeFromGroup(world.context, as(ann), groupId, bob.id);
    expect((await b.closed).code).toBe(closeCodes.forbidden);
    await expect.poll(() => world.context.voice.statesIn(groupId).map(({ user }) => user.id)).toEqual([ann.id]);
    expect((await dial(eve, groupId, session).closed).code).toBe(closeCodes.notFound);
  });

  test("is shown to somebody who is added, who can be rung alone", async () => {
    const eve = await world.person("eve");
    const newcomer = await world.person("newcomer");
    const groupId = await groupWith(eve);
    await befriend(ann, newcomer);
    const [member, added] = [await world.connect(bob), await world.connect(newcomer)];
    const a = await call(ann, groupId, [eve.id]);
    await member.next("call_ringing");
    await addToGroup(world.context, as(ann), groupId, newcomer.id);
    expect(await added.next("dm_created")).toMatchObject({
      channel: { voice_states: [{ user: { id: ann.id } }], rings: [{ user_id: eve.id }] },
    });
    a.send({ type: "ring", user_ids: [newcomer.id] });
    expect(await added.next("call_ringing")).toMatchObject({ ring: { user_id: newcomer.id } });
    expect(rung(member)).not.toContain(bob.id);
  });
});
