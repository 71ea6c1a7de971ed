import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { limits, type BotWithToken } from "@miscord/protocol";
import { afterEach, beforeEach, expect, test } from "vitest";
import { databaseName } from "../../data-folder.ts";
import { TestClient } from "../../testing/test-client.ts";
import { startTestServer, type TestServer } from "../../testing/test-server.ts";

const dayMs = 86_400_000;
const many = 3_000;
let server: TestServer;
let client: TestClient;
let database: DatabaseSync;

beforeEach(async () => {
  server = await startTestServer();
  client = await TestClient.register(server.url, "ann");
  database = new DatabaseSync(join(server.config.dataDir, databaseName), { timeout: 60_000 });
});
afterEach(async () => {
  database.close();
  await server.cleanup();
});

const count = (condition: string) =>
  Number(database.prepare(`select count(*) as count from ${condition}`).get()!["count"]);

function insertEnded(userId: number, kind: string, endedAt: number): void {
  database.exec(`insert into sessions
    (id, user_id, kind, user_agent, address, created_at, last_used_at, expires_at, revoked_at, confirmed_at)
    with recursive n(i) as (select 1 union all select i + 1 from n where i < ${many})
    select ${endedAt} || '-' || i, ${userId}, '${kind}', '', '', 1, 1, ${endedAt + 30 * dayMs}, ${endedAt} + i, 0 from n`);
}

test("of the sessions of an account that ended the latest are kept, however often somebody logs in", async () => {
  insertEnded(client.me.id, "web", Date.now() - dayMs);
  // Nodes may not have heard of these.
  insertEnded(client.me.id, "web", Date.now() - 10_000);
  for (let time = 0; time < 4; time += 1) await TestClient.logIn(server.url, "ann");
  expect(count(`sessions where revoked_at < ${Date.now() - dayMs / 2}`)).toBeLessThanOrEqual(500);
  expect(count("sessions where revoked_at is not null")).toBeGreaterThanOrEqual(many);
  expect((await client.request("GET", "/api/auth/me")).status).toBe(200);
});

test("of the sessions of a bot's tokens the latest are kept, however often its owner asks for another one", async () => {
  const bot = await client.post<BotWithToken>("/api/bots", { username: "robot" });
  insertEnded(bot.id, "bot", Date.now() - dayMs);
  for (let time = 0; time < 4; time += 1) await client.put(`/api/bots/${bot.id}/token`);
  expect(count(`sessions where user_id = ${bot.id}`)).toBeLessThanOrEqual(510);
});

test("of the invites of somebody that ended as many are kept as they may have, however short each lives", async () => {
  const home = await client.createServer();
  database.exec(`insert into invites (code, server_id, created_by, created_at, expires_at, max_uses, uses)
    with recursive n(i) as (select 1 union all select i + 1 from n where i < ${many})
    select 'code' || i, ${home.id}, ${client.me.id}, i, case when i % 2 = 0 then 2 end, 1, i % 2 from n`);
  const lasting = await client.invite(home.id);
  for (let time = 0; time < 3; time += 1) await client.invite(home.id);
  expect(count(`invites where created_by = ${client.me.id}`)).toBeLessThanOrEqual(limits.invitesPerManager + 4);
  expect((await client.request("GET", `/api/invites/${lasting}`)).status).toBe(200);
});
