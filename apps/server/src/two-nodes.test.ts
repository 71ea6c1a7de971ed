import { randomBytes } from "node:crypto";
import type { ApplicationPage, InstanceServerPage, Member, MonitorOverview, ServerState } from "@miscord/protocol";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { makeAdministrator } from "./admin/accounts.ts";
import { startPostgres, type TestPostgres } from "./testing/postgres.ts";
import { startRedis, type TestRedis } from "./testing/redis.ts";
import { TestClient } from "./testing/test-client.ts";
import { startTestServer, testConfig, type TestServer } from "./testing/test-server.ts";
import { TestSocket } from "./testing/test-socket.ts";

const changes = 5;

describe("two nodes on PostgreSQL and Redis", () => {
  let postgres: TestPostgres;
  let redis: TestRedis;
  let first: TestServer;
  let second: TestServer;

  beforeAll(async () => {
    postgres = await startPostgres();
    redis = await startRedis();
    const settings = {
      databaseUrl: postgres.createDatabase(),
      redisUrl: redis.url,
      secretKey: randomBytes(32).toString("hex"),
      maxConnectionsPerUser: 2,
      rates: { ...testConfig().rates, changes: { perSecond: 0.001, burst: changes } },
    };
    first = await startTestServer({ ...settings, nodeName: "left" });
    second = await startTestServer(settings);
  });
  afterAll(async () => {
    await Promise.all([first, second].map((node) => node?.cleanup()));
    await redis.dispose();
    postgres.dispose();
  });

  function connect(node: TestServer, { token }: TestClient): TestSocket {
    return new TestSocket(`ws${node.url.slice(4)}/ws/main?token=${token}`);
  }

  /** The same login, used at another node. */
  function at(node: TestServer, { token, me }: TestClient): TestClient {
    return Object.assign(new TestClient(node.url), { token, me });
  }

  test("presence and the limit of connections hold on both, and a logout reaches both", async () => {
    const ann = await TestClient.register(first.url, "ann");
    const bob = await TestClient.register(second.url, "bob");
    const { id } = await ann.post<ServerState>("/api/servers", { name: "Place" });
    const { code } = await ann.post<{ code: string }>(`/api/servers/${id}/invites`, {});
    await bob.post(`/api/invites/${code}`);
    const sockets = [connect(first, ann), connect(second, ann)];
    for (const socket of sockets) await socket.next("connection_established");
    const third = connect(first, ann);
    expect((await third.closed).reason).toBe("too many connections of this user");

    const bobSocket = connect(second, bob);
    for (const socket of sockets) await socket.next("user_status_changed", (event) => event.user_id === bob.me.id);
    for (const node of [first, second]) {
      const { members } = await at(node, ann).get<{ members: Member[] }>(`/api/servers/${id}/members`);
      expect(members.map(({ status }) => status)).toEqual(["online", "online"]);
    }
    await at(first, bob).put("/api/auth/me/status", { status: "idle" });
    for (const socket of sockets) await socket.next("user_status_changed", ({ status }) => status === "idle");
    const seen = sockets.map((socket) =>
      socket.all("user_status_changed").filter((event) => event.user_id === bob.me.id),
    );
    expect(seen.map((events) => events.map(({ status }) => status))).toEqual([
      ["online", "idle"],
      ["online", "idle"],
    ]);

    await ann.post("/api/auth/logout");
    expect((await Promise.all(sockets.map(({ closed }) => closed))).map(({ code }) => code)).toEqual([4001, 4001]);
    bobSocket.ws.terminate();
  });

  test("a person's changes are limited on both together", async () => {
    const cid = await TestClient.register(first.url, "cid");
    const answers = await Promise.all(
      Array.from({ length: 12 }, (_, i) =>
        at(i % 2 ? first : second, cid).request("POST", "/api/servers", { body: { name: `Other ${i}` } }),
      ),
    );
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(changes);
    expect(answers.filter(({ code }) => code === "rate_limited")).toHaveLength(12 - changes);
  });

  test("one prints the claim link, and the monitor shows both by name, each with the id that its sockets get", async () => {
    expect(second.claimUrl).toBeNull();
    const operator = await TestClient.register(second.url, "operator");
    await operator.post("/api/admin/claim", { claim_token: new URL(first.claimUrl!).hash.slice(1) });
    for (const node of [first, second]) {
      const overview = () => at(node, operator).get<MonitorOverview>("/api/monitor");
      // Measured by each node every few seconds.
      await expect.poll(async () => (await overview()).nodes.every(({ bus }) => bus?.latency != null)).toBe(true);
      const { nodes, node: id } = await overview();
      expect(nodes.map(({ pid }) => pid)).toEqual([process.pid, process.pid]);
      expect(nodes.map(({ name }) => name)).toEqual(["left", expect.stringMatching(/.-[0-9a-f]{8}$/)]);
      const socket = connect(node, operator);
      expect((await socket.next("connection_established")).server_info.node).toBe(id);
      await socket.close();
      const own = nodes.find((one) => one.id === id)!;
      expect(own.bus).toMatchObject({ latency: expect.any(Number), reconnections: 0, resyncs: expect.any(Number) });
      expect(own.database).toMatchObject({ latency: expect.any(Number), pool: { waiting: 0 } });
    }
  });

  test("what an administrator sets at one holds at the other, where an applicant is let in who logs in at the first", async () => {
    const chief = await TestClient.register(first.url, "chief");
    await makeAdministrator(first.config, "chief");
    const socket = connect(second, chief);
    await socket.next("connection_established");
    await chief.patch("/api/instance/settings", { registration: "approval" });
    await socket.next("instance_updated", ({ instance }) => instance.registration === "approval");
    const account = { username: "eve", email: "eve@example.org", password: "correct horse battery" };
    const body = { ...account, reason: "I know Ann." };
    expect(await new TestClient(second.url).request("POST", "/api/auth/register", { body })).toMatchObject({
      status: 202,
    });
    const there = at(second, chief);
    const { applications } = await there.get<ApplicationPage>("/api/instance/applications");
    expect(applications).toMatchObject([{ user: { username: "eve" }, reason: "I know Ann." }]);
    await there.put(`/api/instance/applications/${applications[0]!.user.id}`, { decision: "accept" });
    await TestClient.logIn(first.url, "eve");
    await there.patch("/api/instance/settings", { registration: null });
    const { id, channels } = await chief.createServer("Storehouse");
    const { body: file } = await chief.upload(new Uint8Array(700), "a.bin");
    await chief.send(channels[0]!.id, "", { attachments: [file.id] });
    const { servers } = await there.get<InstanceServerPage>("/api/instance/servers?sort=storage&search=storehouse");
    expect(servers).toMatchObject([{ id, members: 1, channels: 2, files: 1, storage_bytes: 700 }]);
    expect((await there.get<InstanceServerPage>(`/api/instance/servers?sort=storage&after=${id}`)).servers.length).toBe(
      (await there.get<InstanceServerPage>("/api/instance/servers")).servers.length - 1,
    );
    await socket.close();
  });
});
