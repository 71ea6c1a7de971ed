import { once } from "node:events";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, expect, test } from "vitest";
import { costlyCertificates } from "../testing/costly-certificates.ts";
import { longestTurnOf } from "../testing/longest-turn.ts";
import { TestPushService } from "../testing/push-service.ts";
import { TestSite } from "../testing/test-site.ts";
import { OutgoingThread } from "./outgoing-thread.ts";

let site: TestSite;
let thread: OutgoingThread;
const freely = async () => true;

beforeEach(async () => {
  site = await TestSite.start();
  thread = new OutgoingThread(site.rules, "Miscord/0 (test)");
});
afterEach(async () => {
  await thread.close();
  await site.close();
});

test("pages and pictures are read by the rules and rates of the process", async () => {
  const picture = Buffer.from("picture");
  site.file("/cat.png", "image/png", picture);
  const address = site.page("/", `<title>T</title><meta property="og:image" content="/cat.png">`);
  const called: string[] = [];
  const facts = await thread.read(address, async (host) => called.push(host) > 0);
  expect(facts).toEqual({ title: "T", description: "", site: `site.example:${site.port}`, picture });
  expect(called).toEqual(["site.example", "site.example"]);
  expect(await thread.readPicture(site.url("/cat.png"), freely)).toEqual(picture);
  expect(await thread.read(address, async () => false)).toBeNull();
  expect(await thread.read(site.url("/", "127.0.0.2"), freely)).toBeNull();
  site.resolve = () => ["127.0.0.2"];
  expect(await thread.read(address, freely)).toBeNull();
  expect(site.askedInside).toEqual([]);
});

test("pushes are sent from there; what is refused, and what fails, is told apart", async () => {
  const service = await TestPushService.start();
  const https = new OutgoingThread(service.rules, "");
  const { endpoint } = service.browser().subscription;
  const sent = { headers: {}, body: Buffer.from("x") };
  expect(await https.post(endpoint, sent)).toBe(403);
  expect((await https.check(endpoint)).href).toBe(endpoint);
  const inside = endpoint.replace("push.example", "127.0.0.2");
  await expect(https.post(inside, sent)).rejects.toMatchObject({ name: "AddressRefused" });
  await expect(https.check(inside)).rejects.toMatchObject({ name: "AddressRefused" });
  const { port } = new URL(endpoint);
  await service.close();
  await expect(https.post(`https://push.example:${port}/`, sent)).rejects.toMatchObject({
    code: expect.stringMatching(/^ECONN/),
  });
  await https.close();
  await expect(https.post(endpoint, sent)).rejects.toThrow("stops");
});

test("certificates that take a second to check hold nobody up", async () => {
  const server = createServer(costlyCertificates(), (_request, response) => response.end());
  server.on("tlsClientError", () => {});
  await once(server.listen(0, "127.0.0.1"), "listening");
  const { port } = server.address() as AddressInfo;
  const open = new OutgoingThread({ ...site.rules, isPermittedPort: () => true }, "Miscord/0 (test)");
  expect(await open.read(site.page("/", "<title>T</title>"), freely)).toMatchObject({ title: "T" });
  const address = `https://site.example:${port}/`;
  const reads = Promise.all([1, 2, 3].map(() => open.read(address, freely)));
  expect(await longestTurnOf(reads)).toBeLessThan(150);
  expect(await reads).toEqual([null, null, null]);
  await open.close();
  server.close();
});
