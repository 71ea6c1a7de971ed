import { expectConverged } from "@miscord/client/testing";
import { expect, test } from "vitest";
import { Dice } from "./dice.ts";
import { openTown, until } from "./world.ts";
import { faultsOf, wholeHistory, Witness } from "./invariants.ts";

const senders = 20;
const messagesEach = 50;
const kills = 10;
/** Whose connections end again and again wait ever longer, up to a minute: from then on they press the button. */
const patience = 3;

test(`killed ${kills} times in the middle of ${senders * messagesEach} sends, it keeps its word to everyone`, async () => {
  const dice = new Dice(1);
  const town = await openTown(senders, 2);
  const clients = await Promise.all(Array.from({ length: senders }, (_, number) => town.enter(number)));
  const witnesses = clients.map((client) => new Witness(client));
  const acknowledged = () => witnesses.reduce((sum, { acked }) => sum + acked.size, 0);
  try {
    await Promise.all(clients.flatMap((client) => town.channels.map((channelId) => client.openChannel(channelId))));
    for (let round = 1; round <= kills; round += 1) {
      const before = acknowledged();
      for (const [number, witness] of witnesses.entries()) {
        const channelId = town.channels[number % town.channels.length]!;
        for (let count = 1; count <= messagesEach; count += 1) {
          witness.send(channelId, `${number} says ${count} in round ${round}`);
        }
      }
      const enough = before + dice.between(1, (senders * messagesEach) / 2);
      await until("some were acknowledged", () => acknowledged() >= enough);
      await town.server.kill("SIGKILL");
      expect(acknowledged(), "the kill came too late to prove anything").toBeLessThan(before + senders * messagesEach);
      await town.server.start();
      if (round > patience) for (const client of clients) client.reconnect();
      await until("all were sent", () => witnesses.every(({ isSettled }) => isSettled), {
        instead: () => witnesses.map(({ plight }) => plight).join("\n"),
      });
    }
    await Promise.all(clients.map((client) => expectConverged(client, { timeoutMs: 60_000 })));
    for (const channelId of town.channels) {
      const history = await wholeHistory(clients[0]!, channelId);
      expect(history).toHaveLength((kills * senders * messagesEach) / town.channels.length);
      expect(faultsOf(channelId, history, witnesses, new Set())).toEqual([]);
    }
    expect(witnesses.flatMap(({ failed }) => failed)).toEqual([]);
  } finally {
    for (const client of clients) client.close();
    await town.dispose();
  }
});
