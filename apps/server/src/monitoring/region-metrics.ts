import { Counter, Gauge, type Registry } from "prom-client";
import type { RegionFigures } from "./voice-metrics.ts";

type Figure = (region: RegionFigures) => number | null;

const gauges: readonly [name: string, help: string, figure: Figure][] = [
  // For the instance's own there is `voice_forwarding_up`.
  ["up", "1 when its voice node is there, as this node knows", ({ isUp, isOwn }) => (isOwn ? null : Number(isUp))],
  ["calls", "calls in the region whose home is this node", ({ calls }) => calls],
  ["participants", "participants of these calls", ({ participants }) => participants],
  // Without the link of its voice node there is nothing to say.
  ["connections", "connections to participants at its voice node", ({ link }) => link?.connections ?? null],
  [
    "round_trip_seconds",
    "from this node to its voice node and back",
    ({ link }) => (link?.roundTripMs === null || link === null ? null : link.roundTripMs / 1_000),
  ],
];

/** Metrics by region. Returns what brings them up to date. */
export function registerRegions(
  registry: Registry,
  known: () => readonly RegionFigures[],
  voiceNodes: () => readonly string[],
): () => void {
  const options = { labelNames: ["region"], registers: [registry] };
  const shown = gauges.map(([name, help, figure]) => {
    const gauge = new Gauge({ name: `miscord_voice_region_${name}`, help, ...options });
    return { gauge, figure };
  });
  const help = "calls of this node that have left the region, since their participants had no connection there";
  const givenUp = new Counter({ name: "miscord_voice_region_given_up_total", help, ...options });
  return () => {
    const regions = withAbsent(known(), voiceNodes());
    for (const { gauge, figure } of shown) {
      gauge.reset();
      for (const region of regions) {
        const value = figure(region);
        if (value !== null) gauge.set({ region: region.name }, value);
      }
    }
    givenUp.reset();
    for (const region of regions) givenUp.inc({ region: region.name }, region.givenUp);
  };
}

/** With those of which this node knows nothing but that they should be there. */
function withAbsent(known: readonly RegionFigures[], names: readonly string[]): RegionFigures[] {
  // Where calls are a mesh, regions are of no use.
  if (known.length === 0) return [];
  const absent = names.filter((name) => !known.some((one) => one.name === name));
  const nothing = { isOwn: false, isUp: false, calls: 0, participants: 0, givenUp: 0, link: null };
  return [...known, ...absent.map((name) => ({ ...nothing, name }))];
}
