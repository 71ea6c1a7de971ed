import { vi } from "vitest";
import type { ClusterWorld, TestNode } from "./cluster-world.ts";

/** Long enough for a machine that is busy. */
export const patience = { timeout: 60_000 };

/** The nodes of one test. */
export class Fixture {
  world!: ClusterWorld;
  readonly #open: TestNode[] = [];
  #names = 0;

  unique(): string {
    return `n${(this.#names += 1)}`;
  }

  /** Joins so many nodes. Resolves once all nodes of the test know each other. */
  async join(count: number): Promise<TestNode[]> {
    const outcomes = await Promise.allSettled(Array.from({ length: count }, () => this.world.join()));
    const nodes = outcomes.flatMap((outcome) => (outcome.status === "fulfilled" ? outcome.value : []));
    this.#open.push(...nodes);
    const failed = outcomes.find((outcome) => outcome.status === "rejected");
    if (failed) throw failed.reason;
    const isComplete = () => nodes.every(({ cluster }) => cluster.nodes.size === this.#open.length);
    await vi.waitUntil(isComplete, patience);
    return nodes;
  }

  async close(): Promise<void> {
    await Promise.all(this.#open.map(({ cluster }) => cluster.close()));
    this.#open.splice(0);
  }
}
