import type { MonitorNode } from "@miscord/protocol";
import { expect, test } from "vitest";
import type { Minute } from "../series.ts";
import { Community, startOfTime } from "../testing/community.ts";
import { Capacity } from "./capacity.ts";

const node = { host: "one" } as MonitorNode;
const fourGigabytes = 4e9;

/** A machine on which every command, delivery and arrival has its price, and a person behaves as a person. */
function loopOf({ arrivals, messages_received: commands, messages_sent: deliveries, sockets, seconds }: Minute) {
  return 0.008 + (arrivals * 4e-3 + commands * 3e-4 + deliveries * 4e-6) / seconds + sockets * 2e-5;
}

function withLoad(minute: Minute, share: number): Minute {
  const busy = loopOf(minute);
  return {
    ...minute,
    loop_busy: Number((busy * share).toFixed(4)),
    cpu_percent: busy * 100 * share,
    memory_percent: (minute.memory_bytes / fourGigabytes) * 100,
  };
}

async function learn(hours: number, nodes: readonly string[] = ["one"], limit = 100_000): Promise<Capacity> {
  const capacity = new Capacity([]);
  const community = new Community(3);
  for (let at = startOfTime; at <= startOfTime + hours * 3_600; at += 60) {
    const minute = community.minute(at);
    capacity.add(at, new Map(nodes.map((name) => [name, withLoad(minute, 1)])));
  }
  await capacity.refresh(
    startOfTime + hours * 3_600,
    nodes.map(() => node),
    limit,
  );
  return capacity;
}

test("tells that too little is known until a day of load and ten people are", async () => {
  const capacity = await learn(5);
  expect(capacity.report(1)).toMatchObject({ people: null, first: null, limits: [], memory_per_connection: null });
  expect(capacity.report(1).sentence).toEqual({
    en: "Not enough data yet to tell how many people this machine carries: 5 of 24 hours.",
    ru: "Пока мало данных о том, сколько человек выдержит эта машина: 5 ч из 24.",
  });
});

test("tells how many people fill the event loop, within a range that holds it, and what fills it", async () => {
  const capacity = await learn(50);
  const report = capacity.report(1);
  // What people do in the busiest hours, grown until the price of it is 85 % of the event loop.
  const community = new Community(3);
  const minutes = Array.from({ length: 3_000 }, (_, index) => community.minute(startOfTime + index * 60));
  const most = Math.max(...minutes.map(({ people }) => people));
  const busy = minutes.filter(({ people }) => people > most * 0.7);
  const mean = (value: (minute: Minute) => number) => busy.reduce((sum, each) => sum + value(each), 0) / busy.length;
  const people = mean((minute) => minute.people);
  const useAt = (count: number) => {
    const times = count / people;
    const of = (name: "arrivals" | "messages_received" | "sockets") => mean((minute) => minute[name]) * times;
    // Whoever writes is read by all who are there.
    const deliveries = mean((minute) => minute.messages_sent) * times ** 2;
    return loopOf({
      ...minutes[0]!,
      arrivals: of("arrivals"),
      messages_received: of("messages_received"),
      messages_sent: deliveries,
      sockets: of("sockets"),
      seconds: 60,
    });
  };
  let truth = 1;
  while (useAt(truth) < 0.85) truth += 10;
  expect(report.people!.expected).toBeGreaterThan(truth * 0.7);
  expect(report.people!.expected).toBeLessThan(truth * 1.4);
  expect(report.people!.low).toBeLessThan(truth);
  expect(report.people!.high).toBeGreaterThan(truth);
  expect(report.first).toMatchObject({ resource: "event_loop" });
  expect(report.sentence.en).toMatch(
    /^This machine carries about [\d,]+ people at today's habits \([\d,]+ to [\d,]+\); the first limit is the event loop, most of all through /,
  );
  expect(report.costs.reduce((sum, { share }) => sum + share, 0)).toBeLessThanOrEqual(1.0001);
  expect(report.memory_per_connection).toBeGreaterThan(40_000);
  expect(report.memory_per_connection).toBeLessThan(90_000);

  const again = new Capacity(capacity.kept);
  await again.refresh(startOfTime + 51 * 3_600, [node], 100_000);
  expect(again.report(1).people!.expected / report.people!.expected).toBeCloseTo(1, 0);
});

test("of ten nodes a day is known after a day, and each of them in turn", async () => {
  const names = Array.from({ length: 10 }, (_, index) => `node ${index}`);
  const capacity = await learn(25, names, 400);
  expect(capacity.report(10).people).not.toBeNull();
  expect(capacity.report(10).known.hours).toBeGreaterThanOrEqual(24);
  expect(new Capacity(capacity.kept).kept).toEqual(capacity.kept);
});

test("a connection limit that comes first is named, and several nodes carry more together", async () => {
  const capacity = await learn(26, ["left", "right"], 400);
  const report = capacity.report(2);
  expect(report.first).toEqual({ resource: "connections", kind: null });
  expect(report.people!.expected).toBeGreaterThan(600);
  expect(report.people!.expected).toBeLessThan(850);
  expect(report.sentence.ru).toMatch(
    /^При сегодняшних привычках все узлы вместе \(2\) выдержат примерно .*; первый предел — лимит соединений\.$/,
  );
});
