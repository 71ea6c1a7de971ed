import { subscribe, unsubscribe } from "node:diagnostics_channel";
import {
  retries,
  type AuthorClaim,
  type BotWithToken,
  type Credentials,
  type PendingAuthorClaims,
  type WebhookWithToken,
} from "@miscord/protocol";
import type { FastifyInstance, RouteOptions } from "fastify";
import { afterAll, beforeAll, expect, test } from "vitest";
import { makeAdministrator } from "../admin/accounts.ts";
import { withStore } from "../admin/open-store.ts";
import { addImportedAuthors } from "../testing/imported-authors.ts";
import { Random } from "../testing/random.ts";
import { recordingLogger } from "../testing/recording-logger.ts";
import { TestClient } from "../testing/test-client.ts";
import { startTestServer, type TestServer } from "../testing/test-server.ts";
import { bodies, later, type CallWorld } from "./testing/call-bodies.ts";
import { hostileCall, type HostileCall } from "./testing/hostile-calls.ts";

/** Calls of each route by each kind of caller. */
const rounds = Number(process.env["FUZZ_CALLS"] ?? 2);
const seed = Number(process.env["FUZZ_SEED"] ?? 1);
const callsAtOnce = 8;

interface Route {
  method: string;
  url: string;
}

const routes: Route[] = [];
const logged: string[] = [];
let server: TestServer;
let world: CallWorld;
let callers: Readonly<Record<string, TestClient>>;

/** Every route of the API, as the server names it when it starts. */
function noteRoutes(message: unknown): void {
  const { fastify } = message as { fastify: FastifyInstance };
  fastify.addHook("onRoute", ({ method, url }: RouteOptions) => {
    for (const one of [method].flat())
      if (url.startsWith("/api/") && one !== "HEAD" && one !== "OPTIONS") routes.push({ method: one, url });
  });
}

beforeAll(async () => {
  subscribe("fastify.initialization", noteRoutes);
  server = await startTestServer({}, { logger: recordingLogger((line) => logged.push(line)) });
  unsubscribe("fastify.initialization", noteRoutes);
  const register = (name: string) => TestClient.register(server.url, name);
  const [admin, owner, member] = [await register("admin"), await register("owner"), await register("member")];
  const [held, outsider] = [await register("held"), await register("outsider")];
  const [victim, claimant] = [await register("victim"), await register("claimant")];
  await makeAdministrator(server.config, "admin");
  const home = await owner.createServer();
  const code = await owner.invite(home.id);
  for (const client of [member, held, victim, claimant]) await client.join(code);
  const until = new Date(Date.now() + 3_600_000).toISOString();
  await owner.put(`/api/servers/${home.id}/members/${held.me.id}/timeout`, { until });
  const make = (path: string, body: unknown) => owner.post<{ id: number }>(`/api/servers/${home.id}/${path}`, body);
  const channelId = home.channels[0]!.id;
  const old = await make("channels", { name: "old", type: "text" });
  const [author] = await withStore(server.config, (store) =>
    addImportedAuthors(store, old.id, { authors: 1, messagesEach: 20 }),
  );
  const poll = { answers: ["yes", "no"] };
  const trigger = { kind: "words", words: ["elephant"] };
  const hook = await owner.post<WebhookWithToken>(`/api/channels/${channelId}/webhooks`, { name: "x" });
  const robot = await owner.post<BotWithToken>("/api/bots", { username: "robot" });
  const bot = new TestClient(server.url);
  bot.token = (await bot.post<Credentials>("/api/auth/bot", { token: robot.token })).access_token;
  const roleId = (await make("roles", { name: "crew" })).id;
  const sendLater = { content: "x", send_at: later };
  world = {
    serverId: home.id,
    channelId,
    forumId: (await make("channels", { name: "help", type: "forum" })).id,
    messageId: (await owner.send(channelId, "Which?", { poll })).id,
    importedId: author!.messageId,
    userId: victim.me.id,
    roleId,
    targetId: roleId,
    ruleId: (await make("automod/rules", { name: "x", message: "x", trigger, actions: { block: true } })).id,
    webhookId: hook.id,
    token: hook.token,
    botId: robot.id,
    claimId: (await claimant.post<AuthorClaim>("/api/me/author-claims", { message_id: author!.messageId })).id,
    attachmentId: (await owner.upload("x", "x.txt")).body.id,
    scheduledId: (await owner.post<{ id: number }>(`/api/channels/${channelId}/scheduled`, sendLater)).id,
    scope: `channel:${channelId}`,
    emoji: "👍",
  };
  const forger = new TestClient(server.url);
  forger.token = `${owner.token}x`;
  callers = { nobody: new TestClient(server.url), forger, outsider, held, member, bot, owner, admin };
});
afterAll(() => server.cleanup());

/** Calls that end what the others are made with, whatever they are given; and further names of the calls of webhooks. */
const leftOut = [
  /^POST \/api\/(auth\/logout|servers\/:serverId\/leave)$/,
  /^PUT \/api\/(webhooks|bots)\/:\w+\/token$/,
  /\/api\/v[6-9]\//,
];

async function send(name: string, { method, path, body, type }: HostileCall): Promise<void> {
  const { token } = callers[name]!;
  const response = await fetch(server.url + path, {
    method,
    redirect: "manual",
    headers: {
      ...(token !== null && { authorization: `Bearer ${token}` }),
      ...(body !== undefined && { "content-type": type }),
    },
    ...(body !== undefined && { body }),
    signal: AbortSignal.timeout(30_000),
  });
  const text = await response.text();
  const context = `${name}: ${method} ${path.slice(0, 200)} ${type} ${String(body).slice(0, 300)} → ${response.status} ${text.slice(0, 300)}`;
  // GIFs, mail, push and login providers are not set up here.
  expect(response.status === 503 || response.status < 500, context).toBe(true);
  if (response.status < 400 || text === "") return;
  const answer = JSON.parse(text) as { error?: { code: string; message: string }; message?: string };
  // Webhooks answer as Discord's do.
  const codes = /^\/api(\/v\d+)?\/webhooks\//.test(path) ? [undefined] : [];
  expect([...Object.keys(retries), ...codes], context).toContain(answer.error?.code);
}

test("the server names its routes, and each with a body of its own is one of them", () => {
  const known = new Set(routes.map(({ method, url }) => `${method} ${url}`));
  expect(known.size).toBeGreaterThan(200);
  expect(Object.keys(bodies).filter((route) => !known.has(route))).toEqual([]);
});

test(
  `garbage in calls of every route by every kind of caller breaks nothing (seed ${seed})`,
  { timeout: 3_600_000 },
  async () => {
    const random = new Random(seed);
    const calls = routes
      .filter(({ method, url }) => !leftOut.some((pattern) => pattern.test(`${method} ${url}`)))
      .flatMap((route) =>
        Object.keys(callers).flatMap((name) =>
          // Mixed, since some kinds of calls wait for each other, as those of one webhook do.
          Array.from({ length: rounds }, () => ({ route, name, order: random.next() })),
        ),
      )
      .toSorted((one, other) => one.order - other.order)
      .map(({ route, name }) => ({ name, call: hostileCall(random, route, world) }))
      .values();
    const next = async () => {
      for (const { name, call } of calls) await send(name, call);
    };
    await Promise.all(Array.from({ length: callsAtOnce }, next));
    expect(logged.filter((line) => (JSON.parse(line) as { level: number }).level >= 50)).toEqual([]);
    // Nobody lost what they called with, and no garbage decided anything.
    const { admin, owner, member, held, outsider } = callers;
    for (const client of [admin!, owner!, member!, held!, outsider!])
      expect((await client.request("GET", "/api/auth/me")).status).toBe(200);
    for (const client of [owner!, member!, held!]) await client.get(`/api/servers/${world.serverId}`);
    const { claims } = await admin!.get<PendingAuthorClaims>("/api/instance/imports/author-claims");
    expect(claims.map(({ id }) => id)).toContain(world.claimId);
    await owner!.send(world.channelId, "still here");
  },
);
