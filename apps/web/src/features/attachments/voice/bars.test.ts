import { expect, test } from "vitest";
import { barCount, barsOf } from "./bars.ts";

const encode = (...bytes: number[]) => btoa(String.fromCharCode(...bytes));

test("a wave form of few bytes fills all bars with the nearest ones", () => {
  const bars = barsOf(encode(0, 255));
  expect(bars).toHaveLength(barCount);
  expect([bars[0], bars[barCount / 2 - 1], bars[barCount / 2], bars.at(-1)]).toEqual([0, 0, 1, 1]);
});

test("a wave form of many bytes keeps its peaks", () => {
  const bytes = Array.from({ length: 64 }, (_, at) => (at === 41 ? 255 : 51));
  expect(barsOf(encode(...bytes)).filter((height) => height === 1)).toHaveLength(1);
});

test.each(["", "!", "<b>"])("a wave form that cannot be read, %j, is flat", (text) => {
  expect(barsOf(text)).toEqual(Array.from({ length: barCount }, () => 0));
});
