import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { AutomodRule } from "@miscord/protocol";
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
