import { expect, test } from "vitest";
import { createClient } from "../create-client.ts";
import { alice, FakeServer } from "../testing/fake-server.ts";
import { settled } from "../testing/manual-clock.ts";

const channelId = 7;

test("a read position is sent again with growing pauses until the server has confirmed it", async () => {
  const server = new FakeServer();
  const client = createClient(server.platform);
  await client.start();
  await client.openChannel(channelId);
  await settled();
  server.publish(server.channel.send(alice, "seen"));
  client.markRead(channelId, 1);
  const sent = () => server.commandsOf("mark_read").length;
  const counts = [sent()];
  for (const seconds of [5, 9, 1, 20]) {
    await server.clock.advance(1_000 * seconds);
    counts.push(sent());
  }
  expect(counts).toEqual([1, 2, 2, 3, 4]);
  server.socket.deliver({ type: "read_updated", channel_id: channelId, seq: 1, mentions: 0 });
  await server.clock.advance(300_000);
  expect(sent()).toBe(4);
  client.close();
});

test("a read position of a channel that is known only after the reconnect is sent again then", async () => {
  const server = new FakeServer();
  server.isWithoutServers = true;
  const client = createClient(server.platform);
  await client.start();
  await settled();
  client.markRead(channelId, 1);
  server.channel.send(alice, "seen");
  server.cut();
  server.isWithoutServers = false;
  await server.clock.advance(2_000);
  expect(client.store.getState().channels[channelId]?.read_seq).toBe(1);
  await server.clock.advance(500);
  expect(server.commandsOf("mark_read")).toHaveLength(2);
  client.close();
});

test("a read position that was confirmed before its channel was known is applied when the channel appears", async () => {
  const server = new FakeServer();
  server.isWithoutServers = true;
  const client = createClient(server.platform);
  await client.start();
  await settled();
  client.markRead(channelId, 1);
  server.channel.send(alice, "seen");
  server.socket.deliver({ type: "read_updated", channel_id: channelId, seq: 1, mentions: 0 });
  server.isWithoutServers = false;
  server.cut();
  await server.clock.advance(2_000);
  expect(client.store.getState().channels[channelId]?.read_seq).toBe(1);
  server.socket.deliver({ type: "read_updated", channel_id: channelId, seq: 1, mentions: 0 });
  const sent = server.commandsOf("mark_read").length;
  await server.clock.advance(300_000);
  expect(server.commandsOf("mark_read")).toHaveLength(sent);
  client.close();
});
