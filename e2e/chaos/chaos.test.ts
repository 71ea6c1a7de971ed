import { writeFileSync } from "node:fs";
import { expectConverged } from "@miscord/client/testing";
import { afterAll, expect, test } from "vitest";
import { Dice } from "./dice.ts";
import { faults } from "./faults.ts";
import { openTown, sleep, until, type Town } from "./world.ts";
import { Visitor } from "./simulated-user.ts";
import { faultsOf, wholeHistory } from "./invariants.ts";

const usualSeeds = 8;
const seedCount = Number(process.env["CHAOS_SEEDS"] ?? usualSeeds);
const seeds = Array.from({ length: seedCount }, (_, index) => index + 1);
const visitorCount = 5;
const steps = 120;

const startedAt = Date.now();
const results: { seed: number; faults: string[]; messages: number; ms: number }[] = [];

afterAll(() => {
  if (seedCount <= usualSeeds) return;
  const summary = {
    at: new Date().toISOString(),
    seeds: seedCount,
    passed: results.length,
    minutes: Math.round((Date.now() - startedAt) / 60_000),
  };
  writeFileSync(
    new URL("last-long-run.json", import.meta.url),
    `${JSON.stringify({ ...summary, results }, null, 1)}\n`,
  );
});

test.concurrent.each(seeds)(
  "seed %i: nothing acknowledged is missing, nothing is double, everybody sees the same",
  async (seed) => {
    const began = Date.now();
    const dice = new Dice(seed);
    const town = await openTown(visitorCount, 2);
    const deleted = new Set<string>();
    const visitors = await Promise.all(
      range(visitorCount).map((number) => Visitor.enter(number, { town, dice, deleted })),
    );
    try {
      const plan = [dice.pick(["kill", "restart", "pause"]), ...range(4).map(() => dice.pick(Object.keys(faults)))];
      const [past] = await Promise.all([misfortunes(plan, { town, visitors, dice }), bustle(visitors, dice)]);
      expect(past).toBe(plan.length);
      const messages = await reckoning(town, visitors, deleted);
      results.push({ seed, faults: plan, messages, ms: Date.now() - began });
    } finally {
      await Promise.all(visitors.map((visitor) => visitor.leave()));
      await town.dispose();
    }
  },
);

async function bustle(visitors: readonly Visitor[], dice: Dice): Promise<void> {
  for (let step = 0; step < steps; step += 1) {
    await sleep(dice.between(0, 40));
    for (let act = dice.between(1, 3); act > 0; act -= 1) dice.pick(visitors).act();
  }
}

async function misfortunes(
  plan: readonly string[],
  scene: { town: Town; visitors: readonly Visitor[]; dice: Dice },
): Promise<number> {
  let past = 0;
  for (const name of plan) {
    await sleep(scene.dice.between(50, 500));
    await faults[name]?.(scene);
    past += 1;
  }
  return past;
}

/** Nobody is told anything: the clients find back by themselves. Answers how many messages there are. */
async function reckoning(town: Town, visitors: readonly Visitor[], deleted: ReadonlySet<string>): Promise<number> {
  const witnesses = visitors.map(({ witness }) => witness);
  await until("all messages were sent", () => witnesses.every((witness) => witness.isSettled), {
    instead: () => witnesses.map(({ plight }) => plight).join("\n"),
  });
  await Promise.all(witnesses.map(({ client }) => expectConverged(client, { timeoutMs: 30_000 })));
  let count = 0;
  for (const channelId of town.channels) {
    const history = await wholeHistory(witnesses[0]!.client, channelId);
    expect(faultsOf(channelId, history, witnesses, deleted)).toEqual([]);
    count += history.length;
  }
  expect(witnesses.flatMap(({ failed }) => failed)).toEqual([]);
  return count;
}

function range(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index);
}
