import { expect, test } from "vitest";
import { divideStage, gridFor, placeTiles, stageGap } from "./stage-layout.ts";

const stages = [
  { name: "a desktop", width: 900, height: 760 },
  { name: "a wide screen", width: 2_100, height: 1_300 },
  { name: "a phone", width: 366, height: 560 },
  { name: "a phone on its side", width: 780, height: 240 },
] as const;
const counts = [1, 2, 3, 4, 5, 7, 10] as const;

const cases = stages.flatMap((stage) => counts.map((count) => [count, stage.name, stage] as const));

test.each(cases)("%i people fill the stage of %s and stay inside it", (count, _, stage) => {
  const { columns, width, height } = gridFor(count, stage);
  const rows = Math.ceil(count / columns);
  expect(columns * width + stageGap * (columns - 1)).toBeLessThanOrEqual(stage.width);
  expect(rows * height + stageGap * (rows - 1)).toBeLessThanOrEqual(stage.height);
  expect(width / height).toBeGreaterThanOrEqual(0.99);
  expect(width / height).toBeLessThanOrEqual(1.8);
  // A row that is not full leaves cells empty; all cells together fill most of what the shape of the tiles allows.
  expect((columns * rows * width * height) / (stage.width * stage.height)).toBeGreaterThan(count < 3 ? 0.4 : 0.6);
});

test.each(stages)("one shared screen gets most of the stage of $name, and people keep a strip", (stage) => {
  const { direction, screens, people } = divideStage(stage, 1);
  expect(direction).toBe(stage.width / stage.height > 2 ? "row" : "column");
  const share = Math.min(screens!.width, (screens!.height * 16) / 9) / Math.min(stage.width, (stage.height * 16) / 9);
  expect(share).toBeGreaterThan(0.6);
  const [along, across] = direction === "row" ? (["width", "height"] as const) : (["height", "width"] as const);
  expect(screens![along] + stageGap + people[along]).toBeCloseTo(stage[along]);
  expect([screens![across], people[across]]).toEqual([stage[across], stage[across]]);
  expect(people[along]).toBeGreaterThanOrEqual(100);
});

test("a stage that has no size yet has no tiles", () => {
  expect(gridFor(3, { width: 0, height: 0 })).toEqual({ columns: 1, width: 0, height: 0 });
});

const mixed = stages.flatMap((stage) =>
  (
    [
      [1, 0],
      [0, 7],
      [1, 1],
      [1, 10],
      [3, 4],
    ] as const
  ).map(([large, small]) => [large, small, stage.name, stage] as const),
);

test.each(mixed)(
  "%i large and %i small tiles lie inside the stage of %s, beside each other",
  (large, small, _, stage) => {
    const placed = placeTiles(stage, { large, small });
    expect([placed.large.length, placed.small.length]).toEqual([large, small]);
    const all = [...placed.large, ...placed.small];
    for (const [at, { left, top, width, height }] of all.entries()) {
      expect(Math.min(left, top)).toBeGreaterThanOrEqual(-1);
      expect(left + width).toBeLessThanOrEqual(stage.width + 1);
      expect(top + height).toBeLessThanOrEqual(stage.height + 1);
      const overlapping = all.filter((other, index) => {
        const isApart =
          other.left >= left + width ||
          left >= other.left + other.width ||
          other.top >= top + height ||
          top >= other.top + other.height;
        return index !== at && !isApart;
      });
      expect(overlapping).toEqual([]);
    }
  },
);
