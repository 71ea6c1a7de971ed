import { describe, expect, test } from "vitest";
import { SeriesWatch, type SeriesDeparture } from "./series-watch.ts";

const minuteS = 60;
const learned = 3 * 1_440;
const spec = { name: "requests", unit: 10, both: true, leastSpread: 0.08 };
/** Around 20, by a fixed sequence. */
const noise = (minute: number) => 20 + 6 * Math.sin(minute * 12.9898) * Math.cos(minute * 78.233);

type Job = (minute: number) => boolean;
/** At seven minutes past each quarter, in one of six cases a minute later. */
const quarterly: Job = (minute) => (minute - (Math.floor(minute / 15) % 6 === 5 ? 1 : 0)) % 15 === 7;

class Replay {
  readonly watch: SeriesWatch;
  readonly found: { minute: number; departure: SeriesDeparture }[] = [];
  #minute = 0;

  constructor(both = true) {
    this.watch = new SeriesWatch({ ...spec, both });
  }

  until(end: number, job: Job): this {
    for (; this.#minute < end; this.#minute += 1) {
      const value = noise(this.#minute) + (job(this.#minute) ? 400 : 0);
      const departure = this.watch.observe(this.#minute * minuteS, value);
      if (departure) this.found.push({ minute: this.#minute, departure });
    }
    return this;
  }
}

describe("what happens every quarter of an hour", () => {
  test("is usual: it is no incident, and the band is higher at its minute", () => {
    const { watch, found } = new Replay().until(learned + 7 * 1_440, quarterly);
    expect(found).toEqual([]);
    const at = (minute: number) => watch.band((learned + minute) * minuteS)!;
    expect(at(7).high).toBeGreaterThan(420);
    expect(at(7).low).toBeGreaterThan(100);
    expect(at(12).high).toBeLessThan(100);
  });

  test("is missed a minute after the first time that it does not come, until it comes again", () => {
    const replay = new Replay().until(learned, quarterly).until(learned + 30, () => false);
    const { minute, departure } = replay.found[0]!;
    expect(minute).toBe(learned + 8);
    expect(departure).toMatchObject({
      kind: "rhythm",
      direction: "below",
      since: (learned + 7) * minuteS,
      every_minutes: 15,
    });
    expect(departure.expected).toBeGreaterThan(200);
    expect(departure.value).toBeLessThan(40);
    replay.found.length = 0;
    replay.until(learned + 38, quarterly);
    expect(replay.found.at(-1)!.minute).toBe(learned + 37);
    replay.until(learned + 600, quarterly);
    expect(replay.found.at(-1)!.minute).toBeLessThanOrEqual(learned + 38);
  });

  test("is forgotten when it has stopped for good, or when it was expected to stop", () => {
    const stopped = new Replay().until(learned, quarterly).until(learned + 1_440, () => false);
    expect(stopped.found.at(-1)!.minute).toBeLessThan(learned + 8 * 60);
    const expected = new Replay().until(learned, quarterly).until(learned + 10, () => false);
    expected.watch.adopt();
    expected.found.length = 0;
    expect(expected.until(learned + 1_440, () => false).found).toEqual([]);
  });

  test("is not missed where falling short does not matter, but belongs to the band", () => {
    const { found, watch } = new Replay(false).until(learned, quarterly).until(learned + 600, () => false);
    expect(found).toEqual([]);
    expect(watch.band((learned + 7) * minuteS)).not.toBeNull();
  });

  test("is remembered over a restart", () => {
    const { watch } = new Replay().until(learned, quarterly);
    const again = new SeriesWatch(spec, structuredClone(watch.save()));
    const departures = Array.from({ length: 12 }, (_, minute) =>
      again.observe((learned + minute) * minuteS, noise(learned + minute)),
    );
    expect(departures.at(-1)).toMatchObject({ kind: "rhythm", every_minutes: 15 });
  });
});

test.each([
  ["noise", () => false],
  [
    "what happens one minute in fifteen by chance",
    (minute: number) => (minute * 7_919 + (minute >> 3) * 104_729) % 15 === 0,
  ],
] as const)("%s has no rhythm", (_, job) => {
  const { found } = new Replay().until(learned + 14 * 1_440, job);
  expect(found.filter(({ departure }) => departure.kind === "rhythm")).toEqual([]);
});
