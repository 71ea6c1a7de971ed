import type { ChannelEvent, User } from "@miscord/protocol";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import type { MiscordClient } from "../client.ts";
import { createClient } from "../create-client.ts";
import { alice, FakeServer } from "../testing/fake-server.ts";
import { expectConverged } from "../testing/expect-converged.ts";
import { settled } from "../testing/manual-clock.ts";

const channelId = 7;
const people: User[] = [1, 2, 3].map((id) => ({ ...alice, id, username: `user${id}`, display_name: `User ${id}` }));

type Step =
  | { kind: "send"; who: number; replyTo: number | null }
  | { kind: "edit" | "delete"; which: number }
  | { kind: "react"; who: number; which: number; emoji: string; on: boolean }
  | { kind: "own" }
  | { kind: "cut" | "older" | "newer" | "present" | "wait" }
  | { kind: "jump"; which: number };

const which = fc.nat(1_000);
const who = fc.nat(2);
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constant("send" as const), who, replyTo: fc.option(which) }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constantFrom("edit" as const, "delete" as const), which }) },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant("react" as const),
      who,
      which,
      emoji: fc.constantFrom("👍", "🎉"),
      on: fc.boolean(),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("own" as const) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constantFrom("cut" as const, "older" as const, "newer" as const, "present" as const, "wait" as const),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("jump" as const), which }) },
);

/** Drops, duplicates and reorders events on their way, by random numbers of the property test. */
function mangler(dice: number[]): (events: ChannelEvent[]) => ChannelEvent[] {
  let thrown = 0;
  const next = () => dice[thrown++ % dice.length] ?? 0;
  return (events) => {
    const copies = events.flatMap((event) => Array<ChannelEvent>([1, 1, 1, 2, 0][next() % 5] ?? 1).fill(event));
    return copies.toSorted(() => (next() % 4 === 0 ? -1 : 0));
  };
}

async function take(server: FakeServer, client: MiscordClient, step: Step): Promise<void> {
  const { channel } = server;
  const pick = (index: number) => channel.alive[index % Math.max(1, channel.alive.length)]?.id ?? 0;
  switch (step.kind) {
    case "send":
      return server.publish(
        channel.send(people[step.who]!, "text", step.replyTo === null ? {} : { replyTo: pick(step.replyTo) }),
      );
    case "edit":
      return server.publish(channel.edit(pick(step.which), `edited at ${channel.seq}`));
    case "delete":
      return server.publish(channel.delete(pick(step.which)));
    case "react":
      return server.publish(channel.react(people[step.who]!, pick(step.which), step.emoji, step.on));
    case "own":
      return void client.sendMessage(channelId, { content: "own" });
    case "cut":
      return server.cut();
    case "older":
      return void client.loadOlder(channelId).catch(() => {});
    case "newer":
      return void client.loadNewer(channelId).catch(() => {});
    case "present":
      return void client.jumpToPresent(channelId).catch(() => {});
    case "jump":
      return void client.jumpTo(channelId, pick(step.which)).catch(() => {});
    case "wait":
      return server.clock.advance(3_000);
  }
}

test("the client converges to a fresh fetch however events are lost, duplicated or reordered", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { minLength: 5, maxLength: 120 }),
      fc.array(fc.nat(100), { minLength: 7 }),
      async (steps, dice) => {
        const server = new FakeServer();
        for (let n = 0; n < 70; n += 1) server.channel.send(people[n % 3]!, `old ${n}`);
        const client = createClient(server.platform);
        await client.start();
        await client.openChannel(channelId);
        server.mangle = mangler(dice);
        for (const step of steps) await take(server, client, step);
        server.mangle = (events) => events;
        await server.clock.advance(120_000);
        // A lost last event is only noticed with the next one.
        server.publish(server.channel.send(people[1]!, "the end"));
        await settled();
        await expectConverged(client, { timeoutMs: 0 });
        const { messages, outbox } = client.store.getState().timelines[channelId]!;
        expect(new Set(messages.map(({ id }) => id)).size).toBe(messages.length);
        expect(outbox).toEqual([]);
        client.close();
      },
    ),
    { numRuns: 150 },
  );
});
