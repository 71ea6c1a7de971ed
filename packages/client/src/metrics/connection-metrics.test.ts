import { beforeEach, expect, test } from "vitest";
import { createClient } from "../create-client.ts";
import type { MiscordClient } from "../client.ts";
import { alice, FakeServer } from "../testing/fake-server.ts";
import { settled } from "../testing/manual-clock.ts";

let server: FakeServer;
let client: MiscordClient;

beforeEach(async () => {
  server = new FakeServer();
  client = createClient(server.platform);
  await client.start();
  await client.openChannel(server.channel.id);
  await server.clock.advance(1_000);
  return () => client.close();
});

test("metrics compute rates over the last second and count each event of a batch", async () => {
  server.publish(server.channel.send(alice, "one"), server.channel.send(alice, "two"));
  server.publish(server.channel.send(alice, "three"));
  const before = client.metrics.get();
  await server.clock.advance(1_000);
  const after = client.metrics.get();
  expect(after.messagesPerSecond).toBe(3);
  expect(after.bytesInPerSecond).toBe(after.bytesIn - before.bytesIn);
  expect(after.batchRatio).toBeGreaterThan(1);
  await server.clock.advance(1_000);
  expect(client.metrics.get().messagesPerSecond).toBe(0);
});

test("metrics count heartbeats as bytes but not as messages", async () => {
  const before = client.metrics.get();
  client.metrics.measure();
  await settled();
  await server.clock.advance(1_000);
  const after = client.metrics.get();
  expect(after.messagesPerSecond).toBe(0);
  expect(after.batchRatio).toBe(before.batchRatio);
  expect(after.bytesIn).toBeGreaterThan(before.bytesIn);
  expect(after.bytesOut).toBeGreaterThan(before.bytesOut);
});

test.each([
  [20, "excellent"],
  [99, "excellent"],
  [100, "good"],
  [249, "good"],
  [250, "poor"],
] as const)("metrics rate a round trip of %i ms as %s", async (rttMs, quality) => {
  server.isSilent = true;
  client.metrics.measure();
  await settled();
  const asked = server.commandsOf("heartbeat").at(-1)!;
  await server.clock.advance(rttMs);
  server.socket.deliver({ type: "heartbeat_ack", timestamp: 0, client_timestamp: asked.timestamp! });
  await server.clock.advance(1_000);
  expect(client.metrics.get()).toMatchObject({ rttMs, quality });
  expect(client.metrics.get().rttHistory.at(-1)).toBe(rttMs);
});

test("metrics show a lost connection with its close code and the queue length", async () => {
  server.isUp = false;
  server.cut(1012);
  client.sendMessage(server.channel.id, { content: "later" });
  await server.clock.advance(1_000);
  expect(client.metrics.get()).toMatchObject({
    quality: "disconnected",
    rttMs: null,
    connectedAt: null,
    queueLength: 1,
    lastDisconnect: { code: 1012 },
  });
  server.isUp = true;
  await server.clock.advance(60_000);
  expect(client.metrics.get()).toMatchObject({ quality: "excellent", queueLength: 0, reconnects: 1 });
});

test("metrics show a new connection and its end at once", async () => {
  const shown: string[] = [];
  client.metrics.subscribe(({ quality }) => shown.push(quality));
  server.cut();
  await server.clock.advance(0);
  expect(shown).toEqual(["disconnected"]);
  while (shown.at(-1) === "disconnected") await server.clock.advance(10);
  expect(client.metrics.get()).toMatchObject({ quality: "excellent", connectedAt: server.clock.now() });
});
