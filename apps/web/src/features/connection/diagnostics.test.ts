import { createClient } from "@miscord/client";
import { FakeServer, settled } from "@miscord/client/testing";
import { expect, test } from "vitest";
import { describeConnection } from "./diagnostics.ts";

const browser = { userAgent: "Browser/1.0", language: "en", onLine: true };

test("a connection report contains no token, name or message", async () => {
  const server = new FakeServer();
  const client = createClient(server.platform);
  await client.start();
  await client.openChannel(server.channel.id);
  client.sendMessage(server.channel.id, { content: "between us" });
  server.cut(1006);
  await server.clock.advance(5_000);
  const report = describeConnection(client, browser);
  expect(report).toContain("status: online");
  expect(report).toContain("reconnects: 1");
  expect(report).toContain("last disconnect: 1006");
  expect(report).not.toMatch(/token|bearer|between us|alice|example\.org/i);
  await settled();
  client.close();
});
