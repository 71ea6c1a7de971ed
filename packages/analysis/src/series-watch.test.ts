import { expect, test } from "vitest";
import { SeriesWatch } from "./series-watch.ts";

const minuteS = 60;
const learnedMinutes = 3 * 1_440;
/** Around 100, with noise from a fixed sequence. */
const usual = (minute: number) => 100 + 5 * Math.sin(minute * 12.9898) * Math.cos(minute * 78.233);

test("a departure ends when the series has no values for a while, as between two calls", () => {
  const watch = new SeriesWatch({ name: "rtt", unit: 1, both: false, leastSpread: 0.1 });
  const observe = (minute: number, value: number) => watch.observe(minute * minuteS, value);
  for (let minute = 0; minute < learnedMinutes; minute++) observe(minute, usual(minute));
  const during = Array.from({ length: 10 }, (_, minute) => observe(learnedMinutes + minute, 900));
  expect(during.at(-1)).toMatchObject({ series: "rtt", since: learnedMinutes * minuteS });
  // Two minutes without a value are not its end.
  expect(observe(learnedMinutes + 12, 900)).toMatchObject({ since: learnedMinutes * minuteS });

  const later = learnedMinutes + 180;
  const again = Array.from({ length: 10 }, (_, minute) => observe(later + minute, 900));
  expect(again[0]).toBeNull();
  expect(again.at(-1)).toMatchObject({ kind: "spike", since: later * minuteS });
});
