import { randomBytes } from "node:crypto";
import { createClient, type MiscordClient } from "@miscord/client";
import { expectConverged } from "@miscord/client/testing";
import { closeCodes } from "@miscord/protocol";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startPostgres, type TestPostgres } from "../../../apps/server/src/testing/postgres.ts";
import { startRedis, type TestRedis } from "../../../apps/server/src/testing/redis.ts";
import { ofKind, render } from "../../../deploy/helm/testing/helm.ts";
import { SendRecord, violationsOf, wholeHistory } from "../invariants.ts";
import { fetchAs, seedDatabase, sleep, until } from "../world.ts";
import { HorizontalAutoscaler, syncSeconds } from "./horizontal-autoscaler.ts";
import { ReplayedCluster } from "./replayed-cluster.ts";
import { ReplayedService } from "./service.ts";

const people = 10;
const few = 24;
const many = 60;
const metric = "miscord_websocket_connections";

let postgres: TestPostgres;
let redis: TestRedis;
let service: ReplayedService;
let cluster: ReplayedCluster;
let autoscaler: HorizontalAutoscaler;
let tokens: readonly string[];
let channelId: number;
const clients: MiscordClient[] = [];

beforeAll(async () => {
  [postgres, redis, service] = await Promise.all([startPostgres(), startRedis(), ReplayedService.open()]);
  const databaseUrl = postgres.createDatabase();
  const secretKey = randomBytes(32).toString("base64url");
  const manifests = render({
    image: { repository: "registry.example.org/miscord" },
    publicUrl: service.url,
    // The chart's own numbers, but for those that would need thousands of sockets, and for the wait before a stop.
    maxConnections: 60,
    autoscaling: { enabled: true, metric: "connections", connections: { targetPercent: 30 } },
    preStopSeconds: 1,
    settings: { RATE_MESSAGES: "1000/s", RATE_JOINS: "1000/s", RATE_REQUESTS: "10000/s" },
    secrets: { values: { DATABASE_URL: databaseUrl, REDIS_URL: redis.url, SECRET_KEY: secretKey } },
    storage: { existingClaim: "uploads" },
  });
  cluster = await ReplayedCluster.open(manifests, service);
  autoscaler = new HorizontalAutoscaler(ofKind(manifests, "HorizontalPodAutoscaler"));
  await cluster.scaleTo(2);
  const seeded = await seedDatabase(databaseUrl, new TextEncoder().encode(secretKey), people, 1);
  tokens = seeded.tokens;
  channelId = seeded.channels[0]!;
});

afterAll(async () => {
  for (const client of clients) client.close();
  await cluster?.dispose();
  service?.close();
  await redis?.dispose();
  postgres?.dispose();
});

const isReady = (client: MiscordClient) => client.store.getState().connection.ready;

async function enter(number: number): Promise<void> {
  const { url } = service;
  // Another name for the same port: Node would turn an idle connection of `fetch` into the socket, and keep its pod.
  const wsUrl = url.replace("http://127.0.0.1", "ws://localhost");
  const client = createClient({ baseUrl: url, wsUrl, locks: null, fetch: fetchAs(url, tokens[number % people]!) });
  clients.push(client);
  await client.start();
  await until("a client is connected", () => isReady(client));
  await client.openChannel(channelId);
}

async function enterUntil(count: number): Promise<void> {
  await Promise.all(Array.from({ length: count - clients.length }, (_, i) => enter(clients.length + i)));
}

/** The seconds, by the autoscaler's clock, at which the number of pods changed. */
let clock = 0;
async function replay(seconds: number): Promise<[at: number, pods: number][]> {
  const changes: [number, number][] = [];
  const from = clock;
  for (; clock < from + seconds; clock += syncSeconds) {
    const present = cluster.pods.length;
    const connections = await cluster.valuesOf(metric);
    const decided = autoscaler.decide(clock, present, connections.reduce((sum, one) => sum + one, 0) / present);
    if (decided !== present) changes.push([clock - from, decided]);
    await cluster.scaleTo(decided);
    await until("all are connected", () => clients.every(isReady));
  }
  return changes;
}

test("the chart's numbers make four pods of two and two of four, and nobody is cut off or misses a message", async () => {
  await enterUntil(few);
  const records = clients.slice(0, 5).map((client) => new SendRecord(client));
  const loading = new AbortController();
  const load = (async () => {
    for (let count = 1; !loading.signal.aborted; count += 1) {
      records[count % records.length]!.send(channelId, `message ${count}`);
      await sleep(100);
    }
  })();
  expect(await replay(60)).toEqual([]);

  await enterUntil(many);
  expect(await replay(60)).toEqual([[15, 4]]);
  expect((await cluster.valuesOf(metric)).slice(2)).toEqual([0, 0]);

  // Too few to be moved by the nodes themselves: the two old pods are told to send half of their clients elsewhere.
  for (const pod of cluster.pods.slice(0, 2)) expect(await cluster.shed(pod, 0.5)).toBe(202);
  await expect.poll(async () => Math.min(...(await cluster.valuesOf(metric))), { timeout: 120_000 }).toBeGreaterThan(2);
  await until("all are connected", () => clients.every(isReady));
  expect(await replay(60)).toEqual([]);

  for (const client of clients.splice(few)) client.close();
  await expect
    .poll(async () => (await cluster.valuesOf(metric)).reduce((sum, one) => sum + one, 0), { timeout: 120_000 })
    .toBe(few);
  // Ten minutes after the last decision for four, and two minutes later.
  expect(await replay(840)).toEqual([
    [585, 3],
    [705, 2],
  ]);

  loading.abort();
  await load;
  await until("all were sent", () => records.every(({ isSettled }) => isSettled));
  expect(cluster.removals).toEqual([
    { exitCode: 0, seconds: expect.any(Number) },
    { exitCode: 0, seconds: expect.any(Number) },
  ]);
  for (const { seconds } of cluster.removals) expect(seconds).toBeLessThan(cluster.graceSeconds / 2);
  // Each socket that a pod ended had its close frame; none was cut off.
  expect(service.closes).toContain(closeCodes.restart);
  expect(service.closes).not.toContain(null);
  await Promise.all(clients.map((client) => expectConverged(client)));
  expect(violationsOf(channelId, await wholeHistory(clients[0]!, channelId), records, new Set())).toEqual([]);
  expect(records.flatMap(({ failed }) => failed)).toEqual([]);
}, 600_000);
