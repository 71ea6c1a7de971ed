import { expect, test } from "vitest";
import { Shedding } from "./shedding.ts";

const [loud, quiet] = [1, 2];
const wanted = { [loud]: 4_000, [quiet]: 150 };

/** How many packets of each sender are sent on in a period. */
function period(shedding: Shedding): Record<number, number> {
  const passed = Object.entries(wanted).map(([source, count]) => {
    const packets = Array.from({ length: count }, () => shedding.allows(Number(source), 1));
    return [source, packets.filter(Boolean).length];
  });
  shedding.review();
  return Object.fromEntries(passed);
}

test("while the process falls behind, pictures of whoever sends the most are left out, and come back when it does no longer", () => {
  let utilization = 0.5;
  const shedding = new Shedding(() => utilization);
  expect(period(shedding)).toEqual(wanted);
  utilization = 1;
  period(shedding);
  expect(period(shedding)).toEqual({ [loud]: 2_000, [quiet]: 150 });
  for (let times = 0; times < 10; times += 1) period(shedding);
  expect(period(shedding)).toEqual({ [loud]: 100, [quiet]: 100 });
  utilization = 0.5;
  for (let times = 0; times < 60; times += 1) period(shedding);
  expect(period(shedding)).toEqual(wanted);
});
