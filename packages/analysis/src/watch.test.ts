import { expect, test } from "vitest";
import type { SeriesSpec } from "./series-watch.ts";
import { Watch } from "./watch.ts";

const minuteS = 60;
const learnedMinutes = 3 * 1_440;
/** Around 100, with noise from a fixed sequence. */
const usual = (minute: number) => 100 + 5 * Math.sin(minute * 12.9898) * Math.cos(minute * 78.233);
const specs: readonly SeriesSpec[] = ["cause", "consequence"].map((name) => ({
  name,
  unit: 1,
  both: false,
  leastSpread: 0.1,
}));

test("a series that leaves its band twice within an incident is told with the worst of both times", () => {
  const watch = new Watch({ specs, newId: () => "incident" });
  let minute = 0;
  const observe = (cause: number, consequence: number) => {
    const values = new Map([
      ["cause", cause],
      ["consequence", consequence],
    ]);
    return watch.observe(minute++ * minuteS, values);
  };
  const repeat = (minutes: number, cause: () => number, consequence: () => number) =>
    Array.from({ length: minutes }, () => observe(cause(), consequence())).at(-1)!;
  const now = () => usual(minute);
  repeat(learnedMinutes, now, now);
  repeat(
    3,
    () => 5_000,
    () => 900,
  );
  repeat(8, now, () => 900);
  const [departed] = repeat(
    6,
    () => 600,
    () => 900,
  );
  expect(departed!.departures).toHaveLength(2);
  const [cause] = departed!.departures;
  expect(cause).toMatchObject({ series: "cause", since: learnedMinutes * minuteS, value: 600 });
  expect(cause!.worst.value).toBe(5_000);
});
