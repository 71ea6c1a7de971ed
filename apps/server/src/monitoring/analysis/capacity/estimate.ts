import { setImmediate } from "node:timers/promises";
import { fitCosts, growthOf, median, quantileOf, resampled, useOf, type Costs } from "@miscord/analysis";
import type { CapacityResource, CostKind, PeopleRange } from "@miscord/protocol";
import type { LoadRow } from "./load-rows.ts";

const costKinds = ["connections", "arrivals", "commands", "requests", "writes", "deliveries"] as const;

/**
 * Seconds of the event loop that one event took in the benchmark (W1 to W4 of docs/performance.md), a connection for each
 * second. Only their proportions matter, and only as far as a machine's own figures do not tell them.
 */
export const benchmarked: Costs = { base: 0.01, each: [5e-6, 1.8e-3, 1.2e-4, 1e-3, 8e-6, 8e-7] };
/** Bytes of an idle process, and of a connection. */
const benchmarkedMemory: Costs = { base: 1.5e8, each: [4e4] };

/** Above this share of event loop, cores or memory the instance is full: queues grow long before all is in use. */
export const fullShare = 0.85;
const repetitions = 40;
/** Rows that are drawn together: two hours. */
const block = 8;
/** Of the logarithm of a cost, between machines. */
const costSpread = 0.35;
/** What growth far beyond the known load adds, of the logarithm of the growth. */
const growthSpread = 0.12;
/** Rows with at least this share of the most people show what people do when it matters. */
const busyShare = 0.7;
const mostTimes = 1e4;

/** What one node has. */
export interface NodeLimits {
  readonly cores: number;
  /** 0 when unknown. */
  readonly memoryBytes: number;
  readonly connections: number;
}

/** What a node's people did in its busiest quarters of an hour. */
interface Habits {
  readonly people: number;
  /** Per second, as the cost kinds. */
  readonly counts: readonly number[];
  /** Answers to one's own commands, which are among writes and deliveries, and do not grow with the readers. */
  readonly answers: number;
  /** Powers of the number of people by which readers of an event, and of the events by which flushes grow. */
  readonly readers: number;
  readonly flushes: number;
}

export interface NodeCapacity {
  readonly people: PeopleRange;
  readonly first: CapacityResource;
  readonly limits: readonly { resource: CapacityResource; used: number; limit: number; people: PeopleRange }[];
  /** Seconds of the event loop. */
  readonly costs: readonly { kind: CostKind; seconds: number; perPersonSecond: number; share: number }[];
  readonly memoryPerConnection: number;
}

interface Model {
  readonly habits: Habits;
  readonly loop: Costs;
  readonly cpu: Costs;
  readonly memory: Costs;
}

/**
 * How many people a node carries, from rows of its load: its costs are fitted to the rows, and the counts of its busiest
 * rows grown until a resource is full. The ranges come from the same with rows drawn anew and other expected costs.
 */
export async function estimateCapacity(rows: readonly LoadRow[], limits: NodeLimits): Promise<NodeCapacity> {
  const random = randomOf(rows.length + 1);
  const best = modelOf(rows, () => 0);
  const repeated: Map<CapacityResource, number>[] = [];
  for (let index = 0; index < repetitions; index += 1) {
    await setImmediate();
    const model = modelOf(resampled(rows, block, random), () => costSpread * normal(random));
    repeated.push(reachedBy(model, limits, Math.exp(growthSpread * normal(random))));
  }
  const reached = reachedBy(best, limits);
  const rangeOf = (expected: number, others: readonly number[]): PeopleRange => ({
    low: Math.min(expected, quantileOf(others, 0.1)),
    expected,
    high: Math.max(expected, quantileOf(others, 0.9)),
  });
  const [[first, expected]] = [...reached].toSorted((a, b) => a[1] - b[1]) as [[CapacityResource, number]];
  const people = rangeOf(
    expected,
    repeated.map((each) => Math.min(...each.values())),
  );
  return {
    people,
    first,
    limits: resourcesOf(best, limits).map(({ resource, use, limit }) => ({
      resource,
      used: use(1),
      limit,
      people: rangeOf(
        reached.get(resource)!,
        repeated.map((each) => each.get(resource)!),
      ),
    })),
    costs: costsAt(best, expected),
    memoryPerConnection: best.memory.each[0]!,
  };
}

function modelOf(rows: readonly LoadRow[], jitter: () => number): Model {
  const about = ({ base, each }: Costs): Costs => ({
    base: base * Math.exp(jitter()),
    each: each.map((cost) => cost * Math.exp(jitter())),
  });
  const counted = rows.map((row) => ({ row, counts: costKinds.map((kind) => row[kind]) }));
  const fit = (used: (row: LoadRow) => number) =>
    fitCosts(
      counted.map(({ row, counts }) => ({ counts, used: used(row) })),
      about(benchmarked),
    );
  return {
    habits: habitsOf(rows),
    loop: fit(({ loop }) => loop),
    cpu: fit(({ cpu }) => cpu),
    memory: fitCosts(
      rows.map(({ connections, memory }) => ({ counts: [connections], used: memory })),
      about(benchmarkedMemory),
    ),
  };
}

function habitsOf(rows: readonly LoadRow[]): Habits {
  const most = busiestPeople(rows);
  const busy = rows.filter(({ people }) => people >= most * busyShare);
  const mean = (value: (row: LoadRow) => number) => busy.reduce((sum, row) => sum + value(row), 0) / busy.length;
  const readers = growthOf(rows.map((row) => ({ x: row.people, y: (row.deliveries - answersOf(row)) / row.events })));
  const flushes = growthOf(rows.map(({ events, flushes }) => ({ x: events, y: flushes })));
  return {
    people: mean(({ people }) => people),
    counts: costKinds.map((kind) => mean((row) => row[kind])),
    answers: mean(answersOf),
    readers: within(readers ?? 0),
    flushes: within(flushes ?? 1),
  };
}

/** Nearly the most: a moment that went by says less. */
export function busiestPeople(rows: readonly LoadRow[]): number {
  return quantileOf(
    rows.map(({ people }) => people),
    0.98,
  );
}

function answersOf({ commands, writes, deliveries }: LoadRow): number {
  return Math.min(commands, writes, deliveries);
}

/** What happens in a second with `times` as many people as in the busiest rows. */
function countsAt({ counts, answers, readers, flushes }: Habits, times: number): number[] {
  const [connections, arrivals, commands, requests, writes, deliveries] = counts as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const delivered = (deliveries - answers) * times ** (1 + readers);
  const written = Math.min((writes - answers) * times ** (flushes + readers), Math.max(delivered, writes - answers));
  const linear = [connections, arrivals, commands, requests].map((count) => count * times);
  return [...linear, answers * times + written, answers * times + delivered];
}

function resourcesOf({ habits, loop, cpu, memory }: Model, { cores, memoryBytes, connections }: NodeLimits) {
  const sockets = habits.counts[0]!;
  const resources = [
    { resource: "event_loop", limit: fullShare, use: (times: number) => useOf(loop, countsAt(habits, times)) },
    { resource: "cpu", limit: fullShare * cores, use: (times: number) => useOf(cpu, countsAt(habits, times)) },
    { resource: "memory", limit: fullShare * memoryBytes, use: (times: number) => useOf(memory, [sockets * times]) },
    { resource: "connections", limit: connections, use: (times: number) => sockets * times },
  ] as const;
  return resources.filter(({ limit }) => limit > 0);
}

/** The people with whom each resource is full; `power` raises the growth until then. */
function reachedBy(model: Model, limits: NodeLimits, power = 1): Map<CapacityResource, number> {
  return new Map(
    resourcesOf(model, limits).map(({ resource, use, limit }) => {
      let [low, high] = [Math.log(1 / mostTimes), Math.log(mostTimes)];
      while (high - low > 1e-3) {
        const middle = (low + high) / 2;
        if (use(Math.exp(middle)) < limit) low = middle;
        else high = middle;
      }
      return [resource, model.habits.people * Math.exp(resource === "connections" ? low : low * power)];
    }),
  );
}

function costsAt({ habits, loop }: Model, people: number): NodeCapacity["costs"] {
  const counts = countsAt(habits, people / habits.people);
  const whole = useOf(loop, counts);
  return costKinds.map((kind, index) => ({
    kind,
    seconds: loop.each[index]!,
    perPersonSecond: habits.counts[index]! / habits.people,
    share: (loop.each[index]! * counts[index]!) / whole,
  }));
}

/** What takes most of the event loop when it is full. */
export function largestCost({ costs }: NodeCapacity): CostKind {
  return costs.toSorted((a, b) => b.share - a.share)[0]!.kind;
}

export function memoryLimitOf(rows: readonly { memory_bytes: number; memory_percent: number }[]): number {
  return median(rows.map((row) => (row.memory_percent > 0 ? (row.memory_bytes / row.memory_percent) * 100 : 0)));
}

function within(power: number): number {
  return Math.max(0, Math.min(1, power));
}

/** From 0 to 1; the same figures give the same ranges. */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => (state = (state * 16_807) % 2_147_483_647) / 2_147_483_647;
}

function normal(random: () => number): number {
  return Math.sqrt(-2 * Math.log(random() + 1e-12)) * Math.cos(2 * Math.PI * random());
}
