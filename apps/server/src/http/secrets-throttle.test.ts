import { afterEach, expect, test } from "vitest";
import { ManualClock } from "../testing/manual-clock.ts";
import { TestClient } from "../testing/test-client.ts";
import { startTestServer, testConfig, type TestServer } from "../testing/test-server.ts";

let server: TestServer;
afterEach(() => server.cleanup());

test("options for a new passkey, each of which is kept for a while, have the rate of changes", async () => {
  const clock = new ManualClock(Date.now());
  const rates = { ...testConfig().rates, changes: { perSecond: 1, burst: 3 } };
  server = await startTestServer({ rates, publicUrl: "https://chat.example.org" }, { clock });
  const client = await TestClient.register(server.url, "collector");
  const statuses = [];
  for (let count = 0; count < 5; count += 1) {
    statuses.push((await client.request("POST", "/api/auth/passkeys/options")).status);
  }
  expect(statuses).toEqual([200, 200, 200, 429, 429]);
  clock.advance(1_000);
  expect((await client.request("POST", "/api/auth/passkeys/options")).status).toBe(200);
});

test("right refresh tokens have the rate of requests, beyond which the session stays", async () => {
  const clock = new ManualClock(Date.now());
  const rates = { ...testConfig().rates, requests: { perSecond: 1, burst: 3 } };
  server = await startTestServer({ rates }, { clock });
  const client = await TestClient.register(server.url, "refresher");
  const statuses = [];
  for (let count = 0; count < 5; count += 1) statuses.push((await client.refresh()).status);
  expect(statuses).toEqual([200, 200, 200, 429, 429]);
  clock.advance(1_000);
  expect((await client.refresh()).status).toBe(200);
});
