import { writeFileSync } from "node:fs";
import type { MiscordClient } from "@miscord/client";
import { expectConverged } from "@miscord/client/testing";
import { afterAll, expect, test } from "vitest";
import type { Store } from "../../apps/server/src/store/contract.ts";
import type { Seeded } from "../../apps/server/src/testing/seed.ts";
import { Dice } from "./dice.ts";
import { faults, fleetFaults, killWorker, type Fault } from "./faults.ts";
import { ImportedPast } from "./imported-past.ts";
import { openChaosWorld, sleep, until, type ChaosWorld } from "./world.ts";
import type { Layout } from "../harness/world.ts";
import { SimulatedUser } from "./simulated-user.ts";
import { violationsOf, wholeHistory } from "./invariants.ts";

const layouts = ["process", "workers", "fleet"] as const;
const usualSeeds: Readonly<Record<Layout, number>> = { process: 3, workers: 1, fleet: 4 };
const longSeeds = Number(process.env["CHAOS_SEEDS"] ?? 0);
const userCount = 5;
const steps = 120;
/** A node that was killed while it sent a scheduled message leaves it to others after a minute. */
const leftByTheDeadMs = 75_000;

const startedAt = Date.now();
const results: { layout: Layout; seed: number; faults: string[]; messages: number; ms: number }[] = [];

afterAll(() => {
  if (longSeeds === 0) return;
  const summary = {
    at: new Date().toISOString(),
    seeds: longSeeds,
    passed: Object.fromEntries(layouts.map((name) => [name, results.filter(({ layout }) => layout === name).length])),
    minutes: Math.round((Date.now() - startedAt) / 60_000),
  };
  // A line for each seed.
  const lines = results.map((result) => `\n  ${JSON.stringify(result)}`);
  const text = `${JSON.stringify(summary, null, 1).slice(0, -2)},\n "results": [${lines.join(",")}\n ]\n}\n`;
  writeFileSync(new URL("last-long-run.json", import.meta.url), text);
});

const faultsOf: Readonly<Record<Layout, Readonly<Record<string, Fault>>>> = {
  process: faults,
  workers: { ...faults, killWorker },
  fleet: { ...faults, ...fleetFaults },
};

for (const layout of layouts) {
  test.concurrent.each(seedsOf(layout))(
    `${layout}: with the random faults of seed %i, no acknowledged message is lost, none is duplicated and all clients converge`,
    async (seed) => {
      expect(await survive(layout, seed)).toEqual([]);
    },
  );
}

function seedsOf(layout: Layout): number[] {
  return range(longSeeds || usualSeeds[layout]).map((index) => index + 1);
}

/** What is wrong after the faults of a seed, one sentence each. */
async function survive(layout: Layout, seed: number): Promise<string[]> {
  const began = Date.now();
  const dice = new Dice(seed);
  const { world, past } = await openWorldWithPast(layout);
  const deleted = new Set<string>();
  const users = await Promise.all(
    range(userCount).map((number) => SimulatedUser.enter(number, { world, past, dice, deleted })),
  );
  try {
    const plan = planOf(layout, dice);
    const [faultCount] = await Promise.all([
      runFaults(plan, faultsOf[layout], { world, users, dice }),
      actAtRandom(users, dice),
    ]);
    expect(faultCount).toBe(plan.length);
    const { messages, violations } = await lookWhenConverged(world, past, users, deleted);
    if (violations.length === 0) results.push({ layout, seed, faults: plan, messages, ms: Date.now() - began });
    return violations;
  } finally {
    await Promise.all(users.map((user) => user.leave()));
    await world.dispose();
  }
}

async function openWorldWithPast(layout: Layout): Promise<{ world: ChaosWorld; past: ImportedPast }> {
  let past: ImportedPast | undefined;
  const prepare = async (store: Store, { channels }: Seeded) => {
    past = await ImportedPast.addTo(store, channels[0]!);
  };
  const world = await withThread(await openChaosWorld(userCount, 2, { layout, prepare }));
  return { world, past: past! };
}

/** The world with a thread of its first channel beside the channels: who writes in it follows it from then on. */
async function withThread(world: ChaosWorld): Promise<ChaosWorld> {
  const client = await world.enter(0);
  const { id } = await client.rest.createThread(world.channels[0]!, { name: "aside" });
  client.close();
  return { ...world, channels: [...world.channels, id] };
}

/** Starts with faults of the processes that serve clients; in a fleet one of its dependencies follows. */
function planOf(layout: Layout, dice: Dice): string[] {
  const first = dice.pick(layout === "workers" ? ["kill", "killWorker"] : ["kill", "restart", "pause"]);
  const others = range(3).map(() => dice.pick(Object.keys(faultsOf[layout])));
  return [
    first,
    "killWhileGiving",
    dice.pick(Object.keys(layout === "fleet" ? fleetFaults : faultsOf[layout])),
    ...others,
  ];
}

async function actAtRandom(users: readonly SimulatedUser[], dice: Dice): Promise<void> {
  for (let step = 0; step < steps; step += 1) {
    await sleep(dice.between(0, 40));
    for (let act = dice.between(1, 3); act > 0; act -= 1) dice.pick(users).act();
  }
}

async function runFaults(
  plan: readonly string[],
  known: Readonly<Record<string, Fault>>,
  scene: { world: ChaosWorld; users: readonly SimulatedUser[]; dice: Dice },
): Promise<number> {
  let count = 0;
  for (const name of plan) {
    await sleep(scene.dice.between(50, 500));
    await known[name]?.(scene);
    count += 1;
  }
  return count;
}

/** Waits until the clients have recovered by themselves and are in step with the server, and looks at all histories. */
async function lookWhenConverged(
  world: ChaosWorld,
  past: ImportedPast,
  users: readonly SimulatedUser[],
  deleted: ReadonlySet<string>,
): Promise<{ messages: number; violations: string[] }> {
  const records = users.map(({ record }) => record);
  await until("all messages were sent", () => records.every(({ isSettled }) => isSettled), {
    instead: () => records.map(({ faultState }) => faultState).join("\n"),
  });
  for (const user of users) {
    await until("what was to be sent later is sent", () => user.hasNothingToSend(), { timeoutMs: leftByTheDeadMs });
  }
  const clients = records.map(({ client }) => client);
  const ofPast = () => pastViolations(past, clients, deleted);
  await until("all that was accepted is given", async () => (await ofPast()).length === 0, {
    timeoutMs: leftByTheDeadMs,
  }).catch(() => {});
  await Promise.all(records.map(({ client }) => expectConverged(client, { timeoutMs: 30_000 })));
  const violations = records.flatMap(({ failed }) => failed.map((content) => `"${content}" was given up`));
  violations.push(...(await ofPast()));
  let messages = 0;
  for (const channelId of world.channels) {
    const history = await wholeHistory(records[0]!.client, channelId);
    violations.push(...violationsOf(channelId, history, records, deleted));
    messages += history.length;
  }
  return { messages, violations };
}

async function pastViolations(
  past: ImportedPast,
  clients: readonly MiscordClient[],
  deleted: ReadonlySet<string>,
): Promise<string[]> {
  return past.violations(clients, await wholeHistory(clients[0]!, past.channelId), deleted);
}

function range(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index);
}
