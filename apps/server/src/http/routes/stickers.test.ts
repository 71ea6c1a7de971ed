import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import {
  limits,
  type AuditLog,
  type History,
  type Message,
  type ScheduledMessage,
  type SearchResult,
  type ServerState,
} from "@miscord/protocol";
import { bitsOf } from "@miscord/rights";
import sharp from "sharp";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { OldClient } from "../../gateway/legacy/testing/old-client.ts";
import { TestClient } from "../../testing/test-client.ts";
import type { TestServer } from "../../testing/test-server.ts";
import { newHome, openMain, startForExpressions, uploadExpression } from "../../testing/expressions.ts";

let server: TestServer;
let owner: TestClient;
let artist: TestClient;
let member: TestClient;
let outsider: TestClient;
let home: ServerState;
let general: number;
let picture: Buffer;

beforeAll(async () => {
  ({ server, owner, artist, member, outsider, picture } = await startForExpressions(900));
});
afterAll(() => server.cleanup());

beforeEach(async () => {
  ({ home, general } = await newHome({ owner, artist, member, outsider }));
});

const path = () => `/api/servers/${home.id}/stickers`;

async function upload(client: TestClient, name: string, { bytes = picture, type = "image/png", aliases = "" } = {}) {
  const { made: sticker, ...answer } = await uploadExpression(client, path(), { name, bytes, type, aliases });
  return { ...answer, sticker };
}
const create = async (name: string) => (await upload(owner, name)).sticker;
const stickersOf = async (client: TestClient) => (await client.get<ServerState>(`/api/servers/${home.id}`)).stickers;
const sending = (client: TestClient, channelId: number, body: object) =>
  client.request("POST", `/api/channels/${channelId}/messages`, { body: { content: "", ...body } });
const messages = async (channelId = general) =>
  (await owner.get<History>(`/api/channels/${channelId}/messages`)).messages;

describe("the stickers of a server", () => {
  test("are added, renamed and deleted by whoever has the permission, and its members learn it at once", async () => {
    const socket = await openMain(member);
    const { status, sticker } = await upload(artist, "Довольный кот", { aliases: "cat,😺" });
    expect(status).toBe(201);
    expect(sticker).toEqual({ id: sticker.id, name: "Довольный кот", animated: false, aliases: ["cat", "😺"] });
    expect((await socket.next("sticker_created")).sticker).toEqual(sticker);
    const renamed = await artist.patch(`${path()}/${sticker.id}`, { name: "Кот", aliases: [] });
    expect(renamed).toEqual({ ...sticker, name: "Кот", aliases: [] });
    expect((await socket.next("sticker_updated")).sticker).toEqual(renamed);
    expect(await stickersOf(member)).toEqual([renamed]);
    await artist.delete(`${path()}/${sticker.id}`);
    expect(await socket.next("sticker_deleted")).toMatchObject({ server_id: home.id, sticker_id: sticker.id });
    expect(await stickersOf(member)).toEqual([]);
    const { entries } = await owner.get<AuditLog>(`/api/servers/${home.id}/audit-log`);
    expect(entries.slice(0, 3).map(({ action, subject }) => [action, subject])).toEqual([
      ["sticker_delete", "Кот"],
      ["sticker_update", "Довольный кот"],
      ["sticker_create", "Довольный кот"],
    ]);
    await socket.close();
  });

  test("are for those who manage them, and not there for outsiders", async () => {
    const { id } = await create("Cat");
    expect(await upload(member, "Mine")).toMatchObject({ status: 403, code: "forbidden" });
    expect(await upload(outsider, "Mine")).toMatchObject({ status: 404, code: "not_found" });
    for (const [client, code] of [
      [member, "forbidden"],
      [outsider, "not_found"],
    ] as const) {
      expect((await client.request("PATCH", `${path()}/${id}`, { body: { name: "Dog" } })).code).toBe(code);
      expect((await client.request("DELETE", `${path()}/${id}`)).code).toBe(code);
    }
    const theirs = await outsider.createServer();
    const there = `/api/servers/${theirs.id}/stickers/${id}`;
    expect((await outsider.request("PATCH", there, { body: { name: "Dog" } })).code).toBe("not_found");
    expect((await outsider.request("DELETE", there)).code).toBe("not_found");
    expect(await stickersOf(owner)).toMatchObject([{ id, name: "Cat" }]);
  });

  test("have names of their own in which nothing is a mark", async () => {
    await create("Cat");
    const wrong = ["Cat", "c", "c".repeat(33), "a:b", "@everyone", "*bold*", "_x_", "<@1>", "https://x.y", "`a`", "  "];
    for (const name of wrong) expect(await upload(owner, name), name).toMatchObject({ code: "invalid_request" });
    for (const name of ["cat", "О, нет!".replace(",", ""), "it's-me?", "猫 2"]) {
      expect((await upload(owner, name)).status, name).toBe(201);
    }
  });

  test("are 60 at most, and emoji do not count", async () => {
    const database = new DatabaseSync(join(server.config.dataDir, "miscord.db"));
    const insert = database.prepare("insert into stickers values (?, ?, ?, 'x', 0, '[]', 1)");
    for (let at = 1; at < limits.stickersPerServer; at += 1) insert.run(1_000 * home.id + at, home.id, `s${at}`);
    database.close();
    expect((await upload(owner, "Last")).status).toBe(201);
    expect(await upload(owner, "More")).toMatchObject({ code: "limit_reached" });
  });

  test("have pictures of at most 320 pixels without what a camera wrote, animated ones too, until they are deleted", async () => {
    const { id } = await create("Cat");
    const stranger = await fetch(`${server.url}/api/stickers/${id}`);
    const bytes = Buffer.from(await stranger.arrayBuffer());
    expect(stranger.headers.get("content-type")).toBe("image/webp");
    expect(await sharp(bytes).metadata()).toMatchObject({ width: 320, height: 160 });
    expect(bytes.includes("Camera")).toBe(false);
    await owner.delete(`${path()}/${id}`);
    expect((await fetch(`${server.url}/api/stickers/${id}`)).status).toBe(404);
    expect((await fetch(stranger.url)).status).toBe(404);
    const frame = (background: string) =>
      sharp({ create: { width: 400, height: 400, channels: 3, background } })
        .png()
        .toBuffer();
    const gif = await sharp([await frame("#f00"), await frame("#00f")], { join: { animated: true } })
      .gif()
      .toBuffer();
    const { sticker } = await upload(owner, "Dance", { bytes: gif, type: "image/gif" });
    expect(sticker.animated).toBe(true);
    const moving = await fetch(`${server.url}/api/stickers/${sticker.id}`);
    expect(await sharp(Buffer.from(await moving.arrayBuffer())).metadata()).toMatchObject({ pages: 2 });
    expect((await upload(owner, "Bad", { bytes: Buffer.from("no picture") })).code).toBe("invalid_request");
    await owner.delete(`/api/servers/${home.id}`);
    expect((await fetch(moving.url)).status).toBe(404);
  });
});

describe("a message that is a sticker", () => {
  test("has its name as text for replies, notices and the search, stays as it was sent, and is not edited", async () => {
    const { id, name } = await create("Elephant");
    const socket = await openMain(owner);
    await socket.join(general);
    const first = await member.send(general, "hello");
    const sent = await owner.post<Message>(`/api/channels/${general}/messages`, {
      content: "@everyone",
      sticker_id: id,
      reply_to_id: first.id,
    });
    expect(sent).toMatchObject({
      content: ":Elephant:",
      sticker: { id, name, animated: false },
      mentions_everyone: false,
    });
    expect((await socket.next("new_message", ({ data }) => data.id === sent.id)).data).toEqual(sent);
    const inbox = await member.get<{ notifications: object[] }>("/api/notifications");
    expect(inbox.notifications[0]).toMatchObject({ kind: "reply", excerpt: ":Elephant:" });
    const answer = await member.send(general, "again", { reply_to_id: sent.id });
    expect(answer.reply_to?.content).toBe(":Elephant:");
    const edit = await owner.request("PATCH", `/api/messages/${sent.id}`, { body: { content: "else" } });
    expect(edit.code).toBe("invalid_request");
    await owner.patch(`${path()}/${id}`, { name: "Mammoth" });
    await owner.delete(`${path()}/${id}`);
    expect((await messages())[1]).toEqual(sent);
    const found = async () =>
      (await member.get<SearchResult>(`/api/search?server_id=${home.id}&q=elephant`)).hits.map((hit) => hit.message.id);
    await expect.poll(found).toEqual([sent.id]);
    await owner.delete(`/api/messages/${sent.id}`);
    expect((await messages()).some((message) => message.sticker)).toBe(false);
    await socket.close();
  });

  test("is of one of the author's servers, in whatever conversation; of no other, nothing is told", async () => {
    const { id } = await create("Cat");
    const foreign = await outsider.createServer();
    const elsewhere = foreign.channels[0]!.id;
    await member.join(await outsider.invite(foreign.id));
    expect((await sending(member, elsewhere, { sticker_id: id })).status).toBe(201);
    const unknown = await sending(outsider, elsewhere, { sticker_id: 99 });
    const others = await sending(outsider, elsewhere, { sticker_id: id });
    expect(others).toMatchObject({ status: 404, code: "not_found" });
    expect(others.body).toEqual(unknown.body);
    const dm = await member.post<{ id: number }>("/api/dms", { user_ids: [outsider.me.id] });
    expect((await sending(member, dm.id, { sticker_id: id })).status).toBe(201);
  });

  test("is alone, and needs the right to attach files", async () => {
    const { id } = await create("Cat");
    const poll = { answers: ["a", "b"] };
    expect((await sending(owner, general, { sticker_id: id, poll })).code).toBe("invalid_request");
    for (const wrong of [0, -1, 1.5, "x", null, [id]]) {
      expect((await sending(owner, general, { sticker_id: wrong })).code, String(wrong)).toBe("invalid_request");
    }
    await owner.put(`/api/channels/${general}/overrides/${home.everyone_role_id}`, {
      type: "role",
      allow: 0,
      deny: bitsOf("attachFiles"),
    });
    expect((await sending(member, general, { sticker_id: id })).code).toBe("forbidden");
    expect((await sending(owner, general, { sticker_id: id })).status).toBe(201);
  });

  test("keeps its place among what its author sends at once, and is sent once although it is deleted meanwhile", async () => {
    const { id } = await create("Cat");
    const socket = await openMain(owner);
    const stickerMessage = { type: "chat_message", channel_id: general, content: "", nonce: "n1", sticker_id: id };
    socket.send({ type: "chat_message", channel_id: general, content: "first", nonce: "n0" });
    socket.send(stickerMessage);
    socket.send({ type: "chat_message", channel_id: general, content: "third", nonce: "n2" });
    await socket.count("message_ack", 3);
    expect((await messages()).map(({ content }) => content)).toEqual(["first", ":Cat:", "third"]);
    await owner.delete(`${path()}/${id}`);
    socket.send(stickerMessage);
    await socket.count("message_ack", 4);
    expect(await messages()).toHaveLength(3);
    await socket.close();
  });

  test("is forwarded as one where its sender may send it, and as its name elsewhere, also on and on", async () => {
    const { id } = await create("Cat");
    const shown = { id, name: "Cat", animated: false };
    const { body: source } = await sending(owner, general, { sticker_id: id });
    const forward = async (client: TestClient, messageId: number, channelId: number) =>
      client.post<Message>(`/api/messages/${messageId}/forward`, { channel_id: channelId });
    const here = await forward(member, (source as Message).id, general);
    expect(here).toMatchObject({ content: "", forwarded: { content: ":Cat:", sticker: shown } });
    expect((await messages()).at(-1)).toEqual(here);
    const foreign = await outsider.createServer();
    const elsewhere = foreign.channels[0]!.id;
    await member.join(await outsider.invite(foreign.id));
    expect((await forward(member, here.id, elsewhere)).forwarded).toMatchObject({ sticker: shown });
    await outsider.put(`/api/channels/${elsewhere}/overrides/${foreign.everyone_role_id}`, {
      type: "role",
      allow: 0,
      deny: bitsOf("useExternalStickers"),
    });
    const named = (await forward(member, here.id, elsewhere)).forwarded!;
    expect([named.content, named.sticker]).toEqual([":Cat:", undefined]);
    await owner.put(`/api/channels/${general}/overrides/${home.everyone_role_id}`, {
      type: "role",
      allow: 0,
      deny: bitsOf("attachFiles"),
    });
    expect((await forward(member, here.id, general)).forwarded).not.toHaveProperty("sticker");
    await owner.delete(`/api/messages/${here.id}`);
    expect((await messages()).some((message) => message.id === here.id)).toBe(false);
  });

  test("is scheduled by its members, and sent by the rights of its time", async () => {
    const { id } = await create("Cat");
    const later = (client: TestClient, body: object, channelId = general) =>
      client.request<ScheduledMessage>("POST", `/api/channels/${channelId}/scheduled`, {
        body: { send_at: new Date(Date.now() + 1_500).toISOString(), ...body },
      });
    const sticker = { id, name: "Cat", animated: false };
    const waiting = await later(member, { sticker_id: id, content: "@everyone" });
    expect(waiting.body).toMatchObject({ content: ":Cat:", sticker });
    const { id: waitingId } = waiting.body;
    expect((await member.request("PATCH", `/api/me/scheduled/${waitingId}`, { body: { content: "x" } })).code).toBe(
      "invalid_request",
    );
    for (const body of [{}, { content: "" }, { sticker_id: id, poll: { answers: ["a", "b"] } }]) {
      expect((await later(member, body)).code, JSON.stringify(body)).toBe("invalid_request");
    }
    const theirs = (await outsider.createServer()).channels[0]!.id;
    expect((await later(outsider, { sticker_id: id }, theirs)).code).toBe("not_found");
    await expect.poll(async () => (await messages()).at(-1)).toMatchObject({ content: ":Cat:", sticker });
  });

  test("is text for a client of version 1", async () => {
    const { id } = await create("Cat");
    const old = await OldClient.connect(server.url, `/ws/legacy/chat/${general}`, member.token!);
    await old.joined();
    await sending(owner, general, { sticker_id: id });
    expect(await old.next("new_message")).toMatchObject({ data: { content: ":Cat:" } });
    await old.close();
  });
});
