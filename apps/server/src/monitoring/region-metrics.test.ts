import { Registry } from "prom-client";
import { expect, test } from "vitest";
import { registerRegions } from "./region-metrics.ts";
import type { RegionFigures } from "./voice-metrics.ts";

const nothing = { isOwn: false, isUp: true, calls: 0, participants: 0, givenUp: 0, link: null };
const link = { version: "2.0.0", since: 1, seenAt: 2, roundTripMs: 40, connections: 3 };

async function textOf(known: readonly RegionFigures[], voiceNodes: readonly string[]): Promise<string[]> {
  const registry = new Registry();
  registerRegions(
    registry,
    () => known,
    () => voiceNodes,
  )();
  return (await registry.metrics()).split("\n").filter((line) => line !== "" && !line.startsWith("#"));
}

test("a voice node that should be there is 0 when it is away, and the instance's own has a metric elsewhere", async () => {
  const own = { ...nothing, name: "main", isOwn: true, calls: 1, participants: 4 };
  const known = [own, { ...nothing, name: "ams", link, givenUp: 2 }];
  const lines = await textOf(known, ["ams", "nyc"]);
  expect(lines).toEqual(
    expect.arrayContaining([
      'miscord_voice_region_up{region="ams"} 1',
      'miscord_voice_region_up{region="nyc"} 0',
      'miscord_voice_region_calls{region="main"} 1',
      'miscord_voice_region_participants{region="main"} 4',
      'miscord_voice_region_connections{region="ams"} 3',
      'miscord_voice_region_round_trip_seconds{region="ams"} 0.04',
      'miscord_voice_region_given_up_total{region="ams"} 2',
      'miscord_voice_region_given_up_total{region="nyc"} 0',
    ]),
  );
  expect(lines.filter((line) => /up\{region="main"\}|connections\{region="(main|nyc)"\}/.test(line))).toEqual([]);
});

test("where calls are a mesh there is none", async () => {
  expect(await textOf([], ["ams"])).toEqual([]);
});
