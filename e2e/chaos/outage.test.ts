import type { MiscordClient } from "@miscord/client";
import { expectConverged } from "@miscord/client/testing";
import { expect, test } from "vitest";
import { openTown, sleep, until, type Town } from "./world.ts";
import { Witness } from "./invariants.ts";

const peopleCount = 1_000;
const channelCount = 20;
const enteringAtOnce = 25;
const outageMs = 2_000;
/** Alone on the machine of docs/performance.md they need 8 s, most of it the patience of the backoff; CI is shared and slow. */
const backWithinMs = 60_000;
/** A whole fetch each is more than this machine has time for; the others are held to their channel's position. */
const lookedAtClosely = 20;

test(`${peopleCount} people lose a killed server for ${outageMs} ms: all are back and in step in time`, async () => {
  const town = await openTown(peopleCount, channelCount, { HEARTBEAT_INTERVAL: "15" });
  const clients = await everybody(town);
  try {
    expect(clients.filter((client, person) => positionOf(client, channelOf(town, person)) !== 0)).toEqual([]);
    await town.server.kill("SIGKILL");
    await until("everybody has noticed", () => clients.every(({ store }) => !store.getState().connection.ready));
    // Said into the void: it must be with everybody when they are back.
    const witnesses = clients.slice(0, channelCount).map((client) => new Witness(client));
    for (const [person, witness] of witnesses.entries()) witness.send(channelOf(town, person), `${person} is cut off`);
    await sleep(outageMs);
    await town.server.start();
    const isBack = (client: MiscordClient, person: number): boolean =>
      client.store.getState().connection.ready && positionOf(client, channelOf(town, person)) === 1;
    const back = () => clients.filter(isBack).length;
    await until("everybody is back", () => back() === peopleCount, {
      timeoutMs: backWithinMs,
      instead: () => `${back()} of ${peopleCount} are`,
    });
    expect(witnesses.every(({ isSettled }) => isSettled)).toBe(true);
    await Promise.all(
      clients.slice(0, lookedAtClosely).map((client) => expectConverged(client, { timeoutMs: 60_000 })),
    );
  } finally {
    for (const client of clients) client.close();
    await town.dispose();
  }
});

async function everybody(town: Town): Promise<MiscordClient[]> {
  const clients: MiscordClient[] = [];
  const numbers = Array.from({ length: peopleCount }, (_, person) => person).values();
  const enterNext = async (): Promise<void> => {
    for (const person of numbers) {
      const client = await town.enter(person);
      clients[person] = client;
      await client.openChannel(channelOf(town, person));
    }
  };
  await Promise.all(Array.from({ length: enteringAtOnce }, enterNext));
  return clients;
}

function channelOf({ channels }: Town, person: number): number {
  return channels[person % channels.length]!;
}

/** Of an open channel. */
function positionOf(client: MiscordClient, channelId: number): number {
  return client.store.getState().timelines[channelId]?.seq ?? -1;
}
