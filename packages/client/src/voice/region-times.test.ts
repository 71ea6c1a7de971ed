import type { VoiceRegion } from "@miscord/protocol";
import { beforeEach, expect, test } from "vitest";
import { ManualClock, settled } from "../testing/manual-clock.ts";
import { RegionTimes } from "./region-times.ts";

const main = { name: "main", url: null, stun_url: null, is_own: true };
const ams = { name: "ams", url: "https://ams.example.org", stun_url: null, is_own: false };
const away = { name: "away", url: null, stun_url: "stun:away.example.org:7880", is_own: false };
const unmeasured = { name: "lan", url: null, stun_url: null, is_own: false };

let clock: ManualClock;
let regions: VoiceRegion[];
let pings: string[];
/** Of each round trip to a region, the first one first; then the last one again. */
let delays: Record<string, number[]>;
let times: RegionTimes;

beforeEach(() => {
  clock = new ManualClock();
  regions = [main, ams];
  pings = [];
  delays = { main: [30, 12], ams: [90, 40, 35, 44] };
  times = new RegionTimes({
    clock,
    list: () => Promise.resolve(regions),
    ping({ name }) {
      pings.push(name);
      const [ms, ...others] = delays[name] ?? [];
      if (ms === undefined) return Promise.reject(new Error("unreachable"));
      if (others.length > 0) delays[name] = others;
      return new Promise<void>((resolve) => void clock.setTimeout(resolve, ms));
    },
  });
});

async function measure(ms = 1_200): Promise<string> {
  const done = times.measure();
  await settled();
  await clock.advance(ms);
  await done;
  return times.text;
}

test("the shortest of several round trips to each region counts", async () => {
  expect(await measure()).toBe("main:12,ams:35");
  expect(pings.filter((name) => name === "ams")).toHaveLength(4);
});

test("a region that cannot be reached, or has no address for browsers, has no time", async () => {
  regions = [main, away, unmeasured];
  expect(await measure()).toBe("main:12");
  expect(pings.filter((name) => name !== "main")).toEqual(["away"]);
});

test("with nothing to choose from, and from a server that knows no regions, nothing is measured", async () => {
  regions = [];
  expect(await measure()).toBe("");
  times = new RegionTimes({ clock, list: () => Promise.reject(new Error("404")), ping: () => Promise.reject() });
  expect(await measure()).toBe("");
});

test("a region that does not answer holds no call up, and is known to the next one once it does", async () => {
  delays = { main: [10], ams: [3_000, 80] };
  expect(await measure(1_200)).toBe("main:10");
  expect(await measure(3_000)).toBe("main:10,ams:80");
});

test("times are kept for some minutes", async () => {
  await measure();
  const before = pings.length;
  await measure();
  expect(pings).toHaveLength(before);
  await clock.advance(300_001);
  await measure();
  expect(pings.length).toBeGreaterThan(before);
});
