import type { AutomodRule, Channel, Role, ServerState } from "@miscord/protocol";
import { bitsOf } from "@miscord/rights";
import { afterAll, beforeAll, expect, test } from "vitest";
import { TestClient } from "../../testing/test-client.ts";
import { startTestServer, type TestServer } from "../../testing/test-server.ts";

let server: TestServer;
let owner: TestClient;
/** Manages the server and its channels, and does not see those that are hidden. */
let manager: TestClient;
let home: ServerState;

beforeAll(async () => {
  server = await startTestServer();
  owner = await TestClient.register(server.url, "owner");
  manager = await TestClient.register(server.url, "manager");
  home = await owner.createServer();
  await manager.join(await owner.invite(home.id));
  const fields = { name: "managers", permissions: bitsOf("manageChannels", "manageGuild") };
  const role = await owner.post<Role>(`/api/servers/${home.id}/roles`, fields);
  await owner.put(`/api/servers/${home.id}/members/${manager.me.id}/roles/${role.id}`);
});
afterAll(() => server.cleanup());

function makeHidden(type: "text" | "category"): Promise<Channel> {
  const overrides = [{ type: "role", target_id: home.everyone_role_id, allow: 0, deny: bitsOf("viewChannel") }];
  return owner.post<Channel>(`/api/servers/${home.id}/channels`, { name: `hidden ${type}`, type, overrides });
}

test("the hidden category that a channel is in is refused as any other hidden one", async () => {
  const [there, elsewhere] = [await makeHidden("category"), await makeHidden("category")];
  const body = { name: "seen", type: "text", category_id: there.id, overrides: [] };
  const channel = await owner.post<Channel>(`/api/servers/${home.id}/channels`, body);
  const guess = (category_id: number) =>
    manager.request<Channel>("PATCH", `/api/channels/${channel.id}`, { body: { category_id } });
  expect([(await guess(elsewhere.id)).status, (await guess(there.id)).status]).toEqual([404, 404]);
  // What is not named stays.
  await manager.patch(`/api/channels/${channel.id}`, { name: "renamed" });
  expect(await owner.get(`/api/servers/${home.id}`)).toMatchObject({
    channels: expect.arrayContaining([
      expect.objectContaining({ id: channel.id, name: "renamed", category_id: there.id }),
    ]),
  });
});

test("the hidden channel that a rule's alerts go into is refused as any other hidden one", async () => {
  const [there, elsewhere] = [await makeHidden("text"), await makeHidden("text")];
  const actions = (alert_channel_id: number) => ({ block: true, delete: false, timeout_s: 0, alert_channel_id });
  const trigger = { kind: "emoji", most: 5 };
  const fields = { name: "rule", message: "no", trigger, actions: actions(there.id) };
  const rule = await owner.post<AutomodRule>(`/api/servers/${home.id}/automod/rules`, fields);
  const guess = (id: number) =>
    manager.request("PATCH", `/api/automod/rules/${rule.id}`, { body: { actions: actions(id) } });
  expect([(await guess(elsewhere.id)).status, (await guess(there.id)).status]).toEqual([400, 400]);
});
