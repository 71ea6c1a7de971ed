import { expect, test } from "vitest";
import { quietSample } from "../history/testing/quiet-sample.ts";
import { Loads } from "./loads.ts";
import type { Minute, MinuteLoads } from "./series.ts";

function minute(account: number, total: number, channel = 0): Minute {
  const loads: MinuteLoads = {
    account: { total, top: [{ key: 5, count: account }] },
    channel: { total: 100_000, top: [{ key: 9, count: channel }] },
  };
  return { ...quietSample(), database_latency: null, bus_latency: null, disk: null, database_bytes: null, loads };
}

test("a load that is new is told once; one that is always there, or small, is not", () => {
  const loads = new Loads();
  const after = (count: number, part: Minute) => Array.from({ length: count }, () => loads.add([part])).flat();
  expect(after(40, minute(100, 1_000, 60_000))).toEqual([]);
  expect(after(60, minute(100, 1_000, 60_000))).toEqual([]);
  expect(after(1, minute(110, 200))).toEqual([]);
  expect(after(5, minute(900, 2_000, 60_000))).toEqual([{ kind: "account", id: 5 }]);
  expect(after(120, minute(900, 2_000, 60_000))).toEqual([]);
});

test("what was loud while the usual was learned is told when it is loud again afterwards", () => {
  const loads = new Loads();
  const after = (count: number, part: Minute) => Array.from({ length: count }, () => loads.add([part])).flat();
  expect(after(20, minute(0, 1_000))).toEqual([]);
  expect(after(1, minute(900, 2_000))).toEqual([]);
  expect(after(15, minute(0, 1_000))).toEqual([]);
  expect(after(1, minute(900, 2_000))).toEqual([{ kind: "account", id: 5 }]);
});

test("the loads of all nodes count together", () => {
  const loads = new Loads();
  const { loads: _absent, ...former } = minute(0, 0);
  for (let index = 0; index < 40; index += 1) loads.add([minute(0, 1_000), minute(0, 1_000), former]);
  expect(loads.add([minute(350, 1_000), minute(350, 1_000), former])).toEqual([{ kind: "account", id: 5 }]);
});
