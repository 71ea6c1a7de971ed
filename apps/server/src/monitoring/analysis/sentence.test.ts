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
    every_minutes: null,
    node: null,
    alone: false,
  } as const;
  expect(sentences({ departures: [departure], coincidences }).en).toMatch(
    /; shortly before: a new version \(2\.0\.1\), a restart \(left\)\.$/,
  );
});

test("a broken rhythm is told with the minutes after which it should come", () => {
  const worst = { value: 21, expected: 410, spreads: 12 };
  const departure = {
    series: "requests",
    ...describedSeries("requests"),
    kind: "rhythm",
    direction: "below",
    since: "2026-11-29T21:15:00.000Z",
    ...worst,
    worst,
    sure: 1,
    every_minutes: 15,
    node: null,
    alone: false,
  } as const;
  expect(sentences({ departures: [departure], coincidences: [] })).toEqual({
    en: "Requests: no rise, which comes every 15 minutes, since {{since}} (21/min, usually 410/min).",
    ru: "Запросы: нет всплеска, обычного каждые 15 мин, с {{since}} (21/мин, обычно 410/мин).",
  });
});
