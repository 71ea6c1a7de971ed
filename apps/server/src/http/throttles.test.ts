import { afterEach, expect, test } from "vitest";
import type { Config } from "../config.ts";
import { ManualClock } from "../testing/manual-clock.ts";
import { TestClient } from "../testing/test-client.ts";
import { startTestServer, testConfig, type TestServer } from "../testing/test-server.ts";
import { TestSocket } from "../testing/test-socket.ts";

let server: TestServer;
afterEach(() => server.cleanup());

async function startWith(rates: Partial<Config["rates"]>, changes: Partial<Config> = {}): Promise<ManualClock> {
  const clock = new ManualClock(Date.now());
  server = await startTestServer({ ...changes, rates: { ...testConfig().rates, ...rates } }, { clock });
  return clock;
}

const logIn = (username: string, password: string, headers: Record<string, string> = {}) =>
  new TestClient(server.url).request("POST", "/api/auth/login", { body: { username, password }, headers });

test("logging in is rate limited by address, with a retry-after header", async () => {
  const clock = await startWith({ logins: { perSecond: 0.1, burst: 3 } });
  for (let attempt = 0; attempt < 3; attempt += 1) {
    expect((await logIn(`nobody${attempt}`, "wrong")).status).toBe(401);
  }
  const refused = await logIn("nobody", "wrong");
  expect(refused).toMatchObject({ status: 429, code: "rate_limited" });
  expect(refused.headers.get("retry-after")).toBe("10");
  clock.advance(10_000);
  expect((await logIn("nobody", "wrong")).status).toBe(401);
});

test("failed logins to one account from one address are limited, known account or not, and successful ones are not counted", async () => {
  await startWith({ accountLogins: { perSecond: 0.01, burst: 2 } });
  await TestClient.register(server.url, "victim");
  for (let time = 0; time < 5; time += 1) await TestClient.logIn(server.url, "victim");
  for (const name of ["victim", "unknown"]) {
    const answers = [await logIn(name, "wrong"), await logIn(name.toUpperCase(), "wrong"), await logIn(name, "wrong")];
    expect(answers.map((answer) => answer.status)).toEqual([401, 401, 429]);
  }
});

test("failed logins from other addresses do not lock the owner out until many addresses take part", async () => {
  const rates = { accountLogins: { perSecond: 0.01, burst: 2 } };
  const clock = await startWith(rates, { trustedProxies: ["127.0.0.1"] });
  const owner = await TestClient.register(server.url, "victim");
  const from = async (address: string, password: string) =>
    (await logIn("victim", password, { "x-forwarded-for": address })).status;
  const right = "correct horse battery";
  const guesses = [];
  for (let time = 0; time < 30; time += 1) guesses.push(await from("203.0.113.1", "wrong"));
  expect(guesses).toEqual([401, 401, ...Array.from({ length: 28 }, () => 429)]);
  expect(await from("203.0.113.1", right)).toBe(429);
  expect(await from("198.51.100.1", right)).toBe(200);
  const body = { current_password: right, new_password: right };
  expect((await owner.request("POST", "/api/auth/password", { body })).status).toBe(204);

  for (let place = 2; place <= 10; place += 1) {
    for (let time = 0; time < 2; time += 1) expect(await from(`203.0.113.${place}`, "wrong")).toBe(401);
  }
  expect(await from("203.0.113.11", "wrong")).toBe(429);
  // Who is logged in is not kept from a new password.
  expect((await owner.request("POST", "/api/auth/password", { body })).status).toBe(204);
  clock.advance(10_000);
  expect(await from("203.0.113.11", "wrong")).toBe(401);
});

test("changing the password with a wrong current one is rate limited", async () => {
  await startWith({ accountLogins: { perSecond: 0.01, burst: 2 } });
  const client = await TestClient.register(server.url, "victim");
  const body = { current_password: "wrong", new_password: "another password" };
  const statuses = [];
  for (let time = 0; time < 3; time += 1) {
    statuses.push((await client.request("POST", "/api/auth/password", { body })).status);
  }
  expect(statuses).toEqual([403, 403, 429]);
});

test("proofs of one session are limited also when they are right, and those of another are not", async () => {
  await startWith({ accountLogins: { perSecond: 0.01, burst: 2 } });
  const client = await TestClient.register(server.url, "busy");
  const other = await TestClient.logIn(server.url, "busy");
  const confirm = async (session: TestClient) =>
    (await session.request("POST", "/api/auth/confirm", { body: { password: "correct horse battery" } })).status;
  expect([await confirm(client), await confirm(client), await confirm(client)]).toEqual([204, 204, 429]);
  expect(await confirm(other)).toBe(204);
});

test("registering is rate limited by address", async () => {
  await startWith({ registrations: { perSecond: 0.01, burst: 2 } });
  await TestClient.register(server.url, "one");
  await TestClient.register(server.url, "two");
  await expect(TestClient.register(server.url, "three")).rejects.toThrow("429");
});

test("X-Forwarded-For counts only when a trusted proxy wrote it", async () => {
  await startWith({ logins: { perSecond: 0.01, burst: 1 } });
  const from = (address: string) => logIn("nobody", "wrong", { "x-forwarded-for": address });
  expect((await from("203.0.113.1")).status).toBe(401);
  expect((await from("203.0.113.2")).status).toBe(429);
  await server.cleanup();

  await startWith({ logins: { perSecond: 0.01, burst: 1 } }, { trustedProxies: ["127.0.0.1"] });
  expect((await from("203.0.113.1")).status).toBe(401);
  expect((await from("203.0.113.2")).status).toBe(401);
  expect((await from("203.0.113.2")).status).toBe(429);
  // A client can send any value; the proxy appends the real address to it.
  expect((await from("198.51.100.9, 203.0.113.2")).status).toBe(429);
  expect((await from("2001:db8::1")).status).toBe(401);
  expect((await from("2001:db8::2")).status).toBe(429);
});

test("requests without a login are rate limited by address, with a retry-after header, and those of users are not", async () => {
  const clock = await startWith({}, { anonymousRate: { perSecond: 0.1, burst: 6 } });
  const user = await TestClient.register(server.url, "user");
  const get = (path: string, headers: Record<string, string> = {}) =>
    new TestClient(server.url).request("GET", path, { headers });
  const forged = { authorization: "Bearer forged" };
  const statuses = [
    await get("/api/instance"),
    await get("/api/invites/unknown"),
    await get("/api/servers", forged),
    await get("/api/attachments/1", { cookie: "miscord_files=forged" }),
    await get("/api/attachments/1?token=forged"),
  ].map(({ status }) => status);
  expect(statuses).toEqual([200, 410, 401, 401, 401]);
  for (const path of ["/", "/health", "/api/instance", "/api/servers", "/api/attachments/1", "/api/nothing"]) {
    for (const headers of [{}, forged]) {
      const refused = await get(path, headers);
      expect([path, refused.status, refused.headers.get("retry-after")]).toEqual([path, 429, "10"]);
    }
  }
  expect((await user.refresh()).status).toBe(200);
  const sent = Array.from({ length: 10 }, () => user.request("GET", "/api/servers"));
  expect(new Set((await Promise.all(sent)).map(({ status }) => status))).toEqual(new Set([200]));
  clock.advance(10_000);
  expect((await get("/api/instance")).status).toBe(200);
});

test("the rate of requests without a login counts IPv6 by network and believes trusted proxies only", async () => {
  await startWith({}, { anonymousRate: { perSecond: 0.01, burst: 1 }, trustedProxies: ["127.0.0.1"] });
  const from = async (address: string) => {
    const headers = { "x-forwarded-for": address };
    return (await new TestClient(server.url).request("GET", "/api/instance", { headers })).status;
  };
  expect(await from("2001:db8::1")).toBe(200);
  expect(await from("2001:db8::2")).toBe(429);
  expect(await from("2001:db8:0:1::1")).toBe(200);
  expect(await from("203.0.113.1")).toBe(200);
  expect(await from("198.51.100.9, 203.0.113.1")).toBe(429);
});

test("messages and other calls are rate limited by user", async () => {
  const clock = await startWith({ messages: { perSecond: 10, burst: 3 }, requests: { perSecond: 1, burst: 12 } });
  const one = await TestClient.register(server.url, "one");
  const other = await TestClient.register(server.url, "other");
  const home = await one.createServer();
  await other.join(await one.invite(home.id));
  const path = `/api/channels/${home.channels[0]!.id}/messages`;
  const send = (client: TestClient) => client.request("POST", path, { body: { content: "x" } });
  for (let time = 0; time < 3; time += 1) expect((await send(one)).status).toBe(201);
  expect(await send(one)).toMatchObject({ status: 429, code: "rate_limited" });
  expect((await send(other)).status).toBe(201);
  clock.advance(100);
  expect((await send(one)).status).toBe(201);
  const statuses = [];
  for (let time = 0; time < 12; time += 1) statuses.push((await one.request("GET", "/api/servers")).status);
  expect(statuses.at(-1)).toBe(429);
});

test("changes that are announced to others are rate limited by user: status, profile, joining and leaving", async () => {
  const clock = await startWith({ changes: { perSecond: 1, burst: 2 } });
  const one = await TestClient.register(server.url, "one");
  const home = await (await TestClient.register(server.url, "owner")).createServer();
  const calls: [method: string, path: string, body?: unknown][] = [
    ["PUT", "/api/auth/me/status", { status: "dnd" }],
    ["PATCH", "/api/auth/me", { display_name: "One" }],
    ["POST", "/api/invites/unknown"],
    ["POST", `/api/servers/${home.id}/leave`],
  ];
  for (const [method, path, body] of calls) {
    clock.advance(2_000);
    const answers = [];
    for (let time = 0; time < 3; time += 1) answers.push(await one.request(method, path, { body }));
    expect(answers.map(({ code }) => code === "rate_limited")).toEqual([false, false, true]);
  }
});

test("many logins at once are queued and do not block the server", async () => {
  await startWith({});
  const client = await TestClient.register(server.url, "calm");
  const storm = Promise.all(Array.from({ length: 20 }, (_, index) => logIn(`nobody${index}`, "wrong")));
  expect((await client.request("GET", "/api/auth/me")).status).toBe(200);
  expect(new Set((await storm).map((answer) => answer.status))).toEqual(new Set([401]));
});

test("wrong refresh tokens are limited by address, counted as failed logins, and never refuse a right one", async () => {
  await startWith({ logins: { perSecond: 0.01, burst: 3 } });
  const client = await TestClient.register(server.url, "refresher");
  const [sessionId] = client.cookies.get("miscord_refresh")!.split(".");
  const attacker = new TestClient(server.url);
  const answers = [];
  for (let time = 0; time < 5; time += 1) {
    attacker.cookies.set("miscord_refresh", `${sessionId}.guess-${time}`);
    answers.push((await attacker.refresh()).status);
  }
  expect(answers).toEqual([401, 401, 401, 429, 429]);
  expect((await client.refresh()).status).toBe(200);
  const metrics = await (await fetch(`${server.url}/metrics`)).json();
  expect(metrics).toMatchObject({ security: { auth_failures: 5 } });
});

test("every command that others notice spends from the user's rate of changes", async () => {
  await startWith({ changes: { perSecond: 0.001, burst: 40 } });
  const owner = await TestClient.register(server.url, "busyowner");
  const home = await owner.createServer();
  const [channel] = home.channels;
  const message = await owner.send(channel!.id, "hello");
  const code = await owner.invite(home.id);
  const other = await TestClient.register(server.url, "target");
  await other.join(code);
  const commands: [method: string, path: string, body?: unknown][] = [
    ["PATCH", `/api/servers/${home.id}`, { name: "again" }],
    ["POST", `/api/servers/${home.id}/channels`, { name: "again" }],
    ["PATCH", `/api/channels/${channel!.id}`, { name: "again" }],
    ["PUT", `/api/servers/${home.id}/channels/order`, { channel_ids: home.channels.map(({ id }) => id) }],
    ["POST", `/api/servers/${home.id}/invites`, {}],
    ["DELETE", `/api/invites/${code}`],
    ["POST", `/api/invites/${code}`],
    ["DELETE", `/api/servers/${home.id}/members/${other.me.id}`],
    ["PUT", `/api/servers/${home.id}/bans/${other.me.id}`],
    ["DELETE", `/api/servers/${home.id}/bans/${other.me.id}`],
    ["POST", `/api/servers/${home.id}/leave`],
    ["PATCH", "/api/auth/me", { display_name: "again" }],
    ["PUT", "/api/auth/me/status", { status: "idle" }],
    ["PATCH", `/api/messages/${message.id}`, { content: "again" }],
    ["PUT", `/api/messages/${message.id}/reactions/${encodeURIComponent("👍")}`],
    ["DELETE", `/api/messages/${message.id}`],
    ["DELETE", `/api/channels/${channel!.id}`],
    ["POST", "/api/servers", { name: "again" }],
    ["DELETE", `/api/servers/${home.id}`],
  ];
  let renames = 0;
  while (
    (await owner.request("PATCH", `/api/servers/${home.id}`, { body: { name: `name ${renames}` } })).status === 200
  )
    renames += 1;
  expect(renames).toBe(38);
  for (const [method, path, body] of commands) {
    const answer = await owner.request(method, path, { body });
    expect({ method, path, status: answer.status }).toEqual({ method, path, status: 429 });
  }
});

test("answers that are large count as several requests, however few ask for them", async () => {
  const clock = await startWith({ requests: { perSecond: 1, burst: 60 } });
  const client = await TestClient.register(server.url, "reader");
  const [large, small] = (await client.createServer()).channels.map(({ id }) => `/api/channels/${id}/messages`);
  for (let count = 0; count < 50; count += 1) await client.post(large!, { content: "x".repeat(5_000) });
  clock.advance(60_000);
  const read = async (path: string) => (await client.request("GET", path)).status;
  const statuses = [];
  for (let count = 0; count < 30; count += 1) statuses.push(await read(large!));
  expect(statuses.slice(0, 15)).toEqual(Array.from({ length: 15 }, () => 200));
  expect(statuses.slice(25)).toEqual(Array.from({ length: 5 }, () => 429));
  clock.advance(60_000);
  for (let count = 0; count < 60; count += 1) expect(await read(small!)).toBe(200);
});

test("files that are read have a rate, by header or cookie, and so have those that are not there", async () => {
  const clock = await startWith({ requests: { perSecond: 1, burst: 2 } });
  const client = await TestClient.register(server.url, "reader");
  const { body: file } = await client.upload("text", "a.txt", "text/plain");
  const statuses = async (path: string) =>
    Promise.all(Array.from({ length: 6 }, async () => (await client.request("GET", path)).status));
  expect(await statuses(file.file_url)).toEqual([200, 200, 200, 200, 200, 200]);
  expect(await statuses("/api/attachments/999999")).toEqual([404, 404, 404, 404, 429, 429]);
  client.token = null;
  expect(await statuses(file.file_url)).toEqual([429, 429, 429, 429, 429, 429]);
  expect(await statuses("/api/me/exports/none/miscord-export.zip")).toEqual([429, 429, 429, 429, 429, 429]);
  clock.advance(10_000);
  expect(await statuses(file.file_url)).toEqual([200, 200, 200, 200, 200, 200]);
});

test("tokens that name their key by no text are forged ones, and count as such", async () => {
  await startWith({}, { anonymousRate: { perSecond: 0.01, burst: 8 } });
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const forged = (kid: unknown) => `${part({ alg: "HS256", kid })}.${part({ sub: "1" })}.AAAA`;
  const get = async (kid: unknown) => {
    const headers = { authorization: `Bearer ${forged(kid)}` };
    return (await new TestClient(server.url).request("GET", "/api/servers", { headers })).status;
  };
  const statuses = [];
  for (const kid of [{ toString: 1 }, { valueOf: null, toString: null }, ["abcdefgh"], 12_345_678, null]) {
    statuses.push(await get(kid));
  }
  expect(statuses).toEqual([401, 401, 401, 401, 401]);
  const socket = () => new TestSocket(`${server.url.replace("http", "ws")}/ws/main?token=${forged({ toString: 1 })}`);
  for (let time = 0; time < 2; time += 1) expect((await socket().closed).code).toBe(4001);
  expect([await get({ toString: 1 }), await get({ toString: 1 })]).toContain(429);
});
