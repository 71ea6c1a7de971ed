import type { MonitorIncident } from "@miscord/protocol";
import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { AlertBudget, gathersForS, toldOneByOne } from "./alert-budget.ts";
import { textOf } from "./announcer.ts";
import type { IncidentAnnouncement } from "./incident-log.ts";
import { AnalysisWorld, slowDatabase } from "./testing/analysis-world.ts";
import { learnDays, type Learned } from "./testing/learned-watch.ts";

vi.setConfig({ hookTimeout: 120_000, testTimeout: 60_000 });

let learned: Learned;
beforeAll(() => {
  learned = learnDays(9, 5);
});

describe("what comes and goes", () => {
  let world: AnalysisWorld;
  beforeEach(async () => {
    world = await AnalysisWorld.open(learned);
  });
  afterEach(() => world.close());

  test("is one incident, told when it begins, is over, is back, and has stayed away for an hour, also over a restart", async () => {
    const first = await world.start("one");
    await world.minutes(5);
    for (let turn = 0; turn < 5; turn += 1) {
      await world.minutes(6, slowDatabase);
      await world.minutes(12);
    }
    await first.leave();
    const { analysis } = await world.start("one");
    for (let turn = 0; turn < 4; turn += 1) {
      await world.minutes(6, slowDatabase);
      await world.minutes(12);
    }
    expect(world.told.map(({ event }) => event)).toEqual(["start", "end", "again"]);
    const { incidents } = analysis.incidents();
    expect(incidents).toHaveLength(1);
    expect(incidents[0]!.returns).toBeGreaterThanOrEqual(6);
    await world.minutes(60);
    expect(world.told.map(({ event }) => event)).toEqual(["start", "end", "again", "end"]);
    expect(new Set(world.told.map(({ incident }) => incident.id)).size).toBe(1);
    // What comes after that is another incident.
    await world.minutes(6, slowDatabase);
    expect(world.told.map(({ event }) => event)).toEqual(["start", "end", "again", "end", "start"]);
    expect(analysis.incidents().incidents).toHaveLength(2);
  });
});

const incidentOf = (number: number, isOver = false) =>
  ({
    id: `incident-${number}`,
    started_at: "2026-11-29T21:04:00.000Z",
    ended_at: isOver ? "2026-11-29T21:20:00.000Z" : null,
    sentence: { en: `Figure ${number} since {{since}}.`, ru: `Показатель ${number} с {{since}}.` },
  }) as MonitorIncident;

describe("the budget of an hour", () => {
  test("tells a few announcements one by one and gathers all others in one digest an hour, also over a restart", () => {
    let budget = new AlertBudget();
    const incidents = Array.from({ length: 200 }, (_, number) => incidentOf(number));
    const told: { at: number; event: string; ids: string[] }[] = [];
    for (let minute = 0; minute < 200; minute += 1) {
      const due: IncidentAnnouncement[] = [{ event: "start", incident: incidents[minute]! }];
      const at = minute * 60;
      for (const given of budget.take(at, due, incidents.slice(0, minute + 1))) {
        const meant = given.event === "digest" ? given.incidents : "incident" in given ? [given.incident] : [];
        told.push({ at, event: given.event, ids: meant.map(({ id }) => id) });
      }
      if (minute === 15) budget = new AlertBudget(JSON.parse(JSON.stringify(budget.kept)));
    }
    for (let from = 0; from < 200 * 60; from += 60) {
      const within = told.filter(({ at }) => at >= from && at < from + 3_600);
      expect(within.length).toBeLessThanOrEqual(toldOneByOne + 1);
    }
    const digests = told.filter(({ event }) => event === "digest");
    expect(digests.map(({ at }) => at)[0]).toBe(toldOneByOne * 60 + gathersForS);
    expect(digests).toHaveLength(3);
    const all = told.flatMap(({ ids }) => ids);
    expect(new Set(all).size).toBe(all.length);
    expect(all.slice(0, toldOneByOne + 1).at(-1)).toBe(`incident-${toldOneByOne}`);
  });

  test("tells the end of what waits in the digest only, and afterwards one by one again", () => {
    const budget = new AlertBudget();
    const start = (number: number): IncidentAnnouncement => ({ event: "start", incident: incidentOf(number) });
    const numbers = Array.from({ length: toldOneByOne + 1 }, (_, number) => number);
    expect(
      budget.take(
        0,
        numbers.map(start),
        numbers.map((number) => incidentOf(number)),
      ),
    ).toHaveLength(toldOneByOne);
    const over = incidentOf(toldOneByOne, true);
    expect(budget.take(300, [{ event: "end", incident: over }], [over])).toEqual([]);
    const [digest] = budget.take(gathersForS, [], [over]);
    expect(digest).toMatchObject({ event: "digest", incidents: [{ id: over.id }] });
    expect(textOf(digest!, "en")).toBe(
      "Many incidents at once, gathered in one message: 1\n• Over: Figure 8 since 21:04 UTC.",
    );
    expect(textOf(digest!, "ru")).toContain("• Закончилось: Показатель 8 с 21:04 UTC.");
    expect(budget.take(3_700, [start(20)], [incidentOf(20)])).toHaveLength(1);
  });
});
