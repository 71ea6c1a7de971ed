import { afterEach, beforeEach, expect, test } from "vitest";
import { TestPushService } from "../testing/push-service.ts";
import { PublicHttps } from "./public-https.ts";

let service: TestPushService;
beforeEach(async () => {
  service = await TestPushService.start();
});
afterEach(() => service.close());

test("connections to names that are not called again are closed", async () => {
  const resolve = () => Promise.resolve([{ address: "127.0.0.1", family: 4 }]);
  const https = new PublicHttps({ ...service.rules, resolve }, { idleMs: 2_000 });
  const { endpoint } = service.browser().subscription;
  const second = endpoint.replace("push.example", "second.push.example");
  const sent = { headers: {}, body: Buffer.from("x") };
  // Whoever is called again at once is not connected to anew.
  for (const url of [endpoint, endpoint, second]) await https.post(url, sent);
  expect(await service.connections()).toBe(2);
  await expect.poll(() => service.connections()).toBe(0);
  expect(await https.post(endpoint, sent)).toBeGreaterThan(0);
  https.close();
});

test("a service that only ever says that its answer is coming is left", async () => {
  const https = new PublicHttps(service.rules);
  const { endpoint } = service.browser().subscription;
  const sent = { headers: {}, body: Buffer.from("x") };
  service.announcements = 3;
  expect(await https.post(endpoint, sent)).toBeGreaterThan(0);
  service.announcements = 50;
  await expect(https.post(endpoint, sent)).rejects.toThrow("never comes");
  https.close();
});
