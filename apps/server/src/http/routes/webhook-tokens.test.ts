import { once } from "node:events";
import { connect } from "node:net";
import type { AuditLog, History, Role, Webhook, WebhookWithToken } from "@miscord/protocol";
import { bitsOf } from "@miscord/rights";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { TestClient } from "../../testing/test-client.ts";
import { startTestServer, type TestServer } from "../../testing/test-server.ts";

let server: TestServer;
let owner: TestClient;
/** Manages webhooks, and nothing else. */
let maker: TestClient;
let homeId: number;
let general: number;
let hook: WebhookWithToken;
let path: string;

beforeAll(async () => {
  server = await startTestServer();
  owner = await TestClient.register(server.url, "owner");
  maker = await TestClient.register(server.url, "maker");
  const home = await owner.createServer();
  homeId = home.id;
  general = home.channels[0]!.id;
  await maker.join(await owner.invite(homeId));
  const fields = { name: "makers", permissions: bitsOf("manageWebhooks") };
  const makers = await owner.post<Role>(`/api/servers/${homeId}/roles`, fields);
  await owner.put(`/api/servers/${homeId}/members/${maker.me.id}/roles/${makers.id}`);
  hook = await maker.post<WebhookWithToken>(`/api/channels/${general}/webhooks`, { name: "Builds" });
  path = `/api/webhooks/${hook.id}/${hook.token}`;
});
afterAll(() => server.cleanup());

const post = (body: unknown, at = path) => new TestClient(server.url).request("POST", at, { body });

describe("bodies", () => {
  test("of another kind than a form with files are small, whoever sends them", async () => {
    const large = { content: "x", embeds: [], more: "x".repeat(400_000) };
    expect((await post(large)).status).toBe(413);
    expect((await post(new URLSearchParams({ payload: JSON.stringify(large) }))).status).toBe(413);
    expect((await owner.request("POST", "/api/attachments", { body: large })).code).toBe("too_large");
    const form = new FormData();
    form.set("payload_json", JSON.stringify({ content: "Log of the build" }));
    form.set("files[0]", new Blob(["x".repeat(400_000)]), "build.log");
    expect((await post(form)).status).toBe(204);
  });

  test("are not read without the right token", async () => {
    const socket = connect(server.port, "127.0.0.1");
    const announced = "host: x\r\ncontent-type: application/json\r\ncontent-length: 50000";
    socket.write(`POST /api/webhooks/${hook.id}/wrong HTTP/1.1\r\n${announced}\r\n\r\n`);
    const [answer] = (await once(socket, "data")) as [Buffer];
    expect(answer.toString()).toMatch(/^HTTP\/1\.1 404 /);
    socket.destroy();
  });
});

test("whoever gives it another address writes by their own rights from then on, not by its maker's", async () => {
  const theirs = await owner.post<WebhookWithToken>(`/api/channels/${general}/webhooks`, { name: "Theirs" });
  const { token } = (await maker.request<WebhookWithToken>("PUT", `/api/webhooks/${theirs.id}/token`)).body;
  await post({ content: "@everyone" }, `/api/webhooks/${theirs.id}/${token}`);
  const { messages } = await owner.get<History>(`/api/channels/${general}/messages`);
  expect(messages.at(-1)).toMatchObject({ content: "@everyone", mentions_everyone: false });
  const { webhooks } = await owner.get<{ webhooks: Webhook[] }>(`/api/servers/${homeId}/webhooks`);
  expect(webhooks.find(({ id }) => id === theirs.id)?.creator.id).toBe(maker.me.id);
  const { entries } = await owner.get<AuditLog>(`/api/servers/${homeId}/audit-log`);
  expect(entries[0]!.changes?.map(({ field }) => field)).toEqual(["token", "taken_over"]);
});
