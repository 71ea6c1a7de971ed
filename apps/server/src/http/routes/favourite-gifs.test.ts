import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { gifLimits, type Attachment, type FavouriteGif, type Message, type ServerState } from "@miscord/protocol";
import { bitsOf } from "@miscord/rights";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { newHome, openMain, startForExpressions } from "../../testing/expressions.ts";
import { framesOf, movingGif, movingWebp } from "../../testing/moving-picture.ts";
import { TestClient } from "../../testing/test-client.ts";
import type { TestServer } from "../../testing/test-server.ts";

let server: TestServer;
let owner: TestClient;
let artist: TestClient;
let member: TestClient;
let outsider: TestClient;
let home: ServerState;
let general: number;
let gif: Buffer;

beforeAll(async () => {
  ({ server, owner, artist, member, outsider } = await startForExpressions(60));
  gif = await movingGif();
});
afterAll(() => server.cleanup());

beforeEach(async () => {
  ({ home, general } = await newHome({ owner, artist, member, outsider }));
  for (const client of [owner, member]) await forgetAll(client);
});

const listed = async (client: TestClient) => (await client.get<{ gifs: FavouriteGif[] }>("/api/me/gifs")).gifs;
const keep = (client: TestClient, body: object) => client.request<FavouriteGif>("POST", "/api/me/gifs", { body });
const fetched = async (path: string) => Buffer.from(await (await fetch(server.url + path)).arrayBuffer());

async function forgetAll(client: TestClient): Promise<void> {
  for (const { id } of await listed(client)) await client.delete(`/api/me/gifs/${id}`);
}

/** A message of the owner with the picture. */
async function shown(bytes = gif, name = "dance.gif"): Promise<Message> {
  const { body } = await owner.upload(new Uint8Array(bytes), name);
  return owner.send(general, "look", { attachments: [body.id] });
}

/** The file, read by the client. */
async function read(client: TestClient, { file_url: url }: Attachment, query = "") {
  const answer = await fetch(`${server.url}${url}${query}`, { headers: { authorization: `Bearer ${client.token}` } });
  return { answer, bytes: Buffer.from(await answer.arrayBuffer()) };
}

describe("a favourite GIF", () => {
  test("is a copy that stays when the message goes, is told to all devices of its person, and goes with a word", async () => {
    const message = await shown();
    const [file] = message.attachments;
    expect(file).toMatchObject({ animated: true, content_type: "image/gif" });
    const socket = await openMain(member);
    const { status, body: kept } = await keep(member, { attachment_id: file!.id });
    expect(status).toBe(201);
    expect(kept).toEqual({
      id: kept.id,
      url: expect.stringMatching(/^\/api\/pictures\/[\w-]{24}$/),
      width: 60,
      height: 40,
      title: "dance",
      source: `attachment:${file!.id}`,
    });
    expect((await socket.next("favourite_gif_added")).gif).toEqual(kept);
    expect((await keep(member, { attachment_id: file!.id })).body).toEqual(kept);
    expect(await listed(member)).toEqual([kept]);
    expect(await listed(owner)).toEqual([]);
    await owner.delete(`/api/messages/${message.id}`);
    expect(await framesOf(await fetched(kept.url))).toEqual({ frames: 3, width: 60, height: 40 });
    expect((await outsider.request("DELETE", `/api/me/gifs/${kept.id}`)).code).toBe("not_found");
    await member.delete(`/api/me/gifs/${kept.id}`);
    expect(await socket.next("favourite_gif_removed")).toMatchObject({ gif_id: kept.id });
    expect((await fetch(server.url + kept.url)).status).toBe(404);
    expect((await member.request("DELETE", `/api/me/gifs/${kept.id}`)).code).toBe("not_found");
    await socket.close();
  });

  test("is made of what its person sees and what moves, and of nothing else", async () => {
    const message = await shown();
    const attachment_id = message.attachments[0]!.id;
    const unknown = await keep(outsider, { attachment_id: 999_999 });
    const hidden = await keep(outsider, { attachment_id });
    expect(hidden).toMatchObject({ status: 404, code: "not_found" });
    expect(hidden.body).toEqual(unknown.body);
    const still = await shown(await movingGif({ colours: ["#123"] }), "still.gif");
    expect(still.attachments[0]).not.toHaveProperty("animated");
    for (const body of [
      { attachment_id: still.attachments[0]!.id },
      { attachment_id: (await shown(Buffer.from("text"), "a.txt")).attachments[0]!.id },
      {},
      { attachment_id, found: "x" },
      { attachment_id: "x" },
      { found: "" },
    ]) {
      expect((await keep(member, body)).code, JSON.stringify(body)).toBe("invalid_request");
    }
    const url = `/api/pictures/${"x".repeat(24)}`;
    expect((await keep(member, { message_id: message.id, picture_url: url })).code).toBe("not_found");
    // This instance searches nowhere.
    expect((await keep(member, { found: "x" })).code).toBe("not_found");
    expect((await member.request("POST", "/api/gifs/search", { body: {} })).code).toBe("not_found");
    expect((await member.request("POST", "/api/gifs/upload", { body: { found: "x" } })).code).toBe("not_found");
    expect(await listed(member)).toEqual([]);
  });

  test("is sent as a file of its own, by the rights and rules of the channel", async () => {
    const { attachments } = await shown();
    const { body: kept } = await keep(member, { attachment_id: attachments[0]!.id });
    const upload = () => member.request<Attachment>("POST", `/api/me/gifs/${kept.id}/upload`);
    const send = (id: number) =>
      member.request<Message>("POST", `/api/channels/${general}/messages`, {
        body: { content: "", attachments: [id] },
      });
    const { status, body: file } = await upload();
    expect(status).toBe(201);
    expect(file).toMatchObject({ filename: "dance.webp", content_type: "image/webp", animated: true });
    const sent = await send(file.id);
    expect(sent.body.attachments).toEqual([file]);
    expect(await framesOf((await read(owner, file)).bytes)).toMatchObject({ frames: 3 });
    expect((await outsider.request("POST", `/api/me/gifs/${kept.id}/upload`)).code).toBe("not_found");
    await owner.put(`/api/channels/${general}/overrides/${home.everyone_role_id}`, {
      type: "role",
      allow: 0,
      deny: bitsOf("attachFiles"),
    });
    expect((await send((await upload()).body.id)).code).toBe("forbidden");
    // What was sent stays when the favourite goes.
    await member.delete(`/api/me/gifs/${kept.id}`);
    expect((await read(owner, file)).answer.status).toBe(200);
  });

  test("is one of 200, and of 100 MB, at most", async () => {
    const { attachments } = await shown();
    const database = new DatabaseSync(join(server.config.dataDir, "miscord.db"));
    const picture = database.prepare("insert into pictures values (?, ?, 1, 1, ?)");
    const row = database.prepare(
      "insert into favourite_gifs (user_id, source, picture_id, title, created_at) values (?, ?, ?, '', 1)",
    );
    const add = (name: string, bytes: number) => {
      picture.run(name, bytes, Date.now());
      row.run(member.me.id, name, name);
    };
    add("large", gifLimits.bytes);
    expect((await keep(member, { attachment_id: attachments[0]!.id })).code).toBe("limit_reached");
    database.exec("update pictures set bytes = 1 where id = 'large'");
    for (let at = 1; at < gifLimits.favourites; at += 1) add(`g${at}`, 1);
    expect((await keep(member, { attachment_id: attachments[0]!.id })).code).toBe("limit_reached");
    database.exec("delete from favourite_gifs where source = 'g1'");
    expect((await keep(member, { attachment_id: attachments[0]!.id })).status).toBe(201);
    database.exec("delete from favourite_gifs");
    database.close();
  });

  test("is kept once, although two devices ask at the same time", async () => {
    const { attachments } = await shown();
    const answers = await Promise.all([1, 2, 3].map(() => keep(member, { attachment_id: attachments[0]!.id })));
    expect(answers.map(({ status }) => status)).toEqual([201, 201, 201]);
    const [kept, ...more] = await listed(member);
    expect([more, answers.map(({ body }) => body.id)]).toEqual([[], [kept!.id, kept!.id, kept!.id]]);
  });
});

describe("an attachment that moves", () => {
  test.each([
    ["a GIF", "a.gif", () => gif],
    ["a WebP", "a.webp", () => movingWebp()],
    ["a GIF of many colours whose first frame is long", "b.gif", () => movingGif({ width: 700, height: 500 })],
  ])("has its first frame beside it: %s", async (_what, name, make) => {
    const bytes = await make();
    const [file] = (await shown(bytes, name)).attachments;
    expect(file!.animated).toBe(true);
    const whole = await read(member, file!);
    const still = await read(member, file!, "?still");
    expect(await framesOf(whole.bytes)).toMatchObject({ frames: 3 });
    expect(await framesOf(still.bytes)).toEqual({ ...(await framesOf(bytes)), frames: 1 });
    expect(still.answer.headers.get("content-type")).toBe(file!.content_type);
    expect(still.answer.headers.get("etag")).not.toBe(whole.answer.headers.get("etag"));
    expect((await fetch(`${server.url}${file!.file_url}?still`)).status).toBe(401);
    expect((await read(outsider, file!, "?still")).answer.status).toBe(404);
  });

  test("and one that does not is the same file with and without the query", async () => {
    const [file] = (await shown(await movingGif({ colours: ["#123"] }), "still.gif")).attachments;
    expect((await read(member, file!, "?still")).bytes).toEqual((await read(member, file!)).bytes);
  });
});
