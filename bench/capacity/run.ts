// node bench/capacity/run.ts: how many people a lightly loaded server says that it carries, beside how many fill it.
import { parseArgs } from "node:util";
import { fullShare } from "../../apps/server/src/monitoring/analysis/capacity/estimate.ts";
import { readClaim, withDayOf } from "./claim.ts";
import { measureLevel, startFor, type Level } from "./level.ts";
import { administer } from "./monitor.ts";

const { values: options } = parseArgs({
  options: {
    known: { type: "string", default: "100,200,300" },
    /** People, in multiples of those that the server claims to carry. */
    climb: { type: "string", default: "0.6,0.8,1,1.2,1.5,2" },
    /** People of one channel; 0: all are in the same ten channels, however many they are. */
    readers: { type: "string", default: "20" },
    seconds: { type: "string", default: "15" },
  },
});
const level = { readers: Number(options.readers), windowMs: Number(options.seconds) * 1_000 };
const startedAt = Date.now();

const learned: Level[] = [];
for (const people of numbers(options.known)) learned.push(await measured(people));
const known = learned.at(-1)!.people;
const rows = learned.flatMap((each) => each.rows);
const claim = await claimed();
const { low, expected, high } = claim.people!;
console.log(`\nwith up to ${known} people the server says: ${claim.sentence.en}`);

const climbed = [...learned];
for (const times of numbers(options.climb)) {
  const people = Math.round(expected * times);
  if (people <= climbed.at(-1)!.people) continue;
  climbed.push(await measured(people));
  if (isFull(climbed.at(-1)!)) break;
}
console.log(`\nfull at ${fullShare} of the event loop or of the core, or where deliveries fall behind:`);
for (const resource of ["event_loop", "cpu"] as const) {
  const told = claim.limits.find((each) => each.resource === resource)!.people;
  const real = crossing((each) => (resource === "cpu" ? each.cpu : each.loop));
  console.log(`${resource}: claimed ${range(told)}, measured ${ratio(told.expected, real)}`);
}
const first = crossing((each) => Math.max(each.loop, each.cpu, each.keepsUp ? 0 : 1));
const isHeld = first !== null && first >= low && first <= high ? "within" : "outside of";
console.log(
  `people: claimed ${range({ low, expected, high })}, measured ${ratio(expected, first)}, ${isHeld} its range`,
);
console.log(`${Math.round((Date.now() - startedAt) / 1_000)} s`);

async function measured(people: number): Promise<Level> {
  const running = await startFor(people, level.readers, administer);
  try {
    return await measureLevel(running, people, level);
  } finally {
    await running.stop();
  }
}

/** What a server says that had the known levels for a day. */
async function claimed() {
  const running = await startFor(known, level.readers, withDayOf(rows));
  try {
    return await readClaim(running);
  } finally {
    await running.stop();
  }
}

function isFull({ loop, cpu, keepsUp }: Level): boolean {
  return Math.max(loop, cpu) >= fullShare || !keepsUp;
}

/** The people with whom something is full, between the two measurements around it; null when it never was. */
function crossing(busy: (each: Level) => number): number | null {
  const index = climbed.findIndex((each) => busy(each) >= fullShare);
  if (index < 1) return null;
  const [before, after] = [climbed[index - 1]!, climbed[index]!];
  const share = (fullShare - busy(before)) / (busy(after) - busy(before));
  return before.people + (after.people - before.people) * share;
}

function ratio(told: number, real: number | null): string {
  return real === null ? "more than was tried" : `${rounded(real)}: ratio ${(told / real).toFixed(2)}`;
}

function range({ low: from, expected: about, high: until }: { low: number; expected: number; high: number }): string {
  return `${rounded(about)} (${rounded(from)} to ${rounded(until)})`;
}

function numbers(text: string): number[] {
  return text.split(",").map(Number);
}

function rounded(value: number): number {
  return Number(value.toPrecision(3));
}
