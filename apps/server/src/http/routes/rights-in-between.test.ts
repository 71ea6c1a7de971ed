import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Channel, Role, ServerState, WebhookWithToken } from "@miscord/protocol";
import { bitsOf } from "@miscord/rights";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { databaseName } from "../../data-folder.ts";
import type { Store } from "../../store/contract.ts";
import { openSqliteStore } from "../../store/sqlite/open-sqlite-store.ts";
import { placeMigratedDatabase } from "../../testing/migrated-database.ts";
import { TestClient } from "../../testing/test-client.ts";
import { startTestServer, type TestServer } from "../../testing/test-server.ts";

/** Longer than a command takes up to its transaction. */
const arrivalMs = 60;
const permissions = bitsOf(
  "manageGuild",
  "manageChannels",
  "manageRoles",
  "manageThreads",
  "manageWebhooks",
  "manageGuildExpressions",
  "manageNicknames",
  "kickMembers",
  "banMembers",
  "moderateMembers",
);

let folder: string;
let server: TestServer;
let store: Store;
let owner: TestClient;
let manager: TestClient;
let member: TestClient;
let home: ServerState;
let crew: Role;
let webhook: WebhookWithToken;
let threadId: number;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "miscord-rights-"));
  await placeMigratedDatabase(join(folder, databaseName));
  store = await openSqliteStore({ file: join(folder, databaseName) });
  server = await startTestServer({}, { store });
  owner = await TestClient.register(server.url, "owner");
  manager = await TestClient.register(server.url, "manager");
  member = await TestClient.register(server.url, "member");
});
afterAll(async () => {
  await server.cleanup();
  await rm(folder, { recursive: true, force: true });
});

beforeEach(async () => {
  home = await owner.createServer();
  const code = await owner.invite(home.id);
  for (const client of [manager, member]) await client.join(code);
  crew = await owner.post<Role>(`/api/servers/${home.id}/roles`, { name: "crew", permissions });
  await owner.put(`/api/servers/${home.id}/members/${manager.me.id}/roles/${crew.id}`);
  const thread = { name: "thread", archive_after_s: 3_600 };
  ({ id: threadId } = await owner.post<{ id: number }>(`/api/channels/${home.channels[0]!.id}/threads`, thread));
  webhook = await owner.post<WebhookWithToken>(`/api/channels/${home.channels[0]!.id}/webhooks`, { name: "hook" });
});

/** Other writers wait for as long as the transaction is open. Returns the function that ends it. */
async function holdWriters(): Promise<() => Promise<void>> {
  const [begun, released] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const open = store.db.transaction().execute(async (db) => {
    await db.updateTable("users").set({ created_at: 1 }).where("id", "=", 0).execute();
    begun.resolve();
    await released.promise;
  });
  await begun.promise;
  return async () => {
    released.resolve();
    await open;
  };
}

const arrival = () => new Promise((resolve) => setTimeout(resolve, arrivalMs));

interface Command {
  method: string;
  path: string;
  body?: unknown;
}

/** Of everything that the role permits, with what it needs. */
const commands: Record<string, () => Command | Promise<Command>> = {
  ban: () => ({ method: "PUT", path: `/api/servers/${home.id}/bans/${member.me.id}`, body: {} }),
  kick: () => ({ method: "DELETE", path: `/api/servers/${home.id}/members/${member.me.id}` }),
  "time out": () => ({
    method: "PUT",
    path: `/api/servers/${home.id}/members/${member.me.id}/timeout`,
    body: { until: new Date(Date.now() + 3_600_000).toISOString() },
  }),
  nickname: () => ({
    method: "PUT",
    path: `/api/servers/${home.id}/members/${member.me.id}/nickname`,
    body: { nickname: "other" },
  }),
  "new channel": () => ({
    method: "POST",
    path: `/api/servers/${home.id}/channels`,
    body: {
      name: "theirs",
      type: "text",
      category_id: null,
      overrides: [{ type: "member", target_id: manager.me.id, allow: bitsOf("manageChannels"), deny: 0 }],
    },
  }),
  "changed channel": () => ({
    method: "PATCH",
    path: `/api/channels/${home.channels[0]!.id}`,
    body: { name: "other" },
  }),
  "deleted channel": () => ({ method: "DELETE", path: `/api/channels/${home.channels[0]!.id}` }),
  "renamed thread": () => ({ method: "PATCH", path: `/api/channels/${threadId}`, body: { name: "other" } }),
  "deleted thread": () => ({ method: "DELETE", path: `/api/channels/${threadId}` }),
  "new name": () => ({ method: "PATCH", path: `/api/servers/${home.id}`, body: { name: "other" } }),
  "raid mode": () => ({
    method: "PUT",
    path: `/api/servers/${home.id}/raid-mode`,
    body: { until: new Date(Date.now() + 3_600_000).toISOString(), minutes: 10 },
  }),
  "new webhook": () => ({
    method: "POST",
    path: `/api/channels/${home.channels[0]!.id}/webhooks`,
    body: { name: "theirs" },
  }),
  "webhook's token": () => ({ method: "PUT", path: `/api/webhooks/${webhook.id}/token` }),
  "deleted webhook": () => ({ method: "DELETE", path: `/api/webhooks/${webhook.id}` }),
};

describe("a right that is taken away while the command waits for other writers", () => {
  for (const [name, prepare] of Object.entries(commands)) {
    test(`is not used: ${name}`, async () => {
      const { method, path, body } = await prepare();
      const release = await holdWriters();
      const taken = owner.request("DELETE", `/api/servers/${home.id}/members/${manager.me.id}/roles/${crew.id}`);
      await arrival();
      const asked = manager.request(method, path, body === undefined ? {} : { body });
      await arrival();
      await release();
      expect((await taken).status).toBe(204);
      const { status, code } = await asked;
      expect([status, code]).toEqual(expect.arrayContaining([expect.stringMatching(/forbidden|not_found/)]));
      const { channels } = await owner.get<{ channels: Channel[] }>(`/api/servers/${home.id}`);
      expect(channels.map((one) => one.name)).toEqual(home.channels.map((one) => one.name));
    });
  }
});
