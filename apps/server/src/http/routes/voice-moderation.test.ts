import { randomUUID } from "node:crypto";
import type { AuditLog, LegacyVoiceEvent, Role, ServerState } from "@miscord/protocol";
import { legacyVoiceEvent } from "@miscord/protocol/schemas";
import { bitsOf } from "@miscord/rights";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { TestClient } from "../../testing/test-client.ts";
import { OldClient } from "../../gateway/legacy/testing/old-client.ts";
import { startTestServer, type TestServer } from "../../testing/test-server.ts";
import { TestSocket } from "../../testing/test-socket.ts";

let server: TestServer;
let owner: TestClient;
/** May mute, deafen and move, with a role below that of the owner and no higher than the member's. */
let moderator: TestClient;
let member: TestClient;
let home: ServerState;
let lobby: number;
let cellar: number;
let sockets: TestSocket[] = [];

beforeAll(async () => {
  server = await startTestServer({ forwardsVoice: false });
  owner = await TestClient.register(server.url, "owner");
  moderator = await TestClient.register(server.url, "moderator");
  member = await TestClient.register(server.url, "member");
});
afterAll(() => server.cleanup());

beforeEach(async () => {
  for (const socket of sockets) await socket.close();
  sockets = [];
  home = await owner.createServer();
  const code = await owner.invite(home.id);
  for (const client of [moderator, member]) await client.join(code);
  const permissions = bitsOf("muteMembers", "deafenMembers", "moveMembers");
  const crew = await owner.post<Role>(`/api/servers/${home.id}/roles`, { name: "crew", permissions });
  await owner.put(`/api/servers/${home.id}/members/${moderator.me.id}/roles/${crew.id}`);
  const channel = (name: string) =>
    owner.post<{ id: number }>(`/api/servers/${home.id}/channels`, { name, type: "voice" });
  lobby = (await channel("Lobby")).id;
  cellar = (await channel("Cellar")).id;
});

function open(path: string): TestSocket {
  const socket = new TestSocket(`ws${server.url.slice(4)}${path}`);
  sockets.push(socket);
  return socket;
}

async function join({ token }: TestClient, channelId = lobby, session: string = randomUUID()): Promise<TestSocket> {
  const socket = open(`/ws/voice/${channelId}?token=${token}&session=${session}`);
  await socket.next("participants");
  return socket;
}

const at = ({ me }: TestClient, channelId = lobby) => `/api/channels/${channelId}/voice/${me.id}`;
const put = async (client: TestClient, path: string, body: unknown) => {
  const { status, code } = await client.request("PUT", path, { body });
  return code ?? status;
};
const statesOf = async (client: TestClient) =>
  (await client.get<ServerState>(`/api/servers/${home.id}`)).voice_states.map(({ user, ...state }) => ({
    user: user.id,
    ...state,
  }));

test("who is muted and deafened by a moderator stays so, whatever they do, in every channel of the server", async () => {
  const main = open(`/ws/main?token=${owner.token}`);
  await main.next("connection_established");
  const [m, o] = [await join(member), await join(owner)];
  expect(await put(moderator, at(member), { muted: true, deafened: true, reason: "noise" })).toBe(204);
  const imposed = { is_server_muted: true, is_server_deafened: true };
  const holds = { ...imposed, is_muted: true, is_deafened: true };
  for (const socket of [m, o]) {
    expect(await socket.next("batch_status")).toMatchObject({ events: { [member.me.id]: holds } });
  }
  expect(await main.next("voice_state_updated")).toMatchObject({ state: { user: { id: member.me.id }, ...holds } });
  m.send({ type: "mute", is_muted: false });
  m.send({ type: "deafen", is_deafened: false });
  m.send({ type: "speaking", is_speaking: true });
  await m.roundTrip();
  expect(await statesOf(owner)).toContainEqual(expect.objectContaining({ user: member.me.id, ...holds }));
  await m.close();
  const again = await join(member, cellar);
  expect(again.all("participants")[0]!.self).toMatchObject({ ...imposed, is_suppressed: false });
  expect(await statesOf(member)).toContainEqual(
    expect.objectContaining({ user: member.me.id, channel_id: cellar, ...holds }),
  );
  expect(await put(moderator, at(member, cellar), { muted: false, deafened: false })).toBe(204);
  expect(await again.next("batch_status")).toMatchObject({
    events: { [member.me.id]: { is_muted: false, is_deafened: false, is_server_muted: false } },
  });
  expect(o.all("batch_speaking")).toEqual([]);
  const { entries } = await owner.get<AuditLog>(`/api/servers/${home.id}/audit-log?action=member_voice_update`);
  expect(entries).toMatchObject([
    {
      channel_id: cellar,
      changes: [
        { field: "muted", after: false },
        { field: "deafened", after: false },
      ],
    },
    { channel_id: lobby, actor: { id: moderator.me.id }, user: { id: member.me.id }, reason: "noise" },
  ]);
});

test("in a mesh nobody agrees on sound of who is muted, nor on sound for who is deafened, whatever they offer", async () => {
  const old = await OldClient.connect(server.url, `/ws/legacy/voice/${lobby}`, owner.token!);
  await old.next("participants");
  const m = await join(member);
  const sound = (lines: string) => `m=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=mid:0\r\n${lines}\r\n`;
  const picture = "m=video 9 UDP/TLS/RTP/SAVPF 96\r\na=mid:1\r\na=sendonly\r\n";
  const latest = () => (old.frames as LegacyVoiceEvent[]).findLast((one) => one.type === "offer");
  const becomes = (lines: string, offered = "a=sendrecv") =>
    expect
      .poll(async () => {
        m.send({ type: "offer", target_id: owner.me.id, sdp: `v=0\r\n${sound(offered)}${picture}` });
        await m.roundTrip();
        return latest()?.offer.sdp;
      })
      .toBe(`v=0\r\n${sound(lines)}${picture}`);
  await becomes("a=sendrecv");
  await moderator.put(at(member), { muted: true });
  await becomes("a=recvonly");
  // One of several directions, and not a text that only looks like one.
  await becomes("a=inactive", "a=inactive\r\na=sendrecv");
  await becomes("i=a=sendrecv\r\na=recvonly", "a=sendrecv\r\ni=a=sendrecv");
  await becomes("i=a=sendrecv\r\na=inactive", "a=inactive\r\ni=a=sendrecv\r\na=SENDRECV");
  await becomes("a=recvonly", "a=inactive-for-one\r\na=sendrecv");
  await moderator.put(at(member), { muted: false, deafened: true });
  await becomes("a=sendonly");
  await moderator.put(at(member), { muted: true });
  await becomes("a=inactive");
  await moderator.put(at(member), { muted: false, deafened: false });
  await becomes("a=sendrecv");
  // Clients of version 1 are told what they know, in their words.
  expect(await old.next("user_muted")).toEqual({ type: "user_muted", user_id: member.me.id, is_muted: true });
  for (const frame of old.frames) legacyVoiceEvent.parse(frame);
  await old.close();
});

test("a moved participant is told where to, and a disconnected one is out; both may be told of by the audit log", async () => {
  const m = await join(member);
  const o = await join(owner);
  expect(await put(moderator, at(member), { channel_id: cellar })).toBe(204);
  expect(await m.next("voice_moved")).toEqual({ type: "voice_moved", channel_id: cellar });
  expect((await m.closed).code).toBe(4003);
  expect(await o.next("user_left_voice")).toMatchObject({ user_id: member.me.id });
  const moved = await join(member, cellar);
  expect(await put(moderator, at(member), { muted: true })).toBe("not_found");
  await moderator.delete(at(member, cellar));
  expect((await moved.closed).code).toBe(4003);
  expect(await statesOf(owner)).toMatchObject([{ user: owner.me.id }]);
  const { entries } = await owner.get<AuditLog>(`/api/servers/${home.id}/audit-log`);
  expect(entries.slice(0, 2)).toMatchObject([
    { action: "member_disconnect", channel_id: cellar },
    { action: "member_move", channel_id: lobby, subject: "Cellar" },
  ]);
});

test("where somebody was moved to is not told to readers of the audit log who do not see that channel", async () => {
  const view = bitsOf("viewChannel");
  const [, auditors] = await Promise.all([
    owner.put(`/api/channels/${cellar}/overrides/${home.roles[0]!.id}`, { type: "role", allow: 0, deny: view }),
    owner.post<Role>(`/api/servers/${home.id}/roles`, { name: "auditors", permissions: bitsOf("viewAuditLog") }),
  ]);
  await owner.put(`/api/servers/${home.id}/members/${moderator.me.id}/roles/${auditors.id}`);
  const m = await join(owner);
  expect(await put(owner, at(owner), { channel_id: cellar })).toBe(204);
  await m.next("voice_moved");
  const seen = (client: TestClient) => client.get<AuditLog>(`/api/servers/${home.id}/audit-log?action=member_move`);
  expect((await seen(moderator)).entries).toMatchObject([
    { channel_id: lobby, user: { id: owner.me.id }, subject: null },
  ]);
});

test("it takes the permission in the channel, and for a move the permission of both to connect to the other one", async () => {
  await Promise.all([join(member), join(owner)]);
  for (const body of [{ muted: true }, { deafened: true }, { channel_id: cellar }]) {
    expect(await put(member, at(owner), body)).toBe("forbidden");
  }
  expect((await member.request("DELETE", at(owner))).code).toBe("forbidden");
  // As with Discord, no role protects from it: not even that of the owner.
  expect(await put(moderator, at(owner), { muted: true })).toBe(204);
  const closeTo = (target_id: number, deny: "connect" | "viewChannel") =>
    owner.put(`/api/channels/${cellar}/overrides/${target_id}`, { type: "member", allow: 0, deny: bitsOf(deny) });
  await closeTo(member.me.id, "connect");
  expect(await put(moderator, at(member), { channel_id: cellar })).toBe("forbidden");
  await closeTo(moderator.me.id, "connect");
  expect(await put(moderator, at(owner), { channel_id: cellar })).toBe("forbidden");
  await closeTo(moderator.me.id, "viewChannel");
  expect(await put(moderator, at(owner), { channel_id: cellar })).toBe("not_found");
  expect(await put(moderator, at(owner), { channel_id: home.channels[0]!.id })).toBe("invalid_request");
  const stranger = await TestClient.register(server.url, `stranger${home.id}`);
  expect(await put(stranger, at(owner), { muted: true })).toBe("not_found");
});

test("who lacks the permission to speak is heard by nobody and shares nothing, from the moment it is taken", async () => {
  const [m, o] = [await join(member), await join(owner)];
  m.send({ type: "screen_share_start" });
  await o.next("screen_share_started");
  const override = { type: "member", allow: 0, deny: bitsOf("speak") };
  await owner.put(`/api/channels/${lobby}/overrides/${member.me.id}`, override);
  expect(await o.next("batch_status")).toMatchObject({
    events: { [member.me.id]: { is_muted: true, is_suppressed: true } },
  });
  await o.next("screen_share_stopped");
  await m.close();
  expect((await join(member)).all("participants")[0]!.self).toMatchObject({ is_suppressed: true });
});

test("who lacks the permission to show video shows neither camera nor screen, from the moment it is taken", async () => {
  const old = await OldClient.connect(server.url, `/ws/legacy/voice/${lobby}`, owner.token!);
  const [m, o] = [await join(member), await join(moderator)];
  m.send({ type: "screen_share_start" });
  m.send({ type: "camera", is_camera_on: true });
  await o.next("batch_status", ({ events }) => events[member.me.id]?.is_camera_on === true);
  const override = { type: "member", allow: 0, deny: bitsOf("stream") };
  await owner.put(`/api/channels/${lobby}/overrides/${member.me.id}`, override);
  const taken = { is_camera_on: false, is_video_suppressed: true };
  for (const socket of [m, o]) {
    expect(
      await socket.next("batch_status", ({ events }) => events[member.me.id]?.is_video_suppressed === true),
    ).toMatchObject({ events: { [member.me.id]: taken } });
  }
  await o.next("screen_share_stopped");
  m.send({ type: "camera", is_camera_on: true });
  m.send({ type: "screen_share_start" });
  // Nor may the picture be agreed on between two browsers; the sound may.
  const sections = (direction: string) =>
    `v=0\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=sendrecv\r\nm=video 9 UDP/TLS/RTP/SAVPF 96\r\na=${direction}\r\n`;
  m.send({ type: "offer", target_id: moderator.me.id, sdp: sections("sendonly"), camera_mid: "1" });
  expect(await o.next("offer")).toMatchObject({ sdp: sections("inactive"), camera_mid: "1" });
  expect(await statesOf(owner)).toContainEqual(
    expect.objectContaining({ user: member.me.id, ...taken, is_sharing: false, is_muted: false }),
  );
  // What was taken does not come back by itself.
  await owner.delete(`/api/channels/${lobby}/overrides/${member.me.id}?type=member`);
  await m.next("batch_status", ({ events }) => events[member.me.id]?.is_video_suppressed === false);
  expect(await statesOf(owner)).toContainEqual(expect.objectContaining({ user: member.me.id, is_camera_on: false }));
  await owner.put(`/api/channels/${lobby}/overrides/${member.me.id}`, override);
  await m.close();
  expect((await join(member)).all("participants")[0]!.self).toMatchObject({
    is_suppressed: false,
    is_video_suppressed: true,
  });
  // A client of version 1 knows no cameras, and is told of none.
  await old.next("screen_share_stopped");
  for (const frame of old.frames) legacyVoiceEvent.parse(frame);
  expect(JSON.stringify(old.frames)).not.toContain("camera");
  await old.close();
});

test("who enters a stage listens, asks to speak, and is heard once a moderator invites them", async () => {
  const { id: stage } = await owner.post<{ id: number }>(`/api/servers/${home.id}/channels`, {
    name: "Stage",
    type: "stage",
  });
  const [m, o] = [await join(member, stage), await join(owner, stage)];
  expect(o.all("participants")[0]).toMatchObject({
    participants: [{ user_id: member.me.id, is_muted: true, is_suppressed: true, is_hand_raised: false }],
    self: { is_suppressed: true },
  });
  m.send({ type: "raise_hand", is_raised: true });
  expect(await o.next("batch_status")).toEqual({
    type: "batch_status",
    events: { [member.me.id]: { is_hand_raised: true } },
  });
  expect(await statesOf(owner)).toContainEqual(
    expect.objectContaining({ user: member.me.id, is_hand_raised: true, is_suppressed: true }),
  );
  const speaker = ({ me }: TestClient) => `/api/channels/${stage}/speakers/${me.id}`;
  expect(await put(member, speaker(member), {})).toBe("forbidden");
  expect(await put(moderator, speaker(member), {})).toBe(204);
  const invited = { is_muted: false, is_suppressed: false, is_hand_raised: false };
  expect(await o.next("batch_status", ({ events }) => events[member.me.id]?.is_suppressed === false)).toMatchObject({
    events: { [member.me.id]: invited },
  });
  expect((await member.request("DELETE", speaker(member))).status).toBe(204);
  await o.next("batch_status", ({ events }) => events[member.me.id]?.is_muted === true);
  expect(await put(moderator, `/api/channels/${lobby}/speakers/${member.me.id}`, {})).toBe("not_found");
  const old = await OldClient.connect(server.url, `/ws/legacy/voice/${stage}`, moderator.token!);
  expect((await old.closed).code).toBe(4004);
});
