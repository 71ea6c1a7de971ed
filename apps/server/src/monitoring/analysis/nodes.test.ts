import { NodeWatch, type Departed, type NodeWatchState, type Watch, type WatchState } from "@miscord/analysis";
import { beforeAll, describe, expect, test, vi } from "vitest";
import { instanceValues, serverSeries, type Minute } from "./series.ts";
import { startOfTime, type Fault } from "./testing/community.ts";
import { Fleet } from "./testing/fleet.ts";
import { newWatch } from "./testing/learned-watch.ts";

vi.setConfig({ testTimeout: 240_000, hookTimeout: 240_000 });

const daySeconds = 86_400;
const learnedDays = 9;
const nodes = 4;
const until = startOfTime + learnedDays * daySeconds;

interface Learned {
  readonly watch: WatchState;
  readonly nodes: NodeWatchState;
}

/** What is learned of a fleet of so many nodes. */
function learn(seed: number, of: number): Learned {
  const world = new World(new Fleet(seed, of));
  for (let at = startOfTime; at < until; at += 60) world.observe(at);
  return { watch: world.watch.save(), nodes: world.nodes.save() };
}

/** The analysis of a fleet, without what it tells. */
class World {
  readonly watch: Watch;
  readonly nodes: NodeWatch;
  readonly found = new Map<string, Departed>();
  readonly #fleet: Fleet;

  constructor(fleet: Fleet, learned?: Learned) {
    this.#fleet = fleet;
    this.watch = newWatch(learned?.watch);
    this.nodes = new NodeWatch(serverSeries, structuredClone(learned?.nodes));
  }

  observe(at: number, fault?: Parameters<Fleet["minutes"]>[1]): readonly Departed[] {
    const minutes = this.#fleet.minutes(at, fault);
    const departed = this.take(at, minutes);
    for (const each of departed) this.found.set(each.id, each);
    return departed;
  }

  take(at: number, minutes: ReadonlyMap<string, Minute>): Departed[] {
    const ofNodes = this.nodes.observe(at, new Map([...minutes].map(([id, minute]) => [id, instanceValues([minute])])));
    return this.watch.observe(at, instanceValues([...minutes.values()]), ofNodes);
  }

  /** The departures of each incident so far: the series, and the node if it is one alone. */
  get told(): string[][] {
    return [...this.found.values()].map(({ departures }) =>
      departures.map(({ series, node }) => (node === null ? series : `${series} ${node}`)),
    );
  }
}

let learned: Learned;
beforeAll(() => {
  learned = learn(4, nodes);
});

interface Injected {
  readonly hour: number;
  readonly minutes: number;
  readonly change: Fault;
}

/** A fault of the second of four nodes. */
function inject({ hour, minutes, change }: Injected) {
  const fleet = new Fleet(4, nodes);
  const world = new World(fleet, learned);
  const from = until + hour * 3_600;
  let noticedAfter: number | null = null;
  for (let at = until; at < from + minutes * 60; at += 60) {
    const since = Math.round((at - from) / 60);
    const found = world.observe(at, since < 0 ? undefined : { id: "node-2", change, since });
    if (found.length > 0) noticedAfter ??= since + 1;
  }
  return { told: world.told, found: [...world.found.values()], noticedAfter };
}

describe("one of four nodes alone", () => {
  test("gets nothing any more while the others are as usual", () => {
    const change = () => ({ messages_received: 0, requests: 0 });
    const { told, found, noticedAfter } = inject({ hour: 15, minutes: 12, change });
    expect(told).toEqual([["received node-2", "requests node-2"]]);
    expect(found[0]!.departures[0]).toMatchObject({ kind: "silence", direction: "below", value: 0 });
    expect(found[0]!.departures[0]!.worst.expected).toBeGreaterThan(20);
    expect(noticedAfter).toBeLessThanOrEqual(6);
  });

  test("leaks memory while another has more", () => {
    const change: Fault = (minute, since) => ({ memory_bytes: minute.memory_bytes + since * 1_100_000 });
    const { told } = inject({ hour: 2, minutes: 330, change });
    // It may come back once in a while when garbage is collected.
    expect(new Set(told.flat())).toEqual(new Set(["memory node-2"]));
  });

  test("lags, which is told of it alone or of the whole, but once", () => {
    const change: Fault = (minute) => ({ event_loop_lag_p99: minute.event_loop_lag_p99 * 12 });
    const { told, noticedAfter } = inject({ hour: 10, minutes: 240, change });
    expect(told).toHaveLength(1);
    expect(told[0]).toHaveLength(1);
    expect(told[0]![0]).toMatch(/^lag/);
    expect(noticedAfter).toBeLessThanOrEqual(6);
  });

  test("that is as all the others are departs with them only", () => {
    const world = new World(new Fleet(4, nodes), learned);
    for (let at = until; at < until + 12 * 3_600; at += 60) world.observe(at);
    const from = until + 12 * 3_600;
    const fleet = new Fleet(4, nodes);
    for (let at = from; at < from + 30 * 60; at += 60) {
      const slow = [...fleet.minutes(at)].map(([id, minute]): [string, Minute] => [
        id,
        { ...minute, database_latency: (minute.database_latency ?? 0) * 9 },
      ]);
      for (const each of world.take(at, new Map(slow))) world.found.set(each.id, each);
    }
    expect(world.told).toEqual([["database_latency"]]);
  });
});

test("a week in which nodes end, begin, come and go has at most one incident of nodes alone", () => {
  const fleet = new Fleet(4, nodes);
  const world = new World(fleet, learned);
  const end = until + 7 * daySeconds;
  for (let at = until; at < end; at += 60) {
    const minute = Math.round((at - until) / 60);
    if (minute % 2_017 === 1_000) fleet.replaceOldest(at);
    if (minute % 9_001 === 4_000) fleet.leave();
    if (minute % 9_001 === 4_700) fleet.join(at);
    world.observe(at);
  }
  const ofNodes = world.told.filter((departures) => departures.some((each) => each.includes(" ")));
  expect(ofNodes.length, JSON.stringify(ofNodes)).toBeLessThanOrEqual(1);
});
