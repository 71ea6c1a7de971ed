import { randomUUID } from "node:crypto";
import { closeCodes } from "@miscord/protocol";
import { bitsOf } from "@miscord/rights";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { revokeSession } from "../../domain/accounts/sessions.ts";
import { deleteChannel } from "../../domain/servers/channels.ts";
import { kickMember } from "../../domain/servers/members.ts";
import { setOverride } from "../../domain/servers/overrides.ts";
import { voiceQuality } from "../../monitoring/voice-metrics.ts";
import { rolesOfServers } from "../../store/queries/roles.ts";
import type { RealtimeWorld, TestPerson } from "../../testing/realtime-world.ts";
import type { Voice } from "../../voice/create-voice.ts";
import { HeldReads } from "../../testing/held-reads.ts";
import { openVoiceWorld, relay, type VoiceWorld } from "./testing/voice-world.ts";

let world: RealtimeWorld;
let ann: TestPerson;
let bob: TestPerson;
let stranger: TestPerson;
let serverId: number;
let textId: number;
let voiceId: number;
let dial: VoiceWorld["dial"];
let enter: VoiceWorld["enter"];

async function open(options: Parameters<typeof openVoiceWorld>[0] = {}): Promise<void> {
  ({ world, ann, bob, stranger, serverId, textId, voiceId, dial, enter } = await openVoiceWorld(options));
}

/** All but the server's owner lose the channel's call. */
async function denyConnecting(): Promise<void> {
  const [everyone] = await rolesOfServers(world.store.db, [serverId]);
  const override = { target_id: everyone!.id, type: "role", allow: 0, deny: bitsOf("connect") } as const;
  await setOverride(world.context, { userId: ann.id }, voiceId, override);
}

beforeEach(() => open());
afterEach(() => world.close());

describe("entering a voice channel", () => {
  test("starts with its participants, ICE servers and settings", async () => {
    await world.close();
    await open({ voice: { ...relay, voiceRelayOnly: false } });
    await enter(ann);
    const socket = await enter(bob);
    const { participants, ice_servers, ice_transport_policy, channel_settings } = await socket.next("participants");
    expect(ice_transport_policy).toBe("all");
    expect(participants).toMatchObject([{ user_id: ann.id, username: ann.name, is_muted: false, is_sharing: false }]);
    expect(ice_servers).toEqual([
      { urls: ["stun:relay:3478"] },
      {
        urls: ["turn:relay:3478"],
        username: expect.stringMatching(`^\\d+:${bob.id}$`),
        credential: expect.any(String),
      },
    ]);
    expect(channel_settings).toEqual({ max_participants: 10, bitrate: 64_000 });
  });

  test("is announced to the server's members and shown in the server state", async () => {
    const main = await world.connect(bob);
    const voice = await enter(ann);
    const joined = await main.next("voice_channel_join");
    expect(joined).toMatchObject({ server_id: serverId, channel_id: voiceId, user: { id: ann.id } });
    expect(world.context.voice.statesOf(serverId)).toMatchObject([{ channel_id: voiceId, user: { id: ann.id } }]);
    await voice.close();
    expect(await main.next("voice_channel_leave")).toMatchObject({ channel_id: voiceId, user_id: ann.id });
  });

  test.each([
    ["a bad token", () => world.dial(`/ws/voice/${voiceId}?token=nonsense`), closeCodes.tokenInvalid],
    ["a channel of another server", () => dial(stranger), closeCodes.notFound],
    ["a text channel", () => dial(ann, randomUUID(), textId), closeCodes.notFound],
    ["a channel that does not exist", () => dial(ann, randomUUID(), 999_999), closeCodes.notFound],
    ["a call id that is no UUID", () => dial(ann, "x"), closeCodes.malformed],
  ])("is refused for %s", async (_, attempt, code) => {
    expect((await attempt().closed).code).toBe(code);
  });

  test("is refused when the voice channel is full", async () => {
    await world.close();
    await open({ voice: { voiceRoomLimit: 1 } });
    await enter(ann);
    expect((await dial(bob).closed).code).toBe(closeCodes.voiceChannelFull);
  });
});

describe("voice status", () => {
  test("is sent in batches, and to other members of the server", async () => {
    const main = await world.connect(bob);
    const [a, b] = [await enter(ann), await enter(bob)];
    a.send({ type: "speaking", is_speaking: true });
    a.send({ type: "deafen", is_deafened: true });
    a.send({ type: "screen_share_start" });
    expect(await b.next("screen_share_started")).toMatchObject({ user_id: ann.id, username: ann.name });
    await a.roundTrip();
    world.clock.advance(50);
    expect(await b.next("batch_speaking")).toMatchObject({ events: { [ann.id]: true } });
    expect(await b.next("batch_status")).toMatchObject({ events: { [ann.id]: { is_deafened: true } } });
    world.clock.advance(1_000);
    expect(await main.next("voice_state_updated")).toMatchObject({ state: { is_deafened: true, channel_id: voiceId } });
    expect(await main.next("screen_share_started")).toMatchObject({ channel_id: voiceId, user_id: ann.id });
    expect(await main.next("voice_speaking")).toMatchObject({ channel_id: voiceId, user_ids: [ann.id] });
  });

  test("says whose camera is on, in the call, outside of it and to who joins later, and no longer when it is off", async () => {
    const main = await world.connect(bob);
    const session = randomUUID();
    const [a, b] = [await enter(ann, session), await enter(bob)];
    a.send({ type: "camera", is_camera_on: true });
    await a.roundTrip();
    world.clock.advance(50);
    expect(await b.next("batch_status")).toMatchObject({ events: { [ann.id]: { is_camera_on: true } } });
    expect(await main.next("voice_state_updated")).toMatchObject({ state: { is_camera_on: true } });
    await b.close();
    const later = await enter(bob);
    expect((await later.next("participants")).participants).toMatchObject([{ user_id: ann.id, is_camera_on: true }]);
    // The call goes on over another socket with the camera on.
    a.ws.terminate();
    const again = await enter(ann, session);
    expect(world.context.voice.statesOf(serverId)).toContainEqual(expect.objectContaining({ is_camera_on: true }));
    again.send({ type: "camera", is_camera_on: false });
    await again.roundTrip();
    world.clock.advance(50);
    expect(await later.next("batch_status")).toMatchObject({ events: { [ann.id]: { is_camera_on: false } } });
    expect(await main.next("voice_state_updated", ({ state }) => !state.is_camera_on)).toBeTruthy();
  });

  test("is shown to participants who join later", async () => {
    const a = await enter(ann);
    a.send({ type: "mute", is_muted: true });
    await a.roundTrip();
    const b = await enter(bob);
    expect((await b.next("participants")).participants).toMatchObject([{ user_id: ann.id, is_muted: true }]);
  });
});

describe("resuming a call", () => {
  test("with the same call id within ten seconds is not announced", async () => {
    const session = randomUUID();
    const a = await enter(ann, session);
    const b = await enter(bob);
    a.ws.terminate();
    await expect.poll(() => world.realtime.voice.connections.size).toBe(1);
    world.clock.advance(9_000);
    await enter(ann, session);
    await b.roundTrip();
    expect(b.all("user_left_voice")).toEqual([]);
    expect(b.all("user_joined_voice")).toEqual([]);
  });

  test("after ten seconds is a leave and a new join", async () => {
    const a = await enter(ann);
    const b = await enter(bob);
    a.ws.terminate();
    await expect.poll(() => world.realtime.voice.connections.size).toBe(1);
    world.clock.advance(10_000);
    expect(await b.next("user_left_voice")).toEqual({ type: "user_left_voice", user_id: ann.id });
  });

  test("from another window closes the first connection with 4009", async () => {
    const first = await enter(ann);
    await enter(ann);
    expect((await first.closed).code).toBe(closeCodes.replaced);
  });

  test("is requested by server_draining before a planned stop closes with 1012", async () => {
    const a = await enter(ann);
    const drained = world.realtime.gateway.drain();
    expect(await a.next("server_draining")).toMatchObject({ reconnect_after_ms: expect.any(Number) });
    expect((await a.closed).code).toBe(closeCodes.restart);
    await drained;
  });
});

describe("quality reports", () => {
  test("are averaged over the latest report of each client", async () => {
    const { rooms, forwarding } = world.context.voice as Voice;
    const { voice, voiceStats: stats } = world.realtime;
    const quality = () => voiceQuality({ rooms, stats, connections: voice.connections, forwarding });
    const [a, b] = [await enter(ann), await enter(bob)];
    expect(quality()).toMatchObject({ participants: 2, reports: 0, rttMs: null, loss: null });
    const report = { type: "quality_report", jitter_ms: 4, bitrate: 40_000 };
    a.send({ ...report, rtt_ms: 900, loss: 0.9 });
    a.send({ ...report, rtt_ms: 100, loss: 0.1 });
    b.send({ ...report, rtt_ms: 200, loss: 0.3 });
    await Promise.all([a.roundTrip(), b.roundTrip()]);
    const averages = { rttMs: 150, jitterMs: 4, loss: 0.2, bitrate: 40_000 };
    const mesh = { connections: 0, packets: 0, isAvailable: null, regions: [] };
    expect(quality()).toEqual({ participants: 2, reports: 3, ...averages, forwarding: mesh });
    await Promise.all([a.close(), b.close()]);
    await expect.poll(quality).toMatchObject({ participants: 0, reports: 3, rttMs: null });
  });
});

describe("a call ends for", () => {
  test("a member who is removed from the server", async () => {
    const [a, b] = [await enter(ann), await enter(bob)];
    await kickMember(world.context, { userId: ann.id }, { serverId, userId: bob.id });
    expect((await b.closed).code).toBe(closeCodes.forbidden);
    expect(await a.next("user_left_voice")).toMatchObject({ user_id: bob.id });
  });

  test.each<[string, () => Promise<unknown>]>([
    ["is removed from the server", () => kickMember(world.context, { userId: ann.id }, { serverId, userId: bob.id })],
    ["may not connect to the channel any more", () => denyConnecting()],
  ])("somebody who %s, at once although all their connections were lost a moment before", async (_what, end) => {
    const [a, b] = [await enter(ann), await enter(bob)];
    b.ws.terminate();
    await expect.poll(() => world.realtime.voice.connections.size).toBe(1);
    await end();
    expect(await a.next("user_left_voice")).toMatchObject({ user_id: bob.id });
    expect(world.context.voice.statesOf(serverId)).toMatchObject([{ user: { id: ann.id } }]);
  });

  test("somebody whose session has ended, at once", async () => {
    const [a, b] = [await enter(ann), await enter(bob)];
    await revokeSession(world.context, bob.sessionId);
    expect((await b.closed).code).toBe(closeCodes.tokenInvalid);
    expect(await a.next("user_left_voice")).toMatchObject({ user_id: bob.id });
  });

  test("every participant of a deleted channel", async () => {
    const sockets = [await enter(ann), await enter(bob)];
    await deleteChannel(world.context, { userId: ann.id }, voiceId);
    for (const socket of sockets) expect((await socket.closed).code).toBe(closeCodes.notFound);
  });

  test.each<[string, number, () => Promise<unknown>]>([
    [
      "somebody who is removed from the server while they enter",
      closeCodes.forbidden,
      () => kickMember(world.context, { userId: ann.id }, { serverId, userId: bob.id }),
    ],
    [
      "somebody who enters a channel while it is deleted",
      closeCodes.notFound,
      () => deleteChannel(world.context, { userId: ann.id }, voiceId),
    ],
  ])("%s", async (_who, code, end) => {
    await world.close();
    // The last thing that is read before a call is entered.
    const reads = new HeldReads("voice_restraints");
    await open({ wrapStore: reads.over });
    const held = reads.hold();
    const b = dial(bob);
    await held;
    await end();
    reads.release();
    expect((await b.closed).code).toBe(code);
    expect(world.context.voice.statesOf(serverId)).toEqual([]);
    expect(b.all("participants")).toEqual([]);
  });

  test("a participant whose token is not renewed", async () => {
    const short = { ...ann, ...(await world.session(ann.id, 61_000)) };
    const a = await enter(short);
    world.clock.advance(2_000);
    await a.next("token_expiring");
    a.send({ type: "auth_refresh", token: await world.token(ann.id, short.sessionId, 900_000) });
    await a.roundTrip();
    world.clock.advance(20_000);
    await a.roundTrip();
    const b = await enter({ ...bob, ...(await world.session(bob.id, 10_000)) });
    world.clock.advance(11_000);
    expect((await b.closed).code).toBe(closeCodes.tokenInvalid);
  });
});
