import { once } from "node:events";
import { request, type ClientRequest, type IncomingMessage } from "node:http";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { AuditLog, History, Message, SearchResult, ServerState, WebhookWithToken } from "@miscord/protocol";
import { emojiMark, emojiMarksIn } from "@miscord/text";
import sharp from "sharp";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
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
  ({ server, owner, artist, member, outsider, picture } = await startForExpressions(300));
});
afterAll(() => server.cleanup());

beforeEach(async () => {
  ({ home, general } = await newHome({ owner, artist, member, outsider }));
});

const path = () => `/api/servers/${home.id}/emojis`;

async function upload(
  client: TestClient,
  name: string,
  { bytes = picture, at = path(), type = "image/png", aliases = "" } = {},
) {
  const { made: emoji, ...answer } = await uploadExpression(client, at, { name, bytes, type, aliases });
  return { ...answer, emoji };
}
const create = async (client: TestClient, name: string) => (await upload(client, name)).emoji;
const emojisOf = async (client: TestClient) => (await client.get<ServerState>(`/api/servers/${home.id}`)).emojis;
const react = (client: TestClient, { id }: Message, emoji: string, method = "PUT") =>
  client.request(method, `/api/messages/${id}/reactions/${encodeURIComponent(emoji)}`);
const last = async () => (await owner.get<History>(`/api/channels/${general}/messages`)).messages.at(-1)!;

describe("the emoji of a server", () => {
  test("are added, renamed and deleted by whoever has the permission, and its members learn it at once", async () => {
    const socket = await openMain(member);
    const { status, emoji } = await upload(artist, "cat", { aliases: "кот,кошка" });
    expect(status).toBe(201);
    expect(emoji).toEqual({ id: emoji.id, name: "cat", animated: false, aliases: ["кот", "кошка"] });
    expect((await socket.next("emoji_created")).emoji).toEqual(emoji);
    const renamed = await artist.patch(`${path()}/${emoji.id}`, { name: "kitty", aliases: ["кот"] });
    expect(renamed).toEqual({ ...emoji, name: "kitty", aliases: ["кот"] });
    expect((await socket.next("emoji_updated")).emoji).toEqual(renamed);
    expect(await emojisOf(member)).toEqual([renamed]);
    await artist.delete(`${path()}/${emoji.id}`);
    expect(await socket.next("emoji_deleted")).toMatchObject({ server_id: home.id, emoji_id: emoji.id });
    expect(await emojisOf(member)).toEqual([]);
    const { entries } = await owner.get<AuditLog>(`/api/servers/${home.id}/audit-log`);
    expect(entries.slice(0, 3)).toMatchObject([
      { action: "emoji_delete", subject: "kitty", actor: { id: artist.me.id } },
      {
        action: "emoji_update",
        subject: "cat",
        changes: [
          { field: "name", before: "cat", after: "kitty" },
          { field: "aliases", before: "кот, кошка", after: "кот" },
        ],
      },
      { action: "emoji_create", subject: "cat" },
    ]);
    await socket.close();
  });

  test("are not for members without the permission, and do not exist for others", async () => {
    const emoji = await create(artist, "cat");
    expect(await upload(member, "dog")).toMatchObject({ status: 403, code: "forbidden" });
    expect(await upload(outsider, "dog")).toMatchObject({ status: 404, code: "not_found" });
    for (const [client, code] of [
      [member, "forbidden"],
      [outsider, "not_found"],
    ] as const) {
      const at = `${path()}/${emoji.id}`;
      expect((await client.request("PATCH", at, { body: { name: "dog" } })).code).toBe(code);
      expect((await client.request("DELETE", at)).code).toBe(code);
    }
    const elsewhere = await outsider.createServer();
    const theirs = `/api/servers/${elsewhere.id}/emojis/${emoji.id}`;
    expect((await outsider.request("PATCH", theirs, { body: { name: "dog" } })).code).toBe("not_found");
    expect((await outsider.request("DELETE", theirs)).code).toBe("not_found");
    expect(await emojisOf(owner)).toEqual([emoji]);
  });

  test("have names of their own, of 2 to 32 Latin letters, digits and _", async () => {
    const [cat, dog] = [await create(owner, "cat"), await create(owner, "dog")];
    for (const name of ["cat", "c", "c".repeat(33), "кот", "a b", "a:b", ""]) {
      expect(await upload(owner, name), name).toMatchObject({ status: 400, code: "invalid_request" });
    }
    expect((await owner.request("PATCH", `${path()}/${dog.id}`, { body: { name: "cat" } })).code).toBe(
      "invalid_request",
    );
    for (const aliases of [["x".repeat(33)], Array.from({ length: 6 }, (_, at) => `a${at}`), [""]]) {
      expect((await owner.request("PATCH", `${path()}/${dog.id}`, { body: { aliases } })).code).toBe("invalid_request");
    }
    expect((await emojisOf(owner))?.map(({ name }) => name).toSorted()).toEqual(["cat", "dog"]);
    expect(cat.id).not.toBe(dog.id + 1);
  });

  test("are at most a hundred", async () => {
    const database = new DatabaseSync(join(server.config.dataDir, "miscord.db"));
    const insert = database.prepare("insert into emojis values (?, ?, ?, 'x', 0, '[]', 1)");
    for (let at = 1; at <= 99; at += 1) insert.run(1_000 * home.id + at, home.id, `e_${at}`);
    database.close();
    expect((await upload(owner, "last")).status).toBe(201);
    expect(await upload(owner, "more")).toMatchObject({ code: "limit_reached" });
  });

  test("have pictures of at most 96 pixels without what a camera wrote, for whoever knows the id, until they are deleted", async () => {
    const emoji = await create(owner, "cat");
    const stranger = await fetch(`${server.url}/api/emojis/${emoji.id}`);
    const bytes = Buffer.from(await stranger.arrayBuffer());
    expect([stranger.status, stranger.headers.get("content-type")]).toEqual([200, "image/webp"]);
    expect(await sharp(bytes).metadata()).toMatchObject({ width: 96, height: 48 });
    expect(bytes.includes("Camera")).toBe(false);
    await owner.delete(`${path()}/${emoji.id}`);
    expect((await fetch(`${server.url}/api/emojis/${emoji.id}`)).status).toBe(404);
    expect((await fetch(stranger.url)).status).toBe(404);
    for (const bytes of [Buffer.from("no picture"), Buffer.alloc(0)]) {
      expect((await upload(owner, "bad", { bytes })).status).toBeGreaterThanOrEqual(400);
    }
    expect((await upload(owner, "bad", { type: "application/json" })).status).toBeGreaterThanOrEqual(400);
    expect(await emojisOf(owner)).toEqual([]);
  });

  test("move if their pictures do", async () => {
    const frame = (background: string) =>
      sharp({ create: { width: 40, height: 40, channels: 3, background } })
        .png()
        .toBuffer();
    const bytes = await sharp([await frame("#f00"), await frame("#00f")], { join: { animated: true } })
      .gif()
      .toBuffer();
    const { emoji } = await upload(owner, "dance", { bytes, type: "image/gif" });
    expect(emoji.animated).toBe(true);
    expect(emojiMark(emoji)).toBe(`<a:dance:${emoji.id}>`);
  });

  test("are three at once of one user, of which the others are refused before they arrive", async () => {
    const started: ClientRequest[] = [];
    const begin = (client: TestClient) => {
      const headers = { authorization: `Bearer ${client.token}`, "content-type": "image/png", "content-length": 1e6 };
      const upload = request(`${server.url}${path()}?name=cat`, { method: "POST", headers });
      upload.on("error", () => {});
      upload.write(picture.subarray(0, 10));
      started.push(upload);
      return upload;
    };
    const answered = Array.from({ length: 5 }, () => once(begin(owner), "response"));
    const [first] = (await Promise.race(answered)) as [IncomingMessage];
    expect(first.statusCode).toBe(429);
    expect((await upload(owner, "cat")).code).toBe("rate_limited");
    expect((await upload(artist, "cat")).status).toBe(201);
    for (const one of started) one.destroy();
    await expect.poll(async () => (await upload(owner, "dog")).status).toBe(201);
    for (const one of answered) one.catch(() => {});
  });

  test("go with their server, and their pictures too", async () => {
    const emoji = await create(owner, "cat");
    const { url } = await fetch(`${server.url}/api/emojis/${emoji.id}`);
    await owner.delete(`/api/servers/${home.id}`);
    expect((await fetch(url)).status).toBe(404);
  });
});

describe("a text", () => {
  test("holds emoji of the author's servers, wherever it is written, and the names of all others", async () => {
    const emoji = await create(owner, "cat");
    const mark = emojiMark(emoji);
    const foreign = await outsider.createServer();
    const elsewhere = foreign.channels[0]!.id;
    await member.join(await outsider.invite(foreign.id));
    expect((await member.send(elsewhere, `look ${mark}`)).content).toBe(`look ${mark}`);
    expect((await outsider.send(elsewhere, `mine too? ${mark}`)).content).toBe("mine too? :cat:");
    const sent = await outsider.send(elsewhere, "nothing");
    const edited = await outsider.patch<Message>(`/api/messages/${sent.id}`, { content: `${mark} <:made_up:99>` });
    expect(edited.content).toBe(":cat: :made_up:");
    expect((await member.send(elsewhere, "@outsider <:made_up:12345678901234567890>")).content).toBe(
      "@outsider :made_up:",
    );
  });

  test("keeps its place among what its author sends at once", async () => {
    const mark = emojiMark(await create(owner, "cat"));
    const socket = await openMain(owner);
    for (const [at, content] of [mark, "second", `third ${mark}`, "fourth"].entries()) {
      socket.send({ type: "chat_message", channel_id: general, content, nonce: `n${at}` });
    }
    await socket.count("message_ack", 4);
    const { messages } = await owner.get<History>(`/api/channels/${general}/messages`);
    expect(messages.map(({ content }) => content)).toEqual([mark, "second", `third ${mark}`, "fourth"]);
    await socket.close();
  });

  test("is found, and shown in replies, by the emoji's name", async () => {
    const mark = emojiMark(await create(owner, "elephant"));
    const first = await member.send(general, "hello");
    const reply = await owner.send(general, `@member ${mark}`, { reply_to_id: first.id });
    const answer = await owner.send(general, "again", { reply_to_id: reply.id });
    expect(answer.reply_to?.content).toBe("@member :elephant:");
    const found = async (q: string) =>
      (await member.get<SearchResult>(`/api/search?server_id=${home.id}&q=${q}`)).hits.map(({ message }) => message.id);
    await expect.poll(() => found("elephant")).toEqual([reply.id]);
    expect(await found(String(emojiMarksIn(mark)[0]!.id))).toEqual([]);
  });

  test("of a webhook holds emoji of its creator's servers", async () => {
    const mark = emojiMark(await create(owner, "cat"));
    const hook = await owner.post<WebhookWithToken>(`/api/channels/${general}/webhooks`, { name: "x" });
    const body = { content: `${mark} <:made_up:99>` };
    await new TestClient(server.url).request("POST", `/api/webhooks/${hook.id}/${hook.token}`, { body });
    expect((await last()).content).toBe(`${mark} :made_up:`);
  });

  test("with too many emoji of servers meets AutoMod's rule", async () => {
    const mark = emojiMark(await create(owner, "cat"));
    const rule = { name: "x", message: "Too many.", trigger: { kind: "emoji", most: 2 }, actions: { block: true } };
    await owner.post(`/api/servers/${home.id}/automod/rules`, rule);
    await member.send(general, mark.repeat(2));
    const refused = await member.request("POST", `/api/channels/${general}/messages`, {
      body: { content: mark.repeat(3) },
    });
    expect(refused.code).toBe("automod_blocked");
  });
});

describe("a reaction", () => {
  test("with an emoji of a server is for its members; others may join in", async () => {
    const mark = emojiMark(await create(owner, "cat"));
    const foreign = await outsider.createServer();
    await member.join(await outsider.invite(foreign.id));
    const message = await outsider.send(foreign.channels[0]!.id, "react to me");
    expect((await react(outsider, message, mark)).code).toBe("not_found");
    expect((await react(member, message, mark)).status).toBe(204);
    expect((await react(outsider, message, mark)).status).toBe(204);
    const { messages } = await outsider.get<History>(`/api/channels/${foreign.channels[0]!.id}/messages`);
    expect(messages.at(-1)!.reactions).toEqual([{ emoji: mark, count: 2, user_ids: [member.me.id, outsider.me.id] }]);
    expect((await react(member, message, mark, "DELETE")).status).toBe(204);
    expect((await react(outsider, message, mark, "DELETE")).status).toBe(204);
    expect((await react(outsider, message, mark)).code).toBe("not_found");
  });

  test("with an emoji of a server is gone when it is taken back at once", async () => {
    const emoji = emojiMark(await create(owner, "cat"));
    const { id } = await owner.send(general, "x");
    const socket = await openMain(owner);
    for (let round = 0; round < 5; round += 1) {
      socket.send({ type: "reaction_add", message_id: id, emoji });
      socket.send({ type: "reaction_remove", message_id: id, emoji });
    }
    socket.send({ type: "reaction_add", message_id: id, emoji: "👍" });
    const shown = async () => (await last()).reactions.map((one) => one.emoji);
    await expect.poll(shown).toContain("👍");
    expect(await shown()).toEqual(["👍"]);
    await socket.close();
  });

  test("names the emoji as it is named now, and stays when it is deleted", async () => {
    const emoji = await create(owner, "cat");
    const message = await owner.send(general, "x");
    for (const wrong of [`<:dog:${emoji.id}>`, `<a:cat:${emoji.id}>`, "<:cat:99>"]) {
      expect((await react(owner, message, wrong)).code, wrong).toBe("not_found");
    }
    for (const wrong of ["<:cat:>", "<cat>", "<:c:1>", `${emojiMark(emoji)}x`]) {
      expect((await react(owner, message, wrong)).code, wrong).toBe("invalid_request");
    }
    expect((await react(owner, message, emojiMark(emoji))).status).toBe(204);
    await owner.delete(`${path()}/${emoji.id}`);
    expect((await last()).reactions).toMatchObject([{ emoji: emojiMark(emoji), count: 1 }]);
    expect((await react(member, message, emojiMark(emoji))).status).toBe(204);
  });
});
