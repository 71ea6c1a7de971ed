import { expectConverged } from "@miscord/client/testing";
import { expect, test } from "vitest";
import { Dice } from "./dice.ts";
import { openChaosWorld, until } from "./world.ts";
import { SendRecord, violationsOf, wholeHistory } from "./invariants.ts";

const senders = 20;
const messagesEach = 50;
const kills = Number(process.env["KILLS"] ?? 4);
/** The backoff grows to a minute when connections keep failing; after this many rounds the clients reconnect at once. */
const roundsWithBackoff = 3;

test(`a server killed ${kills} times in the middle of ${senders * messagesEach} sends keeps every acknowledged message, once and in order`, async () => {
  const dice = new Dice(1);
  const world = await openChaosWorld(senders, 2);
  const clients = await Promise.all(Array.from({ length: senders }, (_, number) => world.enter(number)));
  const records = clients.map((client) => new SendRecord(client));
  const acknowledged = () => records.reduce((sum, { acked }) => sum + acked.size, 0);
  /** Kills within the event of the acknowledgement: on a busy machine, a poll could come after the last one. */
  const killAt = (count: number) =>
    new Promise<void>((resolve) => {
      const stops = clients.map((client) =>
        client.on("message_acked", () => {
          if (acknowledged() < count) return;
          for (const stop of stops) stop();
          resolve(world.server.kill("SIGKILL"));
        }),
      );
    });
  try {
    await Promise.all(clients.flatMap((client) => world.channels.map((channelId) => client.openChannel(channelId))));
    for (let round = 1; round <= kills; round += 1) {
      const before = acknowledged();
      for (const [number, record] of records.entries()) {
        const channelId = world.channels[number % world.channels.length]!;
        for (let count = 1; count <= messagesEach; count += 1) {
          record.send(channelId, `${number} says ${count} in round ${round}`);
        }
      }
      const enough = before + dice.between(1, (senders * messagesEach) / 2);
      await killAt(enough);
      expect(acknowledged(), "the kill came too late to prove anything").toBeLessThan(before + senders * messagesEach);
      await world.server.start();
      if (round > roundsWithBackoff) for (const client of clients) client.reconnect();
      await until("all were sent", () => records.every(({ isSettled }) => isSettled), {
        instead: () => records.map(({ faultState }) => faultState).join("\n"),
      });
    }
    await Promise.all(clients.map((client) => expectConverged(client, { timeoutMs: 60_000 })));
    for (const channelId of world.channels) {
      const history = await wholeHistory(clients[0]!, channelId);
      expect(history).toHaveLength((kills * senders * messagesEach) / world.channels.length);
      expect(violationsOf(channelId, history, records, new Set())).toEqual([]);
    }
    expect(records.flatMap(({ failed }) => failed)).toEqual([]);
  } finally {
    for (const client of clients) client.close();
    await world.dispose();
  }
});
