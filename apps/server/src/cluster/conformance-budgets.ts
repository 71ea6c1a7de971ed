import { expect, test } from "vitest";
import { aheadOf } from "./shared-budget.ts";
import type { Fixture } from "./testing/cluster-fixture.ts";

export const slowRate = { perSecond: 0.001, burst: 20 };

/** Tests the rules about budgets. */
export function describeBudgets(fixture: Fixture): void {
  describeExactBudgets(fixture);
  describeOptimisticBudgets(fixture);
}

function describeExactBudgets(fixture: Fixture): void {
  test("[C5] concurrent takes on four nodes never exceed the burst", async () => {
    const nodes = await fixture.join(4);
    const key = fixture.unique();
    const takes = nodes.flatMap(({ cluster }) => {
      const budget = cluster.budget("concurrent", slowRate);
      return Array.from({ length: 20 }, async () => budget.take(key));
    });
    const answers = await Promise.all(takes);
    expect(answers.filter((wait) => wait === 0)).toHaveLength(slowRate.burst);
    expect(Math.min(...answers.filter((wait) => wait > 0))).toBeGreaterThan(900_000);
  });

  test("[C5] a budget refills at its rate, takes costs, returns refunds and refuses commands as rate_limited", async () => {
    const [first, second] = await fixture.join(2);
    const [spent, other] = [first!, second!].map(({ cluster }) => cluster.budget("spent", slowRate));
    const key = fixture.unique();
    expect(await spent!.take(key, slowRate.burst)).toBe(0);
    expect(await other!.take(key)).toBeGreaterThan(0);
    await expect((async () => other!.spend(key, 3))()).rejects.toMatchObject({ code: "rate_limited" });
    spent!.refund(key);
    await spent!.spend(key);
    const rate = { perSecond: 10, burst: 3 };
    const [soon, later] = [first!, second!].map(({ cluster }) => cluster.budget("refill", rate));
    const startedAt = performance.now();
    expect(await soon!.take(key, rate.burst)).toBe(0);
    await expect.poll(() => later!.take(key, rate.burst), { interval: 20 }).toBe(0);
    expect(performance.now() - startedAt).toBeGreaterThanOrEqual(290);
  });
}

function describeOptimisticBudgets(fixture: Fixture): void {
  const optimistic = { optimistic: true };

  test("[C5] an optimistic budget answers at once, and a single node never exceeds it", async () => {
    const [node] = await fixture.join(2);
    const budget = node!.cluster.budget("optimistic", slowRate, optimistic);
    const key = fixture.unique();
    expect([budget.take(key), budget.take(fixture.unique())]).toEqual([0, 0]);
    const answers = await Promise.all(Array.from({ length: 30 }, async () => budget.take(key)));
    expect(answers.filter((wait) => wait === 0)).toHaveLength(slowRate.burst - 1);
    expect(await budget.take(key)).toBeGreaterThan(900_000);
  });

  test("[C5] of concurrent optimistic takes, each node may exceed the burst by a tenth, which is owed", async () => {
    const nodes = await fixture.join(4);
    const rate = { perSecond: 10, burst: 20 };
    const budgets = nodes.map(({ cluster }) => cluster.budget("owed", rate, optimistic));
    const key = fixture.unique();
    const startedAt = performance.now();
    const takes = budgets.flatMap((budget) => Array.from({ length: 20 }, async () => budget.take(key)));
    const granted = (await Promise.all(takes)).filter((wait) => wait === 0).length;
    const refilled = ((performance.now() - startedAt) / 1_000) * rate.perSecond;
    expect(granted).toBeGreaterThanOrEqual(rate.burst);
    expect(granted).toBeLessThanOrEqual(rate.burst + nodes.length * aheadOf(rate) + refilled);
    let later = 0;
    while (performance.now() - startedAt < 2_000) {
      for (const budget of budgets) if ((await budget.take(key)) === 0) later += 1;
      await pause(10);
    }
    const elapsedSeconds = (performance.now() - startedAt) / 1_000;
    expect(granted + later).toBeLessThanOrEqual(
      rate.burst + nodes.length * aheadOf(rate) + elapsedSeconds * rate.perSecond,
    );
  });

  test("[C5] what is charged afterwards is owed on all nodes, and what is returned was never spent", async () => {
    const [first, second] = await fixture.join(2);
    const [spent, other] = [first!, second!].map(({ cluster }) => cluster.budget("charged", slowRate, optimistic));
    const key = fixture.unique();
    expect(await spent!.take(key, 2)).toBe(0);
    spent!.charge(key, slowRate.burst);
    expect(await spent!.take(key, 0)).toBeGreaterThan(1_000_000);
    await expect.poll(() => other!.take(key, 0)).toBeGreaterThan(1_000_000);
    spent!.charge(key, -slowRate.burst);
    expect(await spent!.take(key, 0)).toBe(0);
    await expect.poll(() => other!.take(key, 0)).toBe(0);
    expect(await other!.take(key, slowRate.burst)).toBeGreaterThan(1_000_000);
  });

  test("[C5] what one node has spent optimistically, the others find spent soon", async () => {
    const [first, second] = await fixture.join(2);
    const [spent, other] = [first!, second!].map(({ cluster }) => cluster.budget("told", slowRate, optimistic));
    const key = fixture.unique();
    for (let i = 0; i < slowRate.burst; i += 1) expect(await spent!.take(key)).toBe(0);
    // The wait for all of them, of which less than one is left, takes nothing.
    const untilFullMs = (1_000 * (slowRate.burst - 1)) / slowRate.perSecond;
    await expect.poll(() => other!.take(key, slowRate.burst)).toBeGreaterThan(untilFullMs);
    expect(await other!.take(key)).toBeGreaterThan(0);
  });
}

export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
