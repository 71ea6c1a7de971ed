import { expect, test } from "vitest";
import { MemoryHub } from "./cluster/memory-hub.ts";
import { pass } from "./cluster/testing/pass.ts";
import { LoadMeter } from "./delivery/flush-policy.ts";
import { shareLoad } from "./share-load.ts";
import { sending } from "./store/conformance/commands.ts";
import { CommitPace } from "./store/log/commit-pace.ts";
import { ManualClock } from "./testing/manual-clock.ts";

test("nodes that share the cores of a machine know its whole load, and nodes of other machines do not count", async () => {
  const clock = new ManualClock();
  const hub = new MemoryHub(clock);
  const start = async (machine: string, cores: number) => {
    const cluster = await hub.join();
    const load = new LoadMeter(cores);
    const pace = new CommitPace({ clock, maxIntervalMs: 25, flushIntervalMs: () => 0 });
    return { load, cluster, stop: shareLoad({ cluster, clock, load, pace, machine }) };
  };
  const nodes = [await start("left", 1), await start("left", 2), await start("right", 1)];
  const deliver = async () => {
    for (let ms = 0; ms < 5_000; ms += 250) {
      for (const { load } of nodes) load.count(2_500, clock.monotonic());
      await pass(clock, 250);
    }
  };
  await deliver();
  const [shared, ofTwoCores, alone] = nodes.map(({ load }) => load.perSecond(clock.monotonic()));
  expect(shared! / alone!).toBeCloseTo(2, 1);
  expect(ofTwoCores! / alone!).toBeCloseTo(1, 1);
  await nodes[1]!.cluster.close();
  await deliver();
  expect(nodes[0]!.load.perSecond(clock.monotonic()) / alone!).toBeCloseTo(1, 1);
  for (const { stop } of nodes) stop();
  hub.close();
});

test("nodes of one machine know each other's senders, and all nodes whether others commit", async () => {
  const clock = new ManualClock();
  const hub = new MemoryHub(clock);
  const start = async (machine: string) => {
    const cluster = await hub.join();
    const pace = new CommitPace({ clock, maxIntervalMs: 25, flushIntervalMs: () => 50 });
    return { pace, cluster, stop: shareLoad({ cluster, clock, load: new LoadMeter(), pace, machine }) };
  };
  const [writer, neighbour, distant] = [await start("left"), await start("left"), await start("right")];
  for (let ms = 0; ms < 5_000; ms += 250) {
    for (let sender = 0; sender < 25; sender += 1) writer.pace.count(sending(1, ms + sender));
    await pass(clock, 250);
  }
  expect(neighbour.pace).toMatchObject({ othersCommit: true });
  expect(neighbour.pace.elsewherePerSecond).toBeCloseTo(100, -1);
  expect(distant.pace).toMatchObject({ elsewherePerSecond: 0, othersCommit: true });
  expect(writer.pace).toMatchObject({ elsewherePerSecond: 0, othersCommit: false });
  await pass(clock, 5_000);
  expect(neighbour.pace).toMatchObject({ elsewherePerSecond: 0, othersCommit: false });
  for (const { stop } of [writer, neighbour, distant]) stop();
  hub.close();
});
