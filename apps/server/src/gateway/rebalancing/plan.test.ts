import { describe, expect, test } from "vitest";
import { RebalancingPlan, type NodeLoad } from "./plan.ts";

const lookMs = 10_000;

/** Nodes with sockets; `returns` says to which node a socket that was closed comes back. */
class Fleet {
  readonly counts: number[];
  readonly plan = new RebalancingPlan();
  readonly #returns: (counts: number[]) => number;
  #nowMs = 0;
  moved = 0;
  /** Nodes that stop. */
  readonly stopping = new Set<number>();

  constructor(counts: number[], returns: (counts: number[]) => number) {
    this.counts = counts;
    this.#returns = returns;
  }

  look(times = 1): void {
    for (let count = 0; count < times; count += 1) this.#look();
  }

  #look(): void {
    this.#nowMs += lookMs;
    const loads = new Map<string, NodeLoad>(
      this.counts.map((connections, index) => [String(index), { connections, accepts: !this.stopping.has(index) }]),
    );
    const move = this.plan.next(loads, this.#nowMs);
    if (!move) return;
    const from = Number(move.node);
    const closed = Math.ceil(this.counts[from]! * move.share);
    this.counts[from]! -= closed;
    this.moved += closed;
    for (let count = 0; count < closed; count += 1) this.counts[this.#returns(this.counts)]! += 1;
  }
}

const leastConnections = (counts: number[]) => counts.indexOf(Math.min(...counts));
/** A pseudo-random node, the same sequence in each run. */
const anyNode = (seed: number) => (counts: number[]) => {
  seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
  return Math.floor((seed / 2_147_483_648) * counts.length);
};

function unevenness({ counts }: Fleet): number {
  const mean = counts.reduce((sum, count) => sum + count, 0) / counts.length;
  return Math.max(...counts.map((count) => Math.abs(count - mean))) / mean;
}

describe("the plan of rebalancing", () => {
  test.each([
    ["200 sockets", [100, 100, 0]],
    ["20,000 sockets", [10_000, 10_000, 0]],
  ])("fills a new node of three with its share of %s, and then leaves all sockets alone", (_, counts) => {
    const fleet = new Fleet(counts, leastConnections);
    const total = counts.reduce((sum, count) => sum + count, 0);
    fleet.look(60);
    // Two nodes that are a twentieth above the mean leave the third a tenth below.
    expect(unevenness(fleet)).toBeLessThan(0.11);
    expect(fleet.moved).toBeLessThan(total * 0.4);
    const { moved } = fleet;
    fleet.look(100);
    expect(fleet.moved).toBe(moved);
  });

  test("behind a balancer that picks nodes at random it gets there as well", () => {
    const fleet = new Fleet([1_000, 1_000, 0], anyNode(7));
    fleet.look(200);
    expect(unevenness(fleet)).toBeLessThan(0.15);
  });

  test("moves a twentieth of a node's sockets at once, or fifty", () => {
    const fleet = new Fleet([10_000, 0], leastConnections);
    fleet.look(4);
    expect(fleet.moved).toBe(500);
    const small = new Fleet([400, 0], leastConnections);
    small.look(4);
    expect(small.moved).toBe(50);
  });

  test("begins at a fifth above the mean, and only after three looks at the same nodes", () => {
    const almostEven = new Fleet([119, 81], leastConnections);
    almostEven.look(50);
    expect(almostEven.moved).toBe(0);
    const uneven = new Fleet([200, 0], leastConnections);
    uneven.look(3);
    expect(uneven.moved).toBe(0);
    uneven.counts.push(0);
    uneven.look(3);
    expect(uneven.moved).toBe(0);
    uneven.look(1);
    expect(uneven.moved).toBeGreaterThan(0);
  });

  test("waits while a node stops", () => {
    const fleet = new Fleet([200, 0, 100], leastConnections);
    fleet.stopping.add(2);
    fleet.look(50);
    expect(fleet.moved).toBe(0);
    fleet.stopping.clear();
    fleet.look(4);
    expect(fleet.moved).toBeGreaterThan(0);
  });

  test("rests for ten minutes when the sockets come back to the node that they left", () => {
    const fleet = new Fleet([1_000, 0], () => 0);
    fleet.look(60);
    expect(fleet.moved).toBe(50);
    fleet.look(10);
    expect(fleet.moved).toBe(100);
    // Unless another node joins, which may be what was missing.
    fleet.counts.push(0);
    fleet.look(4);
    expect(fleet.moved).toBe(150);
  });

  test("does nothing for a single node", () => {
    const fleet = new Fleet([5_000], leastConnections);
    fleet.look(50);
    expect(fleet.moved).toBe(0);
  });
});
