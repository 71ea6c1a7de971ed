import type { WeekSummary } from "@miscord/protocol";
import { pino } from "pino";
import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { createAnnouncer } from "./announcer.ts";
import { AnalysisWorld, slowDatabase } from "./testing/analysis-world.ts";
import { learnDays, type Learned } from "./testing/learned-watch.ts";

vi.setConfig({ hookTimeout: 120_000 });

let learned: Learned;
let world: AnalysisWorld;

beforeAll(() => {
  learned = learnDays(9, 5);
});
beforeEach(async () => {
  world = await AnalysisWorld.open(learned);
});
afterEach(() => world.close());

async function addLoudAccount(): Promise<number> {
  const row = {
    username: "loud",
    username_key: "loud",
    username_skeleton: "loud",
    email: "loud@example.org",
    password_hash: "",
    display_name: "loud",
    avatar_color: "#5865f2",
    is_admin: 0,
    locale: null,
    theme: "system",
    status: "online",
    created_at: world.clock.now(),
  };
  return (await world.store.db.insertInto("users").values(row).returning("id").executeTakeFirstOrThrow()).id;
}

describe("the analysis tells", () => {
  test("of two nodes one tells the week, once, also when the other takes over, and both show it", async () => {
    await world.keepRunningWeek();
    const left = await world.start("left");
    const right = await world.start("right");
    await world.minutes(4, slowDatabase);
    expect(world.toldWeeks).toEqual([]);
    await world.minutes(10, slowDatabase);
    expect(world.toldWeeks).toHaveLength(1);
    const [week] = world.toldWeeks as [WeekSummary];
    expect(week).toMatchObject({ accounts: 0, messages: 0, incidents: 1, forecasts_known: false, nearest: null });
    expect(week.most_people).toBeGreaterThan(41);
    expect(week.call_minutes).toBeGreaterThan(600);
    expect(week.longest!.id).toBe(world.told[0]!.incident.id);
    expect(week.text.en).toMatch(
      /^The week from \w+ \d+ to \w+ \d+\.\nPeople: 0 were here, at most \d+ at once \(.* UTC\)\.\nMessages: 0\. Calls: 1\d hr, at most \d+ people at once\.\nIncidents: 1, \d min in all\. The longest: Delivery latency/,
    );
    expect(week.text.ru).toMatch(/^Неделя с \d+ .* по .*\nЛюди: всего заходили 0, .*\nСообщения: 0\. Звонки: 1\d ч, /);
    for (const { analysis } of world.nodes) expect(analysis.incidents().week).toEqual(week);
    await left.leave();
    await world.minutes(3);
    expect(world.toldWeeks).toHaveLength(1);
    expect(right.analysis.incidents().week).toEqual(week);
  });

  test("a week that ends while the database fails is told when it works again", async () => {
    await world.keepRunningWeek();
    const { analysis } = await world.start("one");
    await world.minutes(4);
    world.isDatabaseDown = true;
    await world.minutes(5);
    expect(world.toldWeeks).toEqual([]);
    world.isDatabaseDown = false;
    await world.minutes(2);
    expect(world.toldWeeks).toHaveLength(1);
    expect(analysis.incidents().week!.text.en).toContain("No incidents.");
  });

  test("names the account and the channel that suddenly make much of the load, to administrators only", async () => {
    const account = await addLoudAccount();
    const { analysis } = await world.start("one");
    await world.minutes(35);
    world.loads = {
      account: { total: 3_000, top: [{ key: account, count: 2_000 }] },
      channel: { total: 90_000, top: [{ key: 404, count: 80_000 }] },
    };
    await world.minutes(6, slowDatabase);
    const [incident] = analysis.incidents().incidents;
    // A channel that is gone is left out.
    expect(incident!.coincidences).toMatchObject([{ kind: "account", detail: "loud" }]);
    expect(incident!.sentence.en).toContain("shortly before: much from one account (loud)");
    const sent: unknown[] = [];
    const sink = { name: "test", send: (...given: unknown[]) => Promise.resolve(void sent.push(given)) };
    const logger = pino({ level: "silent" });
    createAnnouncer({ sinks: [sink], language: "en", logger })({ event: "start", incident: incident! });
    expect(sent).toHaveLength(1);
    expect(JSON.stringify(sent)).not.toContain("loud");
    expect(JSON.stringify(sent)).toContain("Delivery latency");
  });
});
