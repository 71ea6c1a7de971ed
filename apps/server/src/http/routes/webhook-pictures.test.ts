import type { AuditLog, History, Role, ServerState, Webhook, WebhookWithToken } from "@miscord/protocol";
import { bitsOf } from "@miscord/rights";
import sharp from "sharp";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { withStore } from "../../admin/open-store.ts";
import { TestClient } from "../../testing/test-client.ts";
import { startTestServer, type TestServer } from "../../testing/test-server.ts";
import { TestSite } from "../../testing/test-site.ts";

let site: TestSite;
let server: TestServer;
let owner: TestClient;
let member: TestClient;
let home: ServerState;
let hook: WebhookWithToken;
let picture: Buffer;
/** Between the work of a picture and its row. */
let beforeKept: () => Promise<unknown>;

beforeAll(async () => {
  site = await TestSite.start();
  server = await startTestServer(
    {},
    {
      pages: site.rules,
      storage: (storage) => ({ ...storage, keep: (key) => beforeKept().then(() => storage.keep(key)) }),
    },
  );
  owner = await TestClient.register(server.url, "owner");
  member = await TestClient.register(server.url, "member");
  const blank = { width: 400, height: 300, channels: 3, background: "#c04040" } as const;
  picture = await sharp({ create: blank })
    .withExif({ IFD0: { Make: "Camera" } })
    .png()
    .toBuffer();
});
afterAll(async () => {
  await server.cleanup();
  await site.close();
});
beforeEach(async () => {
  beforeKept = async () => {};
  home = await owner.createServer();
  await member.join(await owner.invite(home.id));
  hook = await owner.post<WebhookWithToken>(`/api/channels/${home.channels[0]!.id}/webhooks`, { name: "Builds" });
});

const execute = (body: Record<string, unknown>, suffix = "") =>
  new TestClient(server.url).request<{ id: string }>(
    "POST",
    `/api/webhooks/${hook.id}/${hook.token}${suffix}?wait=true`,
    { body },
  );

async function faces(): Promise<(string | null)[]> {
  const { messages } = await member.get<History>(`/api/channels/${home.channels[0]!.id}/messages`);
  return messages.map(({ author }) => author.avatar_url);
}

const give = (client: TestClient, bytes: Buffer) =>
  fetch(`${server.url}/api/webhooks/${hook.id}/picture`, {
    method: "PUT",
    headers: { authorization: `Bearer ${client.token}`, "content-type": "image/png" },
    body: new Uint8Array(bytes),
  });

test("the picture at avatar_url is read by the server once, and shown as the sender's from an address of its own", async () => {
  const avatar_url = site.file("/face.png", "image/png", picture);
  await execute({ content: "one", avatar_url });
  await execute({ text: "two", icon_url: avatar_url }, "/slack");
  await execute({ content: "three" });
  const [first, second, third] = await faces();
  expect(first).toMatch(/^\/api\/pictures\//);
  expect([second, third]).toEqual([first, null]);
  expect(site.asked.filter((path) => path === "/face.png")).toHaveLength(1);
  const answer = await fetch(server.url + first!);
  const { width, height, exif, format } = await sharp(Buffer.from(await answer.arrayBuffer())).metadata();
  expect([format, width, height, exif]).toEqual(["webp", 256, 256, undefined]);
});

test("whoever may no longer manage the webhook once the picture is encoded gives it none", async () => {
  const fields = { name: "makers", permissions: bitsOf("manageWebhooks") };
  const makers = await owner.post<Role>(`/api/servers/${home.id}/roles`, fields);
  const held = `/api/servers/${home.id}/members/${member.me.id}/roles/${makers.id}`;
  await owner.put(held);
  beforeKept = () => owner.delete(held);
  expect((await give(member, picture)).status).toBe(403);
  const { webhooks } = await owner.get<{ webhooks: Webhook[] }>(`/api/servers/${home.id}/webhooks`);
  expect(webhooks.map(({ avatar_url }) => avatar_url)).toEqual([null]);
});

test("an edit and a deletion keep the sender's picture, and answers show it too", async () => {
  const avatar_url = site.file("/kept.png", "image/png", picture);
  const { body: sent } = await execute({ content: "one", avatar_url });
  const [face] = await faces();
  const anyone = new TestClient(server.url);
  const path = `/api/webhooks/${hook.id}/${hook.token}/messages/${sent.id}`;
  await anyone.request("PATCH", path, { body: { content: "changed" } });
  await member.send(home.channels[0]!.id, "an answer", { reply_to_id: Number(sent.id) });
  const { messages } = await member.get<History>(`/api/channels/${home.channels[0]!.id}/messages`);
  expect(messages[0]).toMatchObject({ content: "changed", author: { avatar_url: face } });
  expect(messages[1]!.reply_to).toMatchObject({ author: { avatar_url: face } });
});

test("what is no picture, is too slow or lies behind the server is passed over, and the message comes all the same", async () => {
  site.resolve = (host) => [host === "inside.example" ? "127.0.0.2" : "127.0.0.1"];
  site.pages.set("/slow.png", () => {});
  const addresses = [
    site.page("/page", "<title>No picture</title>"),
    site.file("/text.png", "image/png", Buffer.from("no picture")),
    site.url("/gone.png"),
    site.url("/slow.png"),
    site.url("/face.png", "inside.example"),
    site.url("/face.png", "127.0.0.2"),
  ];
  for (const avatar_url of addresses)
    expect(await execute({ content: "x", avatar_url })).toMatchObject({ status: 200 });
  expect(await faces()).toEqual(addresses.map(() => null));
  expect(site.askedInside).toEqual([]);
  // Of programs whose setting for it is empty.
  expect(await execute({ content: "x", avatar_url: "" })).toMatchObject({ status: 200 });
  for (const avatar_url of ["javascript:alert(1)", "file:///etc/passwd", "no address"])
    expect(await execute({ content: "x", avatar_url })).toMatchObject({ status: 400 });
});

test("a picture of its own is given by whoever manages it, shown from then on, and is in the audit log", async () => {
  expect((await give(member, picture)).status).toBe(403);
  await execute({ content: "before" });
  const changed = (await (await give(owner, picture)).json()) as Webhook;
  await execute({ content: "after" });
  expect(await faces()).toEqual([null, changed.avatar_url]);
  const { webhooks } = await owner.get<{ webhooks: Webhook[] }>(`/api/servers/${home.id}/webhooks`);
  expect(webhooks[0]!.avatar_url).toBe(changed.avatar_url);
  await owner.delete(`/api/webhooks/${hook.id}/picture`);
  await execute({ content: "without" });
  expect(await faces()).toEqual([null, changed.avatar_url, null]);
  const { entries } = await owner.get<AuditLog>(`/api/servers/${home.id}/audit-log?limit=2`);
  expect(entries.map(({ action, changes }) => [action, changes])).toEqual([
    ["webhook_update", [{ field: "icon", before: true, after: null }]],
    ["webhook_update", [{ field: "icon", before: null, after: true }]],
  ]);
});

test("addresses without a picture take none away from the messages that show one", async () => {
  await execute({ content: "one", avatar_url: site.file("/shown.png", "image/png", picture) });
  const [face] = await faces();
  await withStore(server.config, async ({ db }) => {
    for (let number = 0; number < 60; number += 1)
      await db
        .insertInto("webhook_pictures")
        .values({ server_id: home.id, webhook_id: hook.id, digest: `none ${number}`, picture: null, expires_at: 0 })
        .execute();
  });
  for (const name of ["first", "second"]) await execute({ content: name, avatar_url: site.url(`/none-${name}.png`) });
  expect((await fetch(server.url + face!)).status).toBe(200);
});

test("a webhook keeps so many pictures, and none are left of a server that is deleted", async () => {
  await give(owner, picture);
  const digests = () =>
    withStore(server.config, async ({ db }) => [
      await db.selectFrom("webhook_pictures").where("webhook_id", "=", hook.id).selectAll().execute(),
      await db.selectFrom("pictures").selectAll().execute(),
    ]);
  await withStore(server.config, async ({ db }) => {
    for (let number = 0; number < 60; number += 1)
      await db
        .insertInto("webhook_pictures")
        .values({ server_id: home.id, webhook_id: hook.id, digest: `${number}`, picture: null, expires_at: 0 })
        .execute();
  });
  await give(owner, picture);
  const [kept] = await digests();
  expect(kept!.length).toBeLessThanOrEqual(51);
  const before = (await digests())[1]!.length;
  await owner.request("DELETE", `/api/servers/${home.id}`);
  const [rows, pictures] = await digests();
  expect(rows).toEqual([]);
  expect(pictures!.length).toBeLessThan(before);
});
