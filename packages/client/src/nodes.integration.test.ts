import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Bus } from "../../../apps/server/src/bus/contract.ts";
import { MemoryHub, type HubLink } from "../../../apps/server/src/bus/memory-hub.ts";
import { NetworkBus } from "../../../apps/server/src/bus/network-bus.ts";
import { openRedisBus } from "../../../apps/server/src/bus/redis/open-redis-bus.ts";
import { systemClock } from "../../../apps/server/src/clock.ts";
import type { Store } from "../../../apps/server/src/store/contract.ts";
import { openSqliteStore } from "../../../apps/server/src/store/sqlite/open-sqlite-store.ts";
import { startRedis, type TestRedis } from "../../../apps/server/src/testing/redis.ts";
import { shareStore } from "../../../apps/server/src/testing/shared-store.ts";
import { startTestServer, type TestServer } from "../../../apps/server/src/testing/test-server.ts";
import { securityCalls } from "./index.ts";
import { expectConverged } from "./testing.ts";
import { ClientWorld, me, password, until } from "./testing/client-world.ts";

const secretKey = "0123456789abcdef0123456789abcdef";

/** What joins two nodes, and a fault of it. */
interface Network {
  createBus(nodeId: string): Promise<Bus>;
  interrupt(): Promise<void> | void;
  restore(): Promise<void> | void;
  close(): Promise<void> | void;
}

/** Loses one text in twenty, and lets texts of different nodes overtake each other. */
function lossyHub(): Network {
  const hub = new MemoryHub(systemClock);
  hub.faults = {
    isLost: (_from, _to, channel) => channel.startsWith("channel:") && Math.random() < 0.05,
    delayMs: () => Math.random() * 20,
  };
  const links: HubLink[] = [];
  return {
    createBus(nodeId) {
      const link = hub.connect(nodeId);
      links.push(link);
      return NetworkBus.open(link, { nodeId, clock: systemClock });
    },
    interrupt: () => links[1]!.interrupt(),
    restore: () => links[1]!.restore(),
    close: () => {},
  };
}

async function privateRedis(): Promise<Network> {
  const redis: TestRedis = await startRedis();
  return {
    createBus: (nodeId) => openRedisBus({ url: redis.url, instance: "test", nodeId, clock: systemClock }),
    interrupt: () => redis.kill(),
    restore: () => redis.start(),
    close: () => redis.dispose(),
  };
}

describe.each([
  ["a hub that loses and delays texts", lossyHub],
  ["Redis", privateRedis],
])("clients of two nodes joined by %s", { timeout: 60_000 }, (_name, openNetwork) => {
  let network: Network;
  let store: Store;
  let folder: string;
  let nodes: TestServer[];
  let world: ClientWorld;

  beforeEach(async () => {
    network = await openNetwork();
    folder = mkdtempSync(join(tmpdir(), "miscord-nodes-"));
    store = await openSqliteStore({ file: join(folder, "test.db"), clock: systemClock });
    const viewOf = shareStore(store);
    const start = async (nodeId: string) => {
      const bus = await network.createBus(nodeId);
      // The breaker stays closed: what is tested is what happens while clients go on.
      return startTestServer({ secretKey, failureThreshold: 1_000 }, { store: viewOf(), bus });
    };
    nodes = [await start("a"), await start("b")];
    world = new ClientWorld({ urls: nodes.map(({ url }) => url) });
  });

  afterEach(async () => {
    world.close();
    await Promise.all(nodes.map((node) => node.cleanup()));
    await store.close();
    await network.close();
    rmSync(folder, { recursive: true, force: true });
  });

  /** The owner on the first node, one member on each, all with the text channel open. */
  async function together() {
    const [owner, neighbour] = [await world.newcomer({ node: 0 }), await world.newcomer({ node: 0 })];
    const remote = await world.newcomer({ node: 1 });
    return { owner, remote, ...(await world.unite(owner, neighbour, remote)) };
  }

  /** Everybody writes, edits, reacts and deletes at the same time. */
  async function talk(channelId: number, rounds: number): Promise<void> {
    for (let round = 0; round < rounds; round += 1) {
      const [owner, ...others] = world.clients;
      owner!.sendMessage(channelId, { content: `round ${round} @everyone` });
      for (const client of others) client.sendMessage(channelId, { content: `round ${round}` });
      const [first] = world.clients[round % world.clients.length]!.store.getState().timelines[channelId]!.messages;
      if (first && round % 3 === 0) owner!.setReaction(first.id, "👍", round % 2 === 0).catch(() => {});
      if (first && round % 7 === 0) owner!.deleteMessage(first.id).catch(() => {});
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }

  async function allConverge(): Promise<void> {
    for (const client of world.clients) {
      await until(() => Object.values(client.store.getState().timelines).every(({ outbox }) => outbox.length === 0));
    }
    await Promise.all(world.clients.map((client) => expectConverged(client, { timeoutMs: 20_000 })));
  }

  test("every client ends with the state of a fresh fetch", async () => {
    const { owner, channelId } = await together();
    await talk(channelId, 40);
    await allConverge();
    expect(owner.store.getState().timelines[channelId]!.seq).toBeGreaterThanOrEqual(120);
  });

  test("after an interruption every client has the messages, servers and notifications of that time", async () => {
    const { owner, remote, channelId, serverId } = await together();
    await talk(channelId, 5);
    let lost = 0;
    for (const { store } of world.clients) store.subscribe(({ connection }) => (lost += Number(!connection.ready)));
    await network.interrupt();
    await talk(channelId, 20);
    await owner.rest.updateServer(serverId, { name: "Renamed" });
    owner.sendMessage(channelId, { content: `@${me(remote).username}` });
    await new Promise((resolve) => setTimeout(resolve, 300));
    await network.restore();
    await allConverge();
    expect(remote.store.getState().servers[serverId]?.name).toBe("Renamed");
    expect(lost).toBe(0);
  });

  test("a member who is removed during an interruption loses the server when it ends", async () => {
    const { owner, remote, channelId, serverId } = await together();
    await network.interrupt();
    await owner.rest.kickMember(serverId, me(remote).id);
    await new Promise((resolve) => setTimeout(resolve, 300));
    await network.restore();
    await until(() => remote.store.getState().servers[serverId] === undefined);
    const events: string[] = [];
    remote.on("event", ({ type }) => events.push(type));
    owner.sendMessage(channelId, { content: "secret" });
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    expect(events.filter((type) => type === "new_message" || type === "channel_activity")).toEqual([]);
  });

  test("a session that is revoked during an interruption ends when the interruption does", async () => {
    const { remote } = await together();
    const tab = world.open({ node: 0 });
    await tab.login({ username: me(remote).username, password });
    const sessions = await securityCalls(tab.rest).listSessions();
    await network.interrupt();
    await securityCalls(tab.rest).revokeSession(sessions.find(({ is_current }) => !is_current)!.id);
    await network.restore();
    await expect.poll(() => remote.store.getState().session.status).toBe("anonymous");
  });
});
