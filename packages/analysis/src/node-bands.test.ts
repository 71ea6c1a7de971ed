import { expect, test } from "vitest";
import { NodeBands } from "./node-bands.ts";

const spec = { name: "connections", unit: 5, both: true, leastSpread: 0.05 };
/** Four nodes that are not quite equally full. */
const nodes = [80, 100, 110, 120];

test("the band of any one node holds each of them, and a node that does half of the work is outside", () => {
  const bands = new NodeBands([spec]);
  const learnMinutes = (from: number, until: number, into: NodeBands) => {
    for (let minute = from; minute < until; minute += 1) {
      const stray = 1 + 0.04 * Math.sin(minute * 12.9898);
      into.learn(minute * 60, new Map([["connections", nodes[minute % nodes.length]! * stray]]));
    }
  };
  learnMinutes(0, 1_440, bands);
  expect(bands.band("connections", 86_400)).toBeNull();
  learnMinutes(1_440, 10 * 1_440, bands);
  const again = new NodeBands([spec], structuredClone(bands.save()));
  const { low, high } = again.band("connections", 10 * 86_400)!;
  for (const usual of nodes) {
    expect(usual).toBeGreaterThan(low);
    expect(usual).toBeLessThan(high);
  }
  expect(low).toBeGreaterThan(40);
  expect(again.band("unknown", 0)).toBeNull();
});
