import type { MiscordClient } from "@miscord/client";
import { expectConverged } from "@miscord/client/testing";
import { expect, test } from "vitest";
import { openChaosWorld, sleep, until, type ChaosWorld } from "./world.ts";
import { SendRecord } from "./invariants.ts";

const userCount = 1_000;
const channelCount = 20;
const enteringAtOnce = 25;
const outageMs = 2_000;
/** It takes 8 s on the idle machine of docs/performance.md, most of it backoff; CI machines are shared and slower. */
const backWithinMs = 60_000;
/** Clients whose whole state is compared with the server's; of the others only the channel's position, which is cheaper. */
const fullyCompared = 20;

test(`${userCount} clients of a server that is killed for ${outageMs} ms are all connected and up to date again within ${backWithinMs / 1_000} s`, async () => {
  const world = await openChaosWorld(userCount, channelCount, { env: { HEARTBEAT_INTERVAL: "15" } });
  const clients = await enterAll(world);
  try {
    expect(clients.filter((client, user) => positionOf(client, channelOf(world, user)) !== 0)).toEqual([]);
    await world.server.kill("SIGKILL");
    await until("every client has noticed the outage", () =>
      clients.every(({ store }) => !store.getState().connection.ready),
    );
    // Sent while nobody is connected: every client of the channel must have it after reconnecting.
    const records = clients.slice(0, channelCount).map((client) => new SendRecord(client));
    for (const [user, record] of records.entries()) record.send(channelOf(world, user), `${user} is cut off`);
    await sleep(outageMs);
    await world.server.start();
    const isBack = (client: MiscordClient, user: number): boolean =>
      client.store.getState().connection.ready && positionOf(client, channelOf(world, user)) === 1;
    const back = () => clients.filter(isBack).length;
    await until("every client is connected and up to date", () => back() === userCount, {
      timeoutMs: backWithinMs,
      instead: () => `${back()} of ${userCount}`,
    });
    expect(records.every(({ isSettled }) => isSettled)).toBe(true);
    await Promise.all(clients.slice(0, fullyCompared).map((client) => expectConverged(client, { timeoutMs: 60_000 })));
  } finally {
    for (const client of clients) client.close();
    await world.dispose();
  }
});

async function enterAll(world: ChaosWorld): Promise<MiscordClient[]> {
  const clients: MiscordClient[] = [];
  const numbers = Array.from({ length: userCount }, (_, user) => user).values();
  const enterNext = async (): Promise<void> => {
    for (const user of numbers) {
      const client = await world.enter(user);
      clients[user] = client;
      await client.openChannel(channelOf(world, user));
    }
  };
  await Promise.all(Array.from({ length: enteringAtOnce }, enterNext));
  return clients;
}

function channelOf({ channels }: ChaosWorld, user: number): number {
  return channels[user % channels.length]!;
}

/** The position up to which the client has an open channel; -1 when it is not open. */
function positionOf(client: MiscordClient, channelId: number): number {
  return client.store.getState().timelines[channelId]?.seq ?? -1;
}
