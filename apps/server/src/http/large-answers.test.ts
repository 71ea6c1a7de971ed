import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { BotWithToken, ServerState } from "@miscord/protocol";
import { bitsOf } from "@miscord/rights";
import { afterEach, expect, test } from "vitest";
import { databaseName } from "../data-folder.ts";
import { ManualClock } from "../testing/manual-clock.ts";
import { TestClient } from "../testing/test-client.ts";
import { startTestServer, testConfig, type TestServer } from "../testing/test-server.ts";

let server: TestServer;
afterEach(() => server.cleanup());

/** Fills the database with what takes a person hours. */
function inDatabase(fill: (database: DatabaseSync) => void): void {
  const database = new DatabaseSync(join(server.config.dataDir, databaseName));
  database.exec("begin");
  fill(database);
  database.exec("commit");
  database.close();
}

/** How many of twenty requests at once are answered. */
async function answered(client: TestClient, path: string): Promise<number> {
  const answers = await Promise.all(Array.from({ length: 20 }, () => client.request("GET", path)));
  return answers.filter(({ status }) => status === 200).length;
}

test("of large answers that somebody asks for at once, those beyond their rate are not even read", async () => {
  const clock = new ManualClock(Date.now());
  const rates = { ...testConfig().rates, requests: { perSecond: 10, burst: 40 } };
  server = await startTestServer({ rates }, { clock });
  const client = await TestClient.register(server.url, "large");
  const [channel] = (await client.createServer()).channels;
  const text = "ж".repeat(5_000);
  for (let count = 0; count < 40; count += 1) await client.send(channel!.id, text).catch(() => clock.advance(10_000));
  inDatabase((database) => {
    for (let count = 0; count < 1_500; count += 1) {
      const insert = `insert into channels (server_id, name, type, position, created_at, owner_id, restricted)
        values (null, ?, 'group', 0, 1, ?, 1) returning id`;
      const { id } = database.prepare(insert).get("x".repeat(60), client.me.id) as { id: number };
      const recipient = "insert into recipients (channel_id, user_id, joined_at, has_opened) values (?, ?, 1, 1)";
      database.prepare(recipient).run(id, client.me.id);
    }
  });
  for (const path of ["/api/dms", `/api/channels/${channel!.id}/messages`]) {
    clock.advance(60_000);
    const count = await answered(client, path);
    expect(count).toBeGreaterThan(2);
    expect(count).toBeLessThan(12);
  }
});

test("channels that somebody does not see count where they are looked at", async () => {
  const clock = new ManualClock(Date.now());
  const base = testConfig().rates;
  const rates = { ...base, requests: { perSecond: 10, burst: 40 }, changes: { perSecond: 1, burst: 10 } };
  server = await startTestServer({ rates }, { clock });
  const owner = await TestClient.register(server.url, "owner");
  const home = await owner.createServer();
  const member = await TestClient.register(server.url, "member");
  await member.join(await owner.invite(home.id));
  inDatabase((database) => {
    const insert = database.prepare(`insert into channels (server_id, name, type, position, created_at, restricted)
      values (?, 'x', 'text', 0, 1, 1) returning id`);
    const hide = database.prepare(`insert into channel_overrides (channel_id, type, target_id, allow, deny)
      values (?, 'member', ?, 0, ?)`);
    for (let count = 0; count < 20_000; count += 1) {
      const { id } = insert.get(home.id) as { id: number };
      hide.run(id, member.me.id, bitsOf("viewChannel"));
    }
  });
  clock.advance(60_000);
  expect(await answered(member, "/api/servers")).toBe(1);
  clock.advance(60_000);
  const path = `/api/me/notification-levels/server:${home.id}`;
  const change = () => member.request("PUT", path, { body: { suppress_everyone: true } });
  expect((await change()).status).toBe(200);
  expect((await change()).status).toBe(429);
});

test("whoever joins large servers again and again has to wait, however they join and whether their bot does", async () => {
  const clock = new ManualClock(Date.now());
  server = await startTestServer({}, { clock });
  const claim_token = new URL(server.claimUrl!).hash.slice(1);
  const owner = await TestClient.register(server.url, "owner", { claim_token });
  await owner.patch("/api/instance/settings", { discovery: "on" });
  const home = await owner.createServer();
  await owner.request("PUT", `/api/servers/${home.id}/listing`, { body: { is_public: true, description: "x" } });
  inDatabase((database) => {
    const insert = database.prepare(
      "insert into channels (server_id, name, type, position, created_at) values (?, ?, 'text', ?, 1)",
    );
    for (let count = 0; count < 450; count += 1) insert.run(home.id, `channel ${count}`, count + 10);
  });
  const guest = await TestClient.register(server.url, "guest");
  const statuses = async (enter: () => Promise<{ status: number }>, leave: () => Promise<unknown>) => {
    const all = [];
    for (let count = 0; count < 14; count += 1) {
      all.push((await enter()).status);
      await leave();
    }
    return all;
  };
  const left = () => guest.request("POST", `/api/servers/${home.id}/leave`);
  const found = await statuses(() => guest.request("POST", `/api/discovery/${home.id}`), left);
  expect([found.slice(0, 10), found.at(-1)]).toEqual([Array.from({ length: 10 }, () => 200), 429]);
  // It is the same for all ways.
  const code = await owner.invite(home.id);
  expect((await guest.request("POST", `/api/invites/${code}`)).status).toBe(429);
  clock.advance(10_000);
  expect((await guest.request<{ server: ServerState }>("POST", `/api/invites/${code}`)).status).toBe(200);

  const bot = await owner.post<BotWithToken>("/api/bots", { username: "robot" });
  const kick = () => owner.request("DELETE", `/api/servers/${home.id}/members/${bot.id}`);
  const added = await statuses(() => owner.request("PUT", `/api/servers/${home.id}/bots/${bot.id}`), kick);
  expect([added.slice(0, 10), added.at(-1)]).toEqual([Array.from({ length: 10 }, () => 204), 429]);
});

test("threads count too, which are marked as read for whoever joins", async () => {
  server = await startTestServer({}, { clock: new ManualClock(Date.now()) });
  const owner = await TestClient.register(server.url, "owner");
  const home = await owner.createServer();
  inDatabase((database) => {
    const insert = database.prepare(`insert into channels (server_id, parent_id, name, type, position, created_at,
      active_at, owner_id, archive_after_s, restricted) values (?, ?, 'thread', 'thread', 0, 1, 1, ?, 3600, 1)`);
    for (let count = 0; count < 19_000; count += 1) insert.run(home.id, home.channels[0]!.id, owner.me.id);
  });
  const guest = await TestClient.register(server.url, "guest");
  const code = await owner.invite(home.id);
  const statuses = [];
  for (let count = 0; count < 8; count += 1) {
    statuses.push((await guest.request("POST", `/api/invites/${code}`)).status);
    await guest.request("POST", `/api/servers/${home.id}/leave`);
  }
  expect(statuses).toEqual([200, 200, 200, 200, 200, 200, 429, 429]);
});
