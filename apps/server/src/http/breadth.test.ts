import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { AutomodRule } from "@miscord/protocol";
import { bitsOf } from "@miscord/rights";
import { afterEach, expect, test } from "vitest";
import type { Config } from "../config.ts";
import { databaseName } from "../data-folder.ts";
import { ManualClock } from "../testing/manual-clock.ts";
import { TestClient } from "../testing/test-client.ts";
import { startTestServer, testConfig, type TestServer } from "../testing/test-server.ts";

let server: TestServer;
afterEach(() => server.cleanup());

async function startWith(rates: Partial<Config["rates"]>): Promise<ManualClock> {
  const clock = new ManualClock(Date.now());
  server = await startTestServer({ rates: { ...testConfig().rates, ...rates } }, { clock });
  return clock;
}

test("a new look counts by the servers that are told of it", async () => {
  const clock = await startWith({ changes: { perSecond: 1, burst: 30 } });
  const client = await TestClient.register(server.url, "everywhere");
  for (let count = 0; count < 60; count += 1) {
    clock.advance(10_000);
    await client.createServer();
  }
  clock.advance(60_000);
  const statuses = [];
  for (let time = 0; time < 9; time += 1) {
    const body = { display_name: `name ${time}` };
    statuses.push((await client.request("PATCH", "/api/auth/me", { body })).status);
  }
  // Sixty servers make four changes of one.
  expect(statuses).toEqual([200, 200, 200, 200, 200, 200, 200, 429, 429]);
  // Nor do they make less of a picture that is taken away.
  clock.advance(60_000);
  const removals = [];
  for (let time = 0; time < 9; time += 1)
    removals.push((await client.request("DELETE", "/api/auth/me/picture")).status);
  expect(removals).toEqual(statuses);
  // What nobody else sees does not.
  clock.advance(1_000);
  expect((await client.request("PATCH", "/api/auth/me", { body: { theme: "dark" } })).status).toBe(200);
});

test("people who are banned together count as several changes, and so do files that are forwarded", async () => {
  const clock = await startWith({ changes: { perSecond: 1, burst: 12 } });
  const client = await TestClient.register(server.url, "owner");
  const home = await client.createServer();
  const ban = async (count: number) => {
    const user_ids = Array.from({ length: count }, (_, index) => 1_000 + index);
    return (await client.request("POST", `/api/servers/${home.id}/bulk-ban`, { body: { user_ids } })).status;
  };
  clock.advance(60_000);
  expect([await ban(100), await ban(100), await ban(19)]).toEqual([200, 200, 429]);
  clock.advance(60_000);
  const { body: file } = await client.upload(new Uint8Array(9 * 2 ** 20), "large.bin");
  const channel_id = home.channels[0]!.id;
  const message = await client.send(channel_id, "", { attachments: [file.id] });
  const forward = async () =>
    (await client.request("POST", `/api/messages/${message.id}/forward`, { body: { channel_id } })).status;
  const statuses = [];
  for (let time = 0; time < 5; time += 1) statuses.push(await forward());
  expect(statuses).toEqual([201, 201, 201, 201, 429]);
});

test("the words of a server's rules have so many letters together", async () => {
  await startWith({});
  const owner = await TestClient.register(server.url, "owner");
  const { id } = await owner.createServer();
  const path = `/api/servers/${id}/automod/rules`;
  const rule = (words: string[]) => ({
    name: "Words",
    message: "No.",
    trigger: { kind: "words", words },
    actions: { block: true },
  });
  const long = (part: number) => Array.from({ length: 300 }, (_, at) => `${"x".repeat(54)}${part}${at + 100}`);
  const first = await owner.post<AutomodRule>(path, rule(long(1)));
  expect(await owner.request("POST", path, { body: rule(long(2)) })).toMatchObject({ code: "limit_reached" });
  const short = await owner.post<AutomodRule>(path, rule(["short"]));

  // As from before the limit: what there is may be changed, and become less.
  const database = new DatabaseSync(join(server.config.dataDir, databaseName));
  database.exec(`insert into automod_rules (server_id, created_at, enabled, fields)
    select server_id, created_at, enabled, fields from automod_rules where id = ${first.id}`);
  database.close();
  const changed = async (body: object) =>
    (await owner.request("PATCH", `/api/automod/rules/${short.id}`, { body })).status;
  expect(await changed({ enabled: false })).toBe(200);
  expect(await changed({ trigger: { kind: "words", words: ["shorter"] } })).toBe(422);
  expect(await changed({ trigger: { kind: "words", words: ["less"] } })).toBe(200);
});

test("changes of second factors count, by the servers in which the rights of their owner are read anew", async () => {
  const clock = await startWith({ changes: { perSecond: 1, burst: 12 } });
  const client = await TestClient.register(server.url, "owner");
  for (let count = 0; count < 20; count += 1) {
    clock.advance(10_000);
    await client.createServer();
  }
  const database = new DatabaseSync(join(server.config.dataDir, databaseName));
  database.exec("update servers set factor_required = 1");
  database.close();
  clock.advance(60_000);
  const statuses = [];
  for (let time = 0; time < 5; time += 1)
    statuses.push((await client.request("DELETE", "/api/auth/authenticator")).status);
  // Twenty servers make three changes of one.
  expect(statuses).toEqual([204, 204, 204, 204, 429]);
});

test("reports count by the people who are told of them, where the base role moderates", async () => {
  await startWith({});
  const client = await TestClient.register(server.url, "owner");
  const other = await TestClient.register(server.url, "other");
  const home = await client.createServer();
  await other.join(await client.invite(home.id));
  await client.patch(`/api/roles/${home.everyone_role_id}`, { permissions: bitsOf("viewChannel", "moderateMembers") });
  const database = new DatabaseSync(join(server.config.dataDir, databaseName));
  const names = "'crowd' || i, 'crowd' || i, 'crowd' || i, 'crowd' || i";
  database.exec(`insert into users (username, username_key, username_skeleton, display_name, email, password_hash, avatar_color,
    is_admin, theme, status, created_at) with recursive n(i) as (select 1 union all select i + 1 from n where i < 9000)
    select ${names}, '', '', '#336699', 0, 'system', 'online', 1 from n`);
  database.exec(`insert into members (server_id, user_id, joined_at)
    select ${home.id}, id, 1 from users where username like 'crowd%'`);
  database.close();
  const body = { user_id: other.me.id, server_id: home.id, reason: "rude" };
  const { id } = await client.post<{ id: number }>("/api/reports", body);
  const claim = `/api/reports/${id}/claim`;
  const statuses = [];
  for (const method of ["PUT", "DELETE", "PUT"]) statuses.push((await client.request(method, claim)).status);
  // With the report itself three times nine thousand.
  expect(statuses).toEqual([200, 200, 429]);
});
