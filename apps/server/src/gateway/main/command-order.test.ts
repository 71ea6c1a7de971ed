import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { systemClock } from "../../clock.ts";
import type { Cluster } from "../../cluster/contract.ts";
import { openRedisCluster } from "../../cluster/redis/open-redis-cluster.ts";
import { newNodeId } from "../../node-id.ts";
import { RealtimeWorld } from "../../testing/realtime-world.ts";
import { startRedis, type TestRedis } from "../../testing/redis.ts";

let redis: TestRedis;
let cluster: Cluster;
let world: RealtimeWorld;

beforeAll(async () => {
  redis = await startRedis();
});
afterEach(async () => {
  await world.close();
  await cluster.close();
});
afterAll(() => redis.dispose());

test("200 messages and edits that one connection sends at once keep their order with budgets in Redis", async () => {
  cluster = await openRedisCluster({ nodeId: newNodeId(), url: redis.url, prefix: "t:", clock: systemClock });
  world = await RealtimeWorld.open({ cluster });
  const ann = await world.person("ann");
  const { channelId } = await world.server(ann);
  const socket = await world.connect(ann);
  socket.send({ type: "chat_message", channel_id: channelId, content: "first", nonce: "first" });
  const { id, seq: first } = await socket.next("message_ack");
  for (let i = 0; i < 100; i += 1) {
    socket.send({ type: "chat_message", channel_id: channelId, content: `${i}`, nonce: `${i}` });
    socket.send({ type: "message_edit", message_id: id, content: `edit ${i}` });
  }
  await socket.count("message_ack", 101);
  const positions = socket.all("message_ack").map(({ nonce, seq }) => [nonce, seq]);
  // Each edit takes a position between the messages around it.
  const expected = Array.from({ length: 100 }, (_, i) => [`${i}`, first + 1 + 2 * i]);
  expect(positions).toEqual([["first", first], ...expected]);
});
