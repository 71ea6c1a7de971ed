import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { connect as connectTcp, type Socket } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startPostgres, type TestPostgres } from "../apps/server/src/testing/postgres.ts";
import { startRedis, type TestRedis } from "../apps/server/src/testing/redis.ts";
import { recordingLogger } from "../apps/server/src/testing/recording-logger.ts";
import { TestClient } from "../apps/server/src/testing/test-client.ts";
import { startTestServer, type TestServer } from "../apps/server/src/testing/test-server.ts";
import { TestSocket } from "../apps/server/src/testing/test-socket.ts";
import { balancerNames, startBalancer, type Balancer } from "./testing/balancers.ts";

const sockets = 12;
const metricsToken = "operators-secret";
/** A balancer notices after seconds that a node is back. */
const anyMoment = { timeout: 60_000, interval: 100 };

let postgres: TestPostgres;
let redis: TestRedis;
let nodes: TestServer[];
/** What the nodes have logged. */
let log = "";

beforeAll(async () => {
  [postgres, redis] = await Promise.all([startPostgres(), startRedis()]);
  const settings = {
    databaseUrl: postgres.createDatabase(),
    redisUrl: redis.url,
    secretKey: randomBytes(32).toString("hex"),
    trustedProxies: ["127.0.0.1"],
    metricsToken,
    maxConnectionsPerUser: 1_000,
  };
  const logger = recordingLogger((line) => (log += line));
  nodes = [await startTestServer(settings, { logger }), await startTestServer(settings, { logger })];
});
afterAll(async () => {
  await Promise.all(nodes.map((node) => node.cleanup()));
  await redis.dispose();
  postgres.dispose();
});

describe.each(balancerNames)("two nodes behind %s", (name) => {
  let balancer: Balancer;
  let ann: TestClient;

  beforeAll(async () => {
    const ports = nodes.map(({ port }) => port);
    balancer = await startBalancer(name, ports);
    ann = await TestClient.register(balancer.url, `ann-at-${name}`);
  });
  afterAll(() => balancer.stop());

  async function connect(): Promise<TestSocket> {
    const protocols = ["miscord", `bearer.${ann.token}`];
    const origin = balancer.url;
    const socket = new TestSocket(`ws${balancer.url.slice(4)}/ws/main`, { protocols, origin });
    await socket.next("connection_established");
    return socket;
  }

  async function connectAll(): Promise<TestSocket[]> {
    const all: TestSocket[] = [];
    while (all.length < sockets) all.push(await connect());
    return all;
  }

  function nodeOf(socket: TestSocket): string {
    return socket.all("connection_established")[0]!.server_info.node!;
  }

  test("sockets spread over both nodes, and one that stops is left by itself and gets no new ones", async () => {
    const before = await connectAll();
    expect(new Set(before.map(nodeOf)).size).toBe(2);
    // The balancer has asked both nodes, so that a stop waits until it knows.
    const stopping = nodes[0]!.stop();
    const staying = before.filter((socket) => socket.ws.readyState === socket.ws.OPEN);
    const closed = await Promise.race([Promise.all(before.map((socket) => socket.closed)), stopping.then(() => null)]);
    expect(closed).toBeNull();
    const gone = staying.filter((socket) => socket.ws.readyState !== socket.ws.OPEN);
    expect(gone.length).toBeGreaterThan(0);
    expect(gone.length).toBeLessThan(sockets);
    expect(new Set(gone.map(nodeOf)).size).toBe(1);
    for (const socket of gone) {
      expect(await socket.closed).toEqual({ code: 1012, reason: "restart" });
      expect(socket.all("server_draining")).toHaveLength(1);
    }
    const other = before.filter((socket) => !gone.includes(socket));
    for (const socket of other) await socket.roundTrip();
    const again = await connectAll();
    expect([...new Set(again.map(nodeOf))]).toEqual([nodeOf(other[0]!)]);
    await nodes[0]!.restart();
    const more: TestSocket[] = [];
    await expect
      .poll(async () => {
        more.push(await connect());
        return nodeOf(more.at(-1)!);
      }, anyMoment)
      .not.toBe(nodeOf(other[0]!));
    await Promise.all([...other, ...again, ...more].map((socket) => socket.close()));
  });

  test("the nodes see the client's own address, whatever the client claims", async () => {
    const headers = { "x-forwarded-for": "192.0.2.66" };
    const stranger = new TestSocket(`ws${balancer.url.slice(4)}/ws/main`, { localAddress: "127.0.0.2", headers });
    expect((await stranger.closed).code).toBe(4001);
    await expect.poll(() => log).toContain('"address":"127.0.0.2","msg":"authentication failed"');
    expect(log).not.toContain("192.0.2.66");
    log = "";
  });

  test("what is for the operator is not reached through it", async () => {
    const operator = { authorization: `Bearer ${metricsToken}` };
    const body = { method: "POST", headers: { ...operator, "content-type": "application/json" }, body: '{"share":1}' };
    for (const path of ["/admin/shed", "/%61dmin/shed"])
      expect((await fetch(balancer.url + path, body)).status, path).toBe(404);
    for (const path of ["/metrics", "/m%65trics"])
      expect((await fetch(balancer.url + path, { headers: operator })).status, path).toBe(404);
    expect((await fetch(`${nodes[1]!.url}/admin/shed`, body)).status).toBe(202);
  });

  /** Sends more than a login may have, until the connection ends. */
  function sendTooMuch(): Socket {
    const socket = connectTcp(Number(new URL(balancer.url).port), "127.0.0.1");
    socket.on("error", () => {});
    socket.resume();
    socket.write(
      "POST /api/auth/login HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 50000000\r\n\r\n",
    );
    const timer = setInterval(() => socket.write(Buffer.alloc(65_536, 32)), 1);
    socket.once("close", () => clearInterval(timer));
    return socket;
  }

  test("nodes that close on who sends too much are left out for nobody", async () => {
    const statuses = new Set<number>();
    for (let round = 0; round < 8; round += 1) {
      const sending = Array.from({ length: 6 }, sendTooMuch);
      for (let time = 0; time < 6; time += 1) statuses.add((await fetch(`${balancer.url}/api/instance`)).status);
      for (const socket of sending) socket.destroy();
    }
    expect([...statuses]).toEqual([200]);
  });

  test("nodes are left out for nobody because of what they are asked to repeat", async () => {
    const headers = {
      origin: "https://elsewhere.example",
      "access-control-request-method": "GET",
      "access-control-request-headers": "x".repeat(7_000),
    };
    for (let time = 0; time < 6; time += 1) {
      expect((await fetch(`${balancer.url}/api/instance`, { method: "OPTIONS", headers })).status).toBe(413);
      expect((await fetch(`${balancer.url}/api/instance`)).status).toBe(200);
    }
  });

  const secrets = {
    authorization: "Bearer second-secret",
    cookie: "miscord_files=third-secret",
    "sec-websocket-protocol": "miscord, bearer.fourth-secret",
    referer: "http://elsewhere.example/?token=fifth-secret",
  };

  async function closeCodeOf(path: string, protocols: string[]): Promise<number> {
    const socket = new WebSocket(`ws${balancer.url.slice(4)}${path}`, protocols);
    const [{ code }] = (await once(socket, "close")) as [CloseEvent];
    return code;
  }

  test("the log holds no token, whichever way it was sent, also while no node answers", async () => {
    const logged = () => balancer.output().match(/\/(ws\/main|api\/auth\/me|webhooks\/1\/REDACTED)/g)?.length ?? 0;
    const hook = "/api/v10/webhooks/1/eighth-secret/github?wait=true";
    const before = logged();
    expect(await closeCodeOf("/ws/main", ["miscord", "bearer.first-secret"])).toBe(4001);
    expect(await closeCodeOf("/ws/main?token=second-secret", [])).toBe(4001);
    await fetch(`${balancer.url}/api/auth/providers/some/callback?code=sixth-secret&state=seventh-secret`);
    await fetch(`${balancer.url}/api/auth/me`, { headers: secrets });
    expect((await fetch(balancer.url + hook, { method: "POST", headers: secrets })).status).toBe(404);
    await expect.poll(logged).toBeGreaterThanOrEqual(before + 4);
    await Promise.all(nodes.map((node) => node.stop()));
    const answers = [fetch(`${balancer.url}/api/auth/me`, { headers: secrets }), fetch(balancer.url + hook)];
    answers.push(fetch(`${balancer.url}/ws/main?token=first-secret`, { headers: secrets }));
    for (const { status } of await Promise.all(answers)) expect([502, 503]).toContain(status);
    await expect.poll(logged).toBeGreaterThanOrEqual(before + 7);
    expect(balancer.output()).not.toMatch(/(first|second|third|fourth|fifth|sixth|seventh|eighth)-secret/);
    expect(balancer.output()).not.toContain(ann.token);
    await Promise.all(nodes.map((node) => node.restart()));
  });
});
