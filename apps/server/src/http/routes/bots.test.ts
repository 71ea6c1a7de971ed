import type { Bot, BotWithToken, Credentials, History, Role, ServerState } from "@miscord/protocol";
import { bitsOf } from "@miscord/rights";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { disable, enable, makeAdministrator } from "../../admin/accounts.ts";
import { systemClock, type Clock } from "../../clock.ts";
import { TestClient } from "../../testing/test-client.ts";
import { TestSocket } from "../../testing/test-socket.ts";
import { startTestServer, type TestServer } from "../../testing/test-server.ts";

let server: TestServer;
let owner: TestClient;
let maker: TestClient;
let home: ServerState;
let general: number;
let managers: Role;
let made = 0;

/** How far the server's clock is ahead. */
let aheadMs = 0;
const clock: Clock = { ...systemClock, now: () => systemClock.now() + aheadMs };

beforeAll(async () => {
  server = await startTestServer({}, { clock });
  owner = await TestClient.register(server.url, "owner");
});
afterAll(() => server.cleanup());

beforeEach(async () => {
  made += 1;
  maker = await TestClient.register(server.url, `maker${made}`);
  home = await owner.createServer();
  general = home.channels[0]!.id;
  await maker.join(await owner.invite(home.id));
  const permissions = bitsOf("manageGuild", "manageMessages");
  managers = await owner.post<Role>(`/api/servers/${home.id}/roles`, { name: "managers", permissions });
  await owner.put(`/api/servers/${home.id}/members/${maker.me.id}/roles/${managers.id}`);
});

const make = (client = maker) => client.post<BotWithToken>("/api/bots", { username: `robot${made}` });
const enter = (token: string) =>
  new TestClient(server.url).request<Credentials>("POST", "/api/auth/bot", { body: { token } });

async function asBot({ token }: BotWithToken): Promise<TestClient> {
  const client = new TestClient(server.url);
  client.token = (await enter(token)).body.access_token;
  return client;
}

/** The bot in the server, with the role. */
async function added(): Promise<{ bot: BotWithToken; client: TestClient }> {
  const bot = await make();
  await maker.put(`/api/servers/${home.id}/bots/${bot.id}`);
  await owner.put(`/api/servers/${home.id}/members/${bot.id}/roles/${managers.id}`);
  return { bot, client: await asBot(bot) };
}

const takeRole = (userId: number) =>
  owner.request("DELETE", `/api/servers/${home.id}/members/${userId}/roles/${managers.id}`);
const memberIds = async () =>
  (await owner.get<{ members: { id: number }[] }>(`/api/servers/${home.id}/members`)).members.map(({ id }) => id);

describe("a bot", () => {
  test("is made with a token that is shown once, writes with it, and is marked", async () => {
    const { bot, client } = await added();
    expect((await maker.get<{ bots: Bot[] }>("/api/bots")).bots).toMatchObject([
      { id: bot.id, username: bot.username, is_bot: true, server_ids: [home.id] },
    ]);
    expect(JSON.stringify(await maker.get("/api/bots"))).not.toContain(bot.token);
    await client.send(general, "beep");
    const { messages } = await owner.get<History>(`/api/channels/${general}/messages`);
    expect(messages).toMatchObject([{ content: "beep", author: { id: bot.id, is_bot: true } }]);
    const { entries } = await owner.get<{ entries: object[] }>(`/api/servers/${home.id}/audit-log`);
    expect(entries).toContainEqual(
      expect.objectContaining({ action: "bot_add", user: expect.objectContaining({ id: bot.id }) }),
    );
  });

  test("may at most what its owner may, at that moment, however high its role is", async () => {
    const { client } = await added();
    const { id } = await owner.send(general, "one");
    await takeRole(maker.me.id);
    expect((await client.request("DELETE", `/api/messages/${id}`)).code).toBe("forbidden");
    await owner.put(`/api/servers/${home.id}/members/${maker.me.id}/roles/${managers.id}`);
    expect((await client.request("DELETE", `/api/messages/${id}`)).status).toBe(204);
  });

  test("has no token after a recovery of its owner, since somebody else may have it, until it is given a new one", async () => {
    const { bot, client } = await added();
    const socket = new TestSocket(`${server.url.replace("http", "ws")}/ws/main?token=${client.token}`);
    await socket.next("connection_established");
    const { recovery_codes } = await maker.post<{ recovery_codes: string[] }>("/api/auth/recovery-codes");
    const body = {
      username: maker.me.username,
      recovery_code: recovery_codes[0],
      new_password: "correct horse battery",
    };
    expect((await maker.request("POST", "/api/auth/recover", { body })).status).toBe(204);
    expect((await socket.closed).code).toBe(4001);
    expect((await client.request("GET", `/api/channels/${general}/messages`)).status).toBe(401);
    expect((await enter(bot.token)).status).toBe(401);
    const back = await TestClient.logIn(server.url, maker.me.username);
    const renewed = await back.request<BotWithToken>("PUT", `/api/bots/${bot.id}/token`);
    await (await asBot(renewed.body)).send(general, "beep");
  });

  test("loses a channel on its open socket when its owner does, and gets it back", async () => {
    const { client } = await added();
    const socket = new TestSocket(`${server.url.replace("http", "ws")}/ws/main?token=${client.token}`);
    await socket.next("connection_established");
    const deny = { type: "member", allow: 0, deny: bitsOf("viewChannel") };
    await owner.put(`/api/channels/${general}/overrides/${maker.me.id}`, deny);
    await socket.next("channel_removed");
    expect((await client.request("GET", `/api/channels/${general}/messages`)).code).toBe("not_found");
    expect(
      (await client.get<{ servers: ServerState[] }>("/api/servers")).servers[0]!.channels.map(({ id }) => id),
    ).not.toContain(general);
    await owner.request("DELETE", `/api/channels/${general}/overrides/${maker.me.id}`);
    await socket.next("channel_added");
    socket.ws.terminate();
  });

  test("has made invites that end with what its owner may", async () => {
    const { client } = await added();
    const code = await client.invite(home.id);
    const guest = await TestClient.register(server.url, `guest${made}`);
    const until = new Date(clock.now() + 60_000).toISOString();
    await owner.put(`/api/servers/${home.id}/members/${maker.me.id}/timeout`, { until });
    expect((await guest.request("POST", `/api/invites/${code}`)).code).toBe("invite_invalid");
    await owner.put(`/api/servers/${home.id}/members/${maker.me.id}/timeout`, { until: null });
    expect((await guest.request("POST", `/api/invites/${code}`)).status).toBe(200);
  });

  test("leaves with its owner, whether they leave or are removed", async () => {
    const { bot } = await added();
    expect(await memberIds()).toContain(bot.id);
    await owner.request("DELETE", `/api/servers/${home.id}/members/${maker.me.id}`);
    expect(await memberIds()).toEqual([owner.me.id]);
  });

  test("is in no server without its owner, also when they leave at the moment in which it is added", async () => {
    const bot = await make();
    for (let round = 0; round < 6; round += 1) {
      const add = () => maker.request("PUT", `/api/servers/${home.id}/bots/${bot.id}`);
      const leave = () => maker.request("POST", `/api/servers/${home.id}/leave`);
      await Promise.all(round % 2 === 0 ? [add(), leave()] : [leave(), add()]);
      expect(await memberIds()).toEqual([owner.me.id]);
      await maker.join(await owner.invite(home.id));
      await owner.put(`/api/servers/${home.id}/members/${maker.me.id}/roles/${managers.id}`);
    }
  });

  test("is out while its owner's account is disabled, and comes back with the same token", async () => {
    const { bot, client } = await added();
    await makeAdministrator(server.config, owner.me.username);
    expect((await owner.request("PUT", `/api/accounts/${maker.me.id}/disabled`)).status).toBe(200);
    expect((await enter(bot.token)).code).toBe("unauthorized");
    expect((await client.request("GET", "/api/servers")).code).toBe("unauthorized");
    expect((await owner.request("DELETE", `/api/accounts/${maker.me.id}/disabled`)).status).toBe(200);
    await (await asBot(bot)).send(general, "back");
  });

  test("is out at once when the command line disables its owner, or they ask for the end of their account", async () => {
    const { client } = await added();
    await disable(server.config, maker.me.username);
    expect((await client.request("GET", "/api/servers")).code).toBe("unauthorized");
    await enable(server.config, maker.me.username);
    const person = await TestClient.register(server.url, `leaving${made}`);
    const theirs = await asBot(await person.post<BotWithToken>("/api/bots", { username: `leaver${made}` }));
    expect((await person.request("POST", "/api/me/deletion", { body: { messages: "keep" } })).status).toBe(202);
    expect((await theirs.request("GET", "/api/servers")).code).toBe("unauthorized");
  });

  test("does nothing that is for people", async () => {
    const { bot, client } = await added();
    const calls: [string, string, unknown?][] = [
      ["POST", "/api/servers", { name: "Mine" }],
      ["POST", "/api/me/friends", { username: owner.me.username }],
      ["POST", "/api/dms", { user_ids: [owner.me.id] }],
      ["PATCH", "/api/auth/me", { display_name: "Owner" }],
      ["POST", "/api/bots", { username: "child" }],
      ["POST", "/api/auth/password", { current_password: "", new_password: "correct horse battery" }],
      ["POST", `/api/invites/${await owner.invite(home.id)}`],
      ["DELETE", `/api/servers/${home.id}`],
      ["PUT", `/api/servers/${home.id}/owner`, { user_id: bot.id }],
      ["PUT", `/api/servers/${home.id}/bots/${bot.id}`],
      ["POST", "/api/reports", { user_id: owner.me.id, reason: "x" }],
      ["POST", `/api/channels/${general}/scheduled`, { content: "x", send_at: "2100-01-01T00:00:00Z" }],
      ["GET", "/api/me/data"],
      ["GET", "/api/accounts"],
    ];
    for (const [method, path, body] of calls) {
      const answer = await client.request(method, path, body === undefined ? {} : { body });
      expect([path, answer.code]).toEqual([path, "forbidden"]);
    }
    const login = { body: { username: bot.username, password: "" } };
    expect((await new TestClient(server.url).request("POST", "/api/auth/login", login)).status).toBeGreaterThanOrEqual(
      400,
    );
    const friend = await owner.request("POST", "/api/me/friends", { body: { username: bot.username } });
    expect(friend.status).toBe(403);
    const heir = await owner.request("PUT", `/api/servers/${home.id}/owner`, { body: { user_id: bot.id } });
    expect(heir.code).toBe("invalid_request");
  });
});

describe("who may", () => {
  test("a bot is added by its owner, where they manage the server; those of others look as if they were not there", async () => {
    const bot = await make();
    expect((await owner.request("PUT", `/api/servers/${home.id}/bots/${bot.id}`)).code).toBe("not_found");
    await takeRole(maker.me.id);
    expect((await maker.request("PUT", `/api/servers/${home.id}/bots/${bot.id}`)).code).toBe("forbidden");
    const elsewhere = await owner.createServer();
    expect((await maker.request("PUT", `/api/servers/${elsewhere.id}/bots/${bot.id}`)).code).toBe("not_found");
    expect((await owner.request("PUT", `/api/bots/${bot.id}/token`)).code).toBe("not_found");
    expect((await owner.request("DELETE", `/api/bots/${bot.id}`)).code).toBe("not_found");
    expect((await owner.get<{ bots: Bot[] }>("/api/bots")).bots).toEqual([]);
  });

  test("a new token ends the old one and its connections, and so does deleting the bot", async () => {
    const { bot, client } = await added();
    const renewed = (await maker.request<BotWithToken>("PUT", `/api/bots/${bot.id}/token`)).body;
    expect((await enter(bot.token)).code).toBe("unauthorized");
    expect((await client.request("GET", "/api/servers")).code).toBe("unauthorized");
    const again = await asBot(renewed);
    await again.send(general, "again");
    const socket = new TestSocket(`${server.url.replace("http", "ws")}/ws/main?token=${again.token}`);
    await socket.next("connection_established");
    expect((await maker.request("DELETE", `/api/bots/${bot.id}`)).status).toBe(204);
    expect((await socket.closed).code).toBe(4001);
    expect((await enter(renewed.token)).code).toBe("unauthorized");
    expect((await maker.get<{ bots: Bot[] }>("/api/bots")).bots).toEqual([]);
    // It is out of its servers some time after all nodes have closed its sockets.
    const later = () => ((aheadMs += 10_000), memberIds());
    await expect.poll(later, { interval: 500 }).not.toContain(bot.id);
  });

  test("a username that is taken, and an eleventh bot, are refused, also while one of ten is being removed", async () => {
    expect((await maker.request("POST", "/api/bots", { body: { username: "owner" } })).code).toBe("username_taken");
    for (let count = 0; count < 10; count += 1) await maker.post("/api/bots", { username: `many${made}.${count}` });
    const another = () => maker.request("POST", "/api/bots", { body: { username: `more${made}` } });
    expect((await another()).code).toBe("limit_reached");
    const { bots } = await maker.get<{ bots: Bot[] }>("/api/bots");
    await maker.delete(`/api/bots/${bots[0]!.id}`);
    expect((await another()).code).toBe("limit_reached");
    const later = async () => ((aheadMs += 10_000), (await another()).status);
    await expect.poll(later, { interval: 500 }).toBe(201);
  });
});
