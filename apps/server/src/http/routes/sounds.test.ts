import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { limits, type AuditLog, type ServerSound, type ServerState } from "@miscord/protocol";
import { bitsOf, type PermissionName } from "@miscord/rights";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { buildMp3, buildOpus, buildWav } from "../../domain/attachments/sound/testing/build-sound.ts";
import { OldClient } from "../../gateway/legacy/testing/old-client.ts";
import { newHome, openMain, startForExpressions } from "../../testing/expressions.ts";
import { TestClient } from "../../testing/test-client.ts";
import { startTestServer, testConfig, type TestServer } from "../../testing/test-server.ts";
import { TestSocket } from "../../testing/test-socket.ts";

let server: TestServer;
let owner: TestClient;
let artist: TestClient;
let member: TestClient;
let outsider: TestClient;
let home: ServerState;
let lobby: number;
let sockets: TestSocket[] = [];

beforeAll(async () => {
  ({ server, owner, artist, member, outsider } = await startForExpressions(60));
});
afterAll(() => server.cleanup());

beforeEach(async () => {
  ({ home } = await newHome({ owner, artist, member, outsider }));
  const fields = { name: "Lobby", type: "voice" };
  lobby = (await owner.post<{ id: number }>(`/api/servers/${home.id}/channels`, fields)).id;
});
afterEach(async () => {
  for (const socket of sockets) await socket.close();
  sockets = [];
});

const tone = buildWav(300);
const path = (serverId = home.id) => `/api/servers/${serverId}/sounds`;

async function upload(
  client: TestClient,
  name: string,
  { bytes = tone, type = "audio/wav", to = home.id, more = "" } = {},
) {
  const response = await fetch(`${client.url}${path(to)}?name=${encodeURIComponent(name)}${more}`, {
    method: "POST",
    headers: { authorization: `Bearer ${client.token}`, "content-type": type },
    body: new Uint8Array(bytes),
  });
  const sound = (await response.json()) as ServerSound & { error?: { code: string } };
  return { status: response.status, code: sound.error?.code, sound };
}
const create = async (client: TestClient, name: string, to = home.id) => (await upload(client, name, { to })).sound;
const soundsOf = async (client: TestClient) => (await client.get<ServerState>(`/api/servers/${home.id}`)).sounds;

describe("the sounds of a server", () => {
  test("are added, changed and deleted by whoever has the permission, and its members learn it at once", async () => {
    const socket = await openMain(member);
    const { status, sound } = await upload(artist, "Ба-дум, тсс!", { more: "&volume=70&emoji=🥁" });
    expect(status).toBe(201);
    expect(sound).toEqual({ id: sound.id, name: "Ба-дум, тсс!", emoji: "🥁", volume: 70, duration_ms: 300 });
    expect((await socket.next("sound_created")).sound).toEqual(sound);
    const changed = await artist.patch(`${path()}/${sound.id}`, { name: "Drum", emoji: null });
    expect(changed).toEqual({ ...sound, name: "Drum", emoji: null });
    expect((await socket.next("sound_updated")).sound).toEqual(changed);
    expect(await soundsOf(member)).toEqual([changed]);
    const file = await fetch(`${server.url}/api/sounds/${sound.id}`);
    expect(Object.fromEntries(file.headers)).toMatchObject({
      "content-type": "audio/wav",
      "cache-control": "public, max-age=31536000, immutable",
      "x-content-type-options": "nosniff",
    });
    const bytes = Buffer.from(await file.arrayBuffer());
    expect(bytes.toString("latin1")).toMatch(/^RIFF....WAVEfmt /s);
    expect(bytes.includes("Camera")).toBe(false);
    await artist.delete(`${path()}/${sound.id}`);
    expect(await socket.next("sound_deleted")).toMatchObject({ server_id: home.id, sound_id: sound.id });
    expect(await soundsOf(member)).toEqual([]);
    expect((await fetch(`${server.url}/api/sounds/${sound.id}`)).status).toBe(404);
    const { entries } = await owner.get<AuditLog>(`/api/servers/${home.id}/audit-log`);
    expect(entries.slice(0, 3).map(({ action, subject }) => [action, subject])).toEqual([
      ["sound_delete", "Drum"],
      ["sound_update", "Ба-дум, тсс!"],
      ["sound_create", "Ба-дум, тсс!"],
    ]);
    await socket.close();
  });

  test("are for those who manage them, and not there for outsiders", async () => {
    const { id } = await create(owner, "Drum");
    expect(await upload(member, "Mine")).toMatchObject({ status: 403, code: "forbidden" });
    expect(await upload(outsider, "Mine")).toMatchObject({ status: 404, code: "not_found" });
    const theirs = await outsider.createServer();
    const there = `${path(theirs.id)}/${id}`;
    expect((await outsider.request("PATCH", there, { body: { name: "Dog" } })).code).toBe("not_found");
    expect((await outsider.request("DELETE", there)).code).toBe("not_found");
    expect(await soundsOf(owner)).toMatchObject([{ id }]);
  });

  test("are short, of a known format, and have names of their own", async () => {
    await create(owner, "Drum");
    const text = Buffer.from("<script>alert(1)</script>".repeat(40));
    for (const [bytes, type] of [
      [buildWav(5_300), "audio/wav"],
      [buildMp3(200), "audio/mpeg"],
      [buildOpus(280), "audio/ogg"],
      [text, "audio/mpeg"],
      [Buffer.alloc(1), "audio/wav"],
    ] as const) {
      expect(await upload(owner, "Wrong", { bytes, type })).toMatchObject({ code: "invalid_request" });
    }
    expect((await upload(owner, "Wrong", { type: "image/png" })).code).toBe("unsupported_media");
    expect((await upload(owner, "Wrong", { bytes: Buffer.alloc(limits.soundBytes + 1) })).status).toBe(413);
    for (const name of ["Drum", "c", "c".repeat(33), "  "]) {
      expect(await upload(owner, name), name).toMatchObject({ code: "invalid_request" });
    }
    for (const more of ["&volume=101", "&volume=x", "&emoji=abc", "&emoji=👍👍"]) {
      expect(await upload(owner, "Wrong", { more }), more).toMatchObject({ code: "invalid_request" });
    }
    expect((await upload(owner, "Short", { bytes: buildMp3(150), type: "audio/mpeg" })).status).toBe(201);
    expect((await upload(owner, "Opus", { bytes: buildOpus(200), type: "application/ogg" })).status).toBe(201);
    expect(await soundsOf(owner)).toHaveLength(3);
  });

  test("are 24 at most, and go with their server", async () => {
    const { id } = await create(owner, "Drum");
    const database = new DatabaseSync(join(server.config.dataDir, "miscord.db"));
    const insert = database.prepare("insert into sounds values (?, ?, ?, null, 100, ?, 'audio/wav', 1, 1, 1)");
    for (let at = 2; at < limits.soundsPerServer; at += 1) {
      insert.run(1_000 * home.id + at, home.id, `s${at}`, `${home.id} ${at}`);
    }
    expect((await upload(owner, "Last")).status).toBe(201);
    expect(await upload(owner, "More")).toMatchObject({ code: "limit_reached" });
    const { file_id } = database.prepare("select file_id from sounds where id = ?").get(id) as { file_id: string };
    await owner.delete(`/api/servers/${home.id}`);
    expect((await fetch(`${server.url}/api/sounds/${id}`)).status).toBe(404);
    const kept = () => database.prepare("select count(*) as n from sounds where file_id = ?").get(file_id);
    expect(kept()).toEqual({ n: 0 });
    database.close();
  });
});

function open(at: string): TestSocket {
  const socket = new TestSocket(`ws${server.url.slice(4)}${at}`);
  sockets.push(socket);
  return socket;
}

async function call({ token }: TestClient, channelId = lobby): Promise<TestSocket> {
  const query = `token=${token}&session=${randomUUID()}&media=forwarded&encryption=mls`;
  const socket = open(`/ws/voice/${channelId}?${query}`);
  await socket.next("participants");
  return socket;
}

async function refusal(socket: TestSocket, soundId: number): Promise<string> {
  const ref = randomUUID();
  socket.send({ type: "play_sound", sound_id: soundId, ref });
  return (await socket.next("error", (error) => error.ref === ref)).code;
}

const without = (...names: PermissionName[]) =>
  owner.put(`/api/channels/${lobby}/overrides/${home.everyone_role_id}`, {
    type: "role",
    allow: 0,
    deny: bitsOf(...names),
  });

describe("a sound that is played in a call", () => {
  test("is told to everybody in it with who plays it, and to nobody else", async () => {
    const sound = await create(owner, "Drum");
    const main = await openMain(artist);
    const [m, o] = [await call(member), await call(owner)];
    const old = await OldClient.connect(server.url, `/ws/legacy/voice/${lobby}`, artist.token!);
    m.send({ type: "play_sound", sound_id: sound.id });
    for (const socket of [m, o]) {
      expect(await socket.next("sound_played")).toEqual({ type: "sound_played", user_id: member.me.id, sound });
    }
    await owner.put(`/api/channels/${lobby}/voice/${member.me.id}`, { muted: true });
    await old.next("user_muted");
    await main.roundTrip();
    expect(JSON.stringify([...old.frames, ...main.frames.slice(1)])).not.toContain("sound_played");
    await Promise.all([old.close(), main.close()]);
  });

  test("is refused without the permissions, to who is muted or deafened, and when it is of no server of theirs", async () => {
    const { id } = await create(owner, "Drum");
    const theirs = await outsider.createServer();
    const foreign = await create(outsider, "Theirs", theirs.id);
    const [m, o] = [await call(member), await call(owner)];
    expect(await refusal(m, foreign.id)).toBe("not_found");
    expect(await refusal(m, 99)).toBe("not_found");
    await without("useSoundboard");
    expect(await refusal(m, id)).toBe("forbidden");
    await without();
    m.send({ type: "deafen", is_deafened: true });
    await o.next("batch_status", ({ events }) => events[member.me.id]?.is_deafened === true);
    expect(await refusal(m, id)).toBe("forbidden");
    m.send({ type: "deafen", is_deafened: false });
    await owner.put(`/api/channels/${lobby}/voice/${member.me.id}`, { muted: true });
    await o.next("batch_status", ({ events }) => events[member.me.id]?.is_server_muted === true);
    expect(await refusal(m, id)).toBe("forbidden");
    await o.roundTrip();
    expect(o.all("sound_played")).toEqual([]);
  });

  test("may be of another server only with the permission for it, and in private calls of any", async () => {
    const theirs = await outsider.createServer();
    await artist.join(await outsider.invite(theirs.id));
    const { id } = await create(outsider, "Theirs", theirs.id);
    const a = await call(artist);
    a.send({ type: "play_sound", sound_id: id });
    await a.next("sound_played");
    await without("useExternalSounds");
    expect(await refusal(a, id)).toBe("forbidden");
    const dm = await artist.post<{ id: number }>("/api/dms", { user_ids: [outsider.me.id] });
    const inDm = await call(artist, dm.id);
    inDm.send({ type: "play_sound", sound_id: id });
    await inDm.next("sound_played");
  });

  test("is one of a few at once", async () => {
    const changes = { perSecond: 1, burst: 30 };
    const slow = await startTestServer({ rates: { ...testConfig().rates, changes } });
    const alone = await TestClient.register(slow.url, "alone");
    const own = await alone.createServer();
    const sound = await create(alone, "Drum", own.id);
    const fields = { name: "Lobby", type: "voice" };
    const { id } = await alone.post<{ id: number }>(`/api/servers/${own.id}/channels`, fields);
    const query = `token=${alone.token}&session=${randomUUID()}&media=forwarded`;
    const socket = new TestSocket(`ws${slow.url.slice(4)}/ws/voice/${id}?${query}`);
    await socket.next("participants");
    for (let time = 0; time < 6; time += 1) socket.send({ type: "play_sound", sound_id: sound.id });
    expect(await socket.next("error")).toMatchObject({ code: "rate_limited" });
    await socket.count("sound_played", 3);
    await socket.close();
    await slow.cleanup();
  });

  test("is refused to the listeners of a stage", async () => {
    const { id } = await create(owner, "Drum");
    const fields = { name: "Stage", type: "stage" };
    const stage = (await owner.post<{ id: number }>(`/api/servers/${home.id}/channels`, fields)).id;
    expect(await refusal(await call(member, stage), id)).toBe("forbidden");
  });
});
