import { expect, test } from "vitest";
import { sentences } from "./sentence.ts";
import { describedSeries } from "./words.ts";

test("what changed on several nodes in the same way is told once", () => {
  const deploy = { kind: "deploy", detail: "2.0.1" } as const;
  const coincidences = [
    { ...deploy, at: "2026-11-29T21:00:00.000Z" },
    { ...deploy, at: "2026-11-29T21:02:00.000Z" },
    { kind: "restart", detail: "left", at: "2026-11-29T21:03:00.000Z" } as const,
  ];
  const worst = { value: 0.5, expected: 0.1, spreads: 9 };
  const departure = {
    series: "cpu",
    ...describedSeries("cpu"),
    kind: "spike",
    direction: "above",
    since: "2026-11-29T21:04:00.000Z",
    ...worst,
    worst,
    sure: 1,
    node: null,
  } as const;
  expect(sentences({ departures: [departure], coincidences }).en).toMatch(
    /; shortly before: a new version \(2\.0\.1\), a restart \(left\)\.$/,
  );
});
