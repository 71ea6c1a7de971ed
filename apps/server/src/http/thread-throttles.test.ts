import { afterEach, expect, test } from "vitest";
import type { Config } from "../config.ts";
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

test("threads, which those who are named in them follow, have a rate below that of changes", async () => {
  const clock = await startWith({ changes: { perSecond: 10, burst: 4 } });
  const client = await TestClient.register(server.url, "creator");
  const [channel] = (await client.createServer()).channels;
  const statuses = [];
  for (let count = 0; count < 6; count += 1) {
    clock.advance(1_000);
    const answer = await client.request("POST", `/api/channels/${channel!.id}/threads`, { body: { name: `${count}` } });
    statuses.push(answer.status);
  }
  expect(statuses).toEqual([201, 201, 201, 201, 429, 429]);
  clock.advance(120_000);
  await client.post(`/api/channels/${channel!.id}/threads`, { name: "later" });
});

test("posts, which those who are named in them follow too, have the rate of threads", async () => {
  const clock = await startWith({ changes: { perSecond: 10, burst: 4 } });
  const client = await TestClient.register(server.url, "creator");
  const { id } = await client.createServer();
  const { id: forumId } = await client.post<{ id: number }>(`/api/servers/${id}/channels`, {
    name: "help",
    type: "forum",
  });
  const post = (name: string) =>
    client.request("POST", `/api/channels/${forumId}/posts`, { body: { name, content: "text" } });
  const statuses = [];
  for (let count = 0; count < 6; count += 1) {
    clock.advance(1_000);
    statuses.push((await post(`${count}`)).status);
  }
  expect(statuses).toEqual([201, 201, 201, 201, 429, 429]);
  clock.advance(120_000);
  expect((await post("later")).status).toBe(201);
});

test("lists of which a filter leaves little count as searches", async () => {
  await startWith({ searches: { perSecond: 0.001, burst: 2 } });
  const client = await TestClient.register(server.url, "reader");
  const { id } = await client.createServer();
  const { id: forumId } = await client.post<{ id: number }>(`/api/servers/${id}/channels`, {
    name: "help",
    type: "forum",
  });
  const statusesOf = async (path: string) => {
    const statuses = [];
    for (let time = 0; time < 3; time += 1) statuses.push((await client.request("GET", path)).status);
    return statuses;
  };
  const lists = [`/api/servers/${id}/audit-log`, `/api/channels/${forumId}/posts`];
  expect(await statusesOf(`${lists[0]}?action=channel_create`)).toEqual([200, 200, 429]);
  expect((await client.request("GET", `${lists[1]}?tags=1`)).status).toBe(429);
  expect((await client.request("GET", `/api/servers/${id}/retention/preview?message_days=1`)).status).toBe(429);
  for (const path of lists) expect(await statusesOf(path)).toEqual([200, 200, 200]);
});
