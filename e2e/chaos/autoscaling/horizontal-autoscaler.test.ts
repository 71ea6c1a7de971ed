import { describe, expect, test } from "vitest";
import { ofKind, render } from "../../../deploy/helm/testing/helm.ts";
import { everything } from "../../../deploy/helm/testing/values.ts";
import { HorizontalAutoscaler, syncSeconds } from "./horizontal-autoscaler.ts";

const chart = ofKind(render(everything), "HorizontalPodAutoscaler");
const target = Number(chart.spec.metrics![0]!.pods!.target.averageValue);

/** Numbers of pods at each decision, for means that last a while each. */
function replay(pods: number, ...phases: [seconds: number, connections: number][]): [at: number, pods: number][] {
  const autoscaler = new HorizontalAutoscaler(chart);
  const changes: [number, number][] = [];
  let at = 0;
  for (const [seconds, connections] of phases) {
    for (const end = at + seconds; at < end; at += syncSeconds) {
      const decided = autoscaler.decide(at, pods, connections / pods);
      if (decided !== pods) changes.push([at, decided]);
      pods = decided;
    }
  }
  return changes;
}

describe("the chart's autoscaler, by the arithmetic of Kubernetes", () => {
  test("does nothing within a tenth of the target", () => {
    expect(replay(2, [3_600, 2 * target * 1.09])).toEqual([]);
    expect(replay(2, [60, 2 * target * 1.11])).toEqual([[30, 3]]);
  });

  test("doubles within half a minute when twice as many people come, and again a minute later", () => {
    expect(replay(2, [300, 7.5 * target])).toEqual([
      [30, 4],
      [90, 8],
    ]);
  });

  test("does not follow a peak that is shorter than half a minute", () => {
    expect(replay(2, [60, target], [15, 4 * target], [600, target])).toEqual([]);
  });

  test("takes one pod each two minutes, after ten minutes with fewer people", () => {
    expect(replay(4, [600, 4 * target], [3_600, 1.5 * target])).toEqual([
      [1_185, 3],
      [1_305, 2],
    ]);
  });

  test("keeps its pods when people come back within ten minutes", () => {
    expect(replay(4, [60, 4 * target], [570, target], [60, 4 * target], [570, target], [60, 4 * target])).toEqual([]);
  });

  test("stays between its bounds", () => {
    expect(replay(2, [3_600, 0])).toEqual([]);
    expect(replay(8, [3_600, 100 * target]).at(-1)).toEqual([30, 10]);
  });
});
