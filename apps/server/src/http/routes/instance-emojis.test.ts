import type { CustomEmoji, Instance, InstanceLog, Message } from "@miscord/protocol";
import { emojiMark } from "@miscord/text";
import sharp from "sharp";
import { afterAll, beforeAll, expect, test } from "vitest";
import { makeAdministrator } from "../../admin/accounts.ts";
import { TestClient } from "../../testing/test-client.ts";
import { TestSocket } from "../../testing/test-socket.ts";
import { startTestServer, type TestServer } from "../../testing/test-server.ts";

let server: TestServer;
let admin: TestClient;
let stranger: TestClient;
let channelId: number;
let picture: Buffer;

beforeAll(async () => {
  server = await startTestServer();
  admin = await TestClient.register(server.url, "admin");
  stranger = await TestClient.register(server.url, "stranger");
  await makeAdministrator(server.config, "admin");
  channelId = (await stranger.createServer()).channels[0]!.id;
  picture = await sharp({ create: { width: 400, height: 400, channels: 3, background: "#4080c0" } })
    .png()
    .toBuffer();
});
afterAll(() => server.cleanup());

async function upload(client: TestClient, kind: "emojis" | "stickers", name: string) {
  const response = await fetch(`${server.url}/api/instance/${kind}?${new URLSearchParams({ name, aliases: "кот" })}`, {
    method: "POST",
    headers: { authorization: `Bearer ${client.token}`, "content-type": "image/png" },
    body: new Uint8Array(picture),
  });
  const body = (await response.json()) as CustomEmoji & { error?: { code: string } };
  return { status: response.status, code: body.error?.code, emoji: body };
}
const instance = () => stranger.get<Instance>("/api/instance");

test("emoji and stickers of the instance are for everybody, and those who are there learn of them at once", async () => {
  const socket = new TestSocket(`${server.url.replace("http", "ws")}/ws/main?token=${stranger.token}`);
  await socket.next("connection_established");
  const { emoji } = await upload(admin, "emojis", "cat");
  const { emoji: sticker } = await upload(admin, "stickers", "Happy cat");
  expect([emoji, sticker]).toMatchObject([
    { name: "cat", aliases: ["кот"] },
    { name: "Happy cat", animated: false },
  ]);
  const told = await socket.next("instance_updated", (event) => event.instance.stickers?.length === 1);
  expect(told.instance).toMatchObject({ emojis: [emoji], stickers: [sticker] });
  expect(await instance()).toMatchObject({ emojis: [emoji], stickers: [sticker] });
  // Before the login nobody learns of their ids, which their pictures are had by.
  for (const headers of [{}, { authorization: "Bearer none" }]) {
    const told = (await (await fetch(`${server.url}/api/instance`, { headers })).json()) as Instance;
    expect([told.version, told.emojis, told.stickers]).toEqual([expect.any(String), undefined, undefined]);
  }

  const mark = emojiMark(emoji);
  const message = await stranger.send(channelId, `look ${mark} <:made_up:99>`);
  expect(message.content).toBe(`look ${mark} :made_up:`);
  const path = `/api/messages/${message.id}/reactions/${encodeURIComponent(mark)}`;
  expect((await stranger.request("PUT", path)).status).toBe(204);
  const body = { content: "", sticker_id: sticker.id };
  const sent = await stranger.post<Message>(`/api/channels/${channelId}/messages`, body);
  expect(sent).toMatchObject({ content: ":Happy cat:", sticker: { id: sticker.id } });
  const size = async (at: string) => {
    const bytes = await (await fetch(server.url + at)).arrayBuffer();
    return (await sharp(Buffer.from(bytes)).metadata()).width;
  };
  expect(await size(`/api/emojis/${emoji.id}`)).toBe(96);
  expect(await size(`/api/stickers/${sticker.id}`)).toBe(320);

  const { url } = await fetch(`${server.url}/api/stickers/${sticker.id}`);
  await admin.patch(`/api/instance/stickers/${sticker.id}`, { name: "Sad cat" });
  expect((await instance()).stickers).toEqual([{ ...sticker, name: "Sad cat" }]);
  await admin.delete(`/api/instance/stickers/${sticker.id}`);
  await admin.delete(`/api/instance/emojis/${emoji.id}`);
  expect(await instance()).toMatchObject({ emojis: [], stickers: [] });
  expect((await stranger.request("POST", `/api/channels/${channelId}/messages`, { body })).code).toBe("not_found");
  expect((await stranger.send(channelId, mark)).content).toBe(":cat:");
  for (const at of [`${server.url}/api/stickers/${sticker.id}`, url]) expect((await fetch(at)).status).toBe(404);
  const { entries } = await admin.get<InstanceLog>("/api/instance/log");
  expect(entries.map(({ action, changes }) => [action, changes])).toEqual([
    ["emojis_update", [{ field: "emojis", before: "cat", after: null }]],
    ["emojis_update", [{ field: "stickers", before: "Sad cat", after: null }]],
    ["emojis_update", [{ field: "stickers", before: "Happy cat", after: "Sad cat" }]],
    ["emojis_update", [{ field: "stickers", before: null, after: "Happy cat" }]],
    ["emojis_update", [{ field: "emojis", before: null, after: "cat" }]],
  ]);
  expect(await admin.get("/api/instance/settings")).not.toHaveProperty("set.emojis");
  await socket.close();
});

test("only administrators make, change and delete them; names are taken once, also at the same moment", async () => {
  const answers = await Promise.all([1, 2, 3].map(() => upload(admin, "emojis", "owl")));
  expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
  const [{ id } = { id: 0 }] = (await instance()).emojis!;
  expect(await upload(stranger, "emojis", "mine")).toMatchObject({ status: 403, code: "forbidden" });
  expect((await stranger.request("PATCH", `/api/instance/emojis/${id}`, { body: { name: "mine" } })).status).toBe(403);
  expect((await stranger.request("DELETE", `/api/instance/emojis/${id}`)).status).toBe(403);
  expect((await upload(admin, "emojis", "no name")).code).toBe("invalid_request");
  for (const method of ["PATCH", "DELETE"]) {
    const body = method === "PATCH" ? { body: { name: "other" } } : {};
    expect((await admin.request(method, "/api/instance/emojis/99", body)).code).toBe("not_found");
    expect((await admin.request(method, `/api/instance/stickers/${id}`, body)).code).toBe("not_found");
  }
  await Promise.all(["one", "two", "three"].map((name) => upload(admin, "stickers", name)));
  expect((await instance()).stickers?.map(({ name }) => name).toSorted()).toEqual(["one", "three", "two"]);
});
