import { NodeWatch } from "@miscord/analysis";
import type { MonitorSample, MonitorScope } from "@miscord/protocol";
import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { keepAnalysis, readAnalysis } from "../../store/queries/analysis.ts";
import { pass } from "../../cluster/testing/pass.ts";
import { foldNodes } from "../history/fold-nodes.ts";
import type { Analysis } from "./analysis.ts";
import { modelFromText, modelToText, nodeWatchToText } from "./model-text.ts";
import { serverSeries } from "./series.ts";
import type { Fault } from "./testing/community.ts";
import { AnalysisWorld, slowDatabase } from "./testing/analysis-world.ts";
import { learnDays, newWatch, type Learned } from "./testing/learned-watch.ts";

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

describe("the analysis", () => {
  test("tells an incident once at its start and once at its end, with a sentence in both languages", async () => {
    const { analysis } = await world.start("one");
    await world.minutes(5);
    await world.minutes(6, slowDatabase);
    expect(world.told.map(({ event }) => event)).toEqual(["start"]);
    const [incident] = analysis.incidents().incidents;
    expect(incident).toMatchObject({ ended_at: null, verdict: null });
    expect(incident!.departures[0]).toMatchObject({ series: "latency_p50", direction: "above", node: null });
    expect(incident!.sentence.en).toMatch(
      /^Delivery latency \(p50\): [\d.]+ times the usual since {{since}} \([\d.]+\u00A0ms, usually [\d.]+\u00A0ms\); then/,
    );
    expect(incident!.sentence.ru).toMatch(/^Задержка доставки \(p50\): в [\d,]+ раза? больше обычного с {{since}}/);
    await world.minutes(15);
    expect(world.told.map(({ event, incident: { id } }) => [event, id])).toEqual([
      ["start", incident!.id],
      ["end", incident!.id],
    ]);
    expect(analysis.incidents().incidents[0]!.ended_at).not.toBeNull();
  });

  test("names the restart and the changed settings that came before an incident", async () => {
    const first = await world.start("one", "2.0.0", { batchSize: "a" });
    await world.minutes(5);
    await first.leave();
    await world.start("one", "2.0.1", { batchSize: "b" });
    await world.minutes(4);
    await world.minutes(6, slowDatabase);
    expect(world.told).toHaveLength(1);
    expect(world.told[0]!.incident.coincidences).toMatchObject([
      { kind: "deploy", detail: "2.0.1" },
      { kind: "configuration", detail: "batchSize" },
    ]);
    expect(world.told[0]!.incident.sentence.en).toContain(
      "shortly before: a new version (2.0.1), changed settings (batchSize)",
    );
  });

  test("of two nodes one analyses, names the node, and both report the same", async () => {
    await world.start("left");
    await world.start("right");
    await world.minutes(5);
    await world.minutes(6, slowDatabase);
    expect(world.told.map(({ event }) => event)).toEqual(["start"]);
    const reports = world.nodes.map(({ analysis }) => analysis.incidents());
    expect(reports[0]!.incidents).toHaveLength(1);
    expect(reports[1]).toEqual(reports[0]);
    expect(reports[0]!.incidents[0]!.departures[0]).toMatchObject({ node: "left" });
  });

  test("one of three nodes that departs while the whole is as usual is named once, and its level is usual after a verdict", async () => {
    const now = world.clock.now() / 1_000;
    const idle = new Map([["memory", world.community.minute(now).memory_bytes / 3]]);
    const before = new NodeWatch(serverSeries);
    for (let at = now - 3 * 86_400; at < now; at += 60) before.observe(at, new Map(["a", "b"].map((id) => [id, idle])));
    await keepAnalysis(world.store.db, "nodes", await nodeWatchToText(before));
    for (const name of ["left", "middle", "right"]) await world.start(name);
    const leaking: Fault = ({ memory_bytes: memory }) => ({ memory_bytes: memory * 0.9 });
    await world.minutes(36);
    await world.minutes(10, undefined, leaking);
    expect(world.told).toHaveLength(1);
    const { id, departures, sentence } = world.told[0]!.incident;
    expect(departures).toMatchObject([{ series: "memory", node: "right", alone: true, direction: "above" }]);
    expect(sentence.en).toMatch(/^Memory only on right: [\d.]+ times the usual since/);
    expect(sentence.ru).toMatch(/^Память только на узле right: в [\d,]+ раза больше обычного с/);
    const [left, middle] = world.nodes as [(typeof world.nodes)[0], (typeof world.nodes)[0]];
    expect(middle.analysis.judge(id, "expected")).toBe(true);
    await world.minutes(10, undefined, leaking);
    expect(world.told.map(({ event }) => event)).toEqual(["start", "end"]);
    await world.minutes(10);
    expect(left.analysis.incidents().incidents).toHaveLength(1);
  });

  test("of two nodes each has the bands of the instance and, after two days, those of one node", async () => {
    const left = await world.start("left");
    const right = await world.start("right");
    await world.minutes(3);
    const now = () => world.clock.now() / 1_000;
    const usual = world.community.minute(now()).main_connections;
    const held = (analysis: Analysis, of: MonitorScope) => analysis.bands([now()], of);
    for (const { analysis } of [left, right]) {
      const [band] = (await held(analysis, "instance")).series.connections!;
      expect([band!.low < usual, band!.high > usual]).toEqual([true, true]);
      expect(await held(analysis, "node")).toEqual({ series: {} });
    }
    await left.leave();
    await right.leave();
    // Two nodes that share the people evenly.
    const nodes = new NodeWatch(serverSeries);
    const half = new Map([["connections", usual / 2]]);
    const both = new Map(["a", "b"].map((id) => [id, half]));
    for (let at = now() - 3 * 86_400; at < now(); at += 60) nodes.observe(at, both);
    await keepAnalysis(world.store.db, "nodes", await nodeWatchToText(nodes));
    await world.start("left");
    await world.start("right");
    await world.minutes(3);
    for (const { analysis } of world.nodes) {
      const [band] = (await held(analysis, "node")).series.connections!;
      expect([band!.low < usual / 2, band!.high > usual / 2, band!.high < usual]).toEqual([true, true, true]);
    }
  });

  test("of several nodes the minutes are those of all together, and a node's own while it is alone", async () => {
    await world.start("left");
    await world.minutes(3);
    expect(world.nodes[0]!.together.at(-1)).toHaveLength(1);
    await world.start("right");
    await world.minutes(4);
    const minutes = world.nodes[0]!.together.at(-1)!;
    expect(minutes).toHaveLength(2);
    const [left, right] = minutes as [MonitorSample, MonitorSample];
    const folded = foldNodes(minutes);
    expect(folded.at).toBe(left.at);
    expect(folded.main_connections).toBe(left.main_connections + right.main_connections);
    expect(folded.memory_bytes).toBe(Math.max(left.memory_bytes, right.memory_bytes));
  });

  test("a node that cannot read at its start what was found shows it a little later", async () => {
    world.isDatabaseDown = true;
    const { analysis } = await world.start("one");
    await analysis.settled();
    expect(analysis.incidents().learned_at).toBeNull();
    world.isDatabaseDown = false;
    await pass(world.clock, 5_000);
    await analysis.settled();
    expect(analysis.incidents().learned_at).not.toBeNull();
  });

  test("a node that comes later shows at once what the one that analyses knows", async () => {
    const left = await world.start("left");
    await left.analysis.settled();
    const right = await world.start("right");
    await right.analysis.settled();
    await pass(world.clock, 250);
    const { learned_at: learnedAt } = left.analysis.incidents();
    expect(learnedAt).not.toBeNull();
    expect(right.analysis.incidents().learned_at).toBe(learnedAt);
  });

  test("a node that takes over goes on with the incident and announces nothing twice", async () => {
    const left = await world.start("left");
    await world.minutes(5);
    await world.minutes(6, slowDatabase);
    await left.leave();
    const right = await world.start("right");
    await world.minutes(8, slowDatabase);
    expect(world.told.map(({ event }) => event)).toEqual(["start"]);
    await world.minutes(25);
    expect(world.told.map(({ event }) => event)).toEqual(["start", "end"]);
    expect(right.analysis.incidents().incidents).toHaveLength(1);
  });

  test("an incident is announced while the database fails, and not again when it works", async () => {
    await world.start("one");
    await world.minutes(5);
    world.isDatabaseDown = true;
    await world.minutes(6, slowDatabase);
    expect(world.told.map(({ event }) => event)).toEqual(["start"]);
    world.isDatabaseDown = false;
    await world.minutes(4, slowDatabase);
    expect(world.told.map(({ event }) => event)).toEqual(["start"]);
  });

  test("an incident that was expected ends, and the same level is usual from then on", async () => {
    await world.start("left");
    const right = await world.start("right");
    await world.minutes(5);
    await world.minutes(6, slowDatabase);
    const { id } = world.told[0]!.incident;
    expect(right.analysis.judge("no-such-incident", "expected")).toBe(false);
    expect(right.analysis.judge(id, "expected")).toBe(true);
    await world.minutes(30, slowDatabase);
    expect(world.told.map(({ event }) => event)).toEqual(["start", "end"]);
    expect(right.analysis.incidents().incidents).toMatchObject([{ id, verdict: "expected" }]);
  });

  test("an incident that was expected and is over leaves what is usual as it is", async () => {
    const { analysis } = await world.start("one");
    await world.minutes(5);
    await world.minutes(6, slowDatabase);
    await world.minutes(20);
    expect(world.told.map(({ event }) => event)).toEqual(["start", "end"]);
    await world.minutes(1, slowDatabase);
    const now = world.clock.now() / 1_000;
    const before = (await analysis.bands([now], "instance")).series.latency_p99;
    expect(before).toHaveLength(1);
    expect(analysis.judge(world.told[0]!.incident.id, "expected")).toBe(true);
    await analysis.settled();
    expect(analysis.incidents().incidents[0]).toMatchObject({ verdict: "expected" });
    expect((await analysis.bands([now], "instance")).series.latency_p99).toEqual(before);
  });

  test("a verdict counts once: the first of all, whoever gives another and however often it is told", async () => {
    const left = await world.start("left");
    const right = await world.start("right");
    await world.minutes(5);
    await world.minutes(6, slowDatabase);
    const { id } = world.told[0]!.incident;
    expect(right.analysis.judge(id, "wrong")).toBe(true);
    expect(left.analysis.judge(id, "wrong")).toBe(true);
    await world.minutes(1);
    // What a node has set, it sets again when it comes back after its lease ended.
    right.cluster.map("analysis-verdicts").set(id, { verdict: "wrong" });
    await world.minutes(1);
    expect([...left.cluster.map("analysis-verdicts").keys()]).toEqual([]);
    await left.leave();
    const model = await modelFromText(await readAnalysis(world.store.db, "model"));
    expect(model!.series["latency_p50"]!.tolerance).toBe(1.3);
  });

  test("a verdict that comes while no node analyses is applied by the next that does", async () => {
    const left = await world.start("left");
    const right = await world.start("right");
    await world.minutes(5);
    await world.minutes(6, slowDatabase);
    await left.analysis.stop();
    expect(right.analysis.judge(world.told[0]!.incident.id, "expected")).toBe(true);
    await left.leave();
    await world.minutes(2, slowDatabase);
    expect(right.analysis.incidents().incidents).toMatchObject([{ verdict: "expected" }]);
  });

  test("a node that analyses no longer, but lives, reports what the one that does reports", async () => {
    const left = await world.start("left");
    const right = await world.start("right");
    await world.minutes(5);
    await world.minutes(6, slowDatabase);
    await left.cluster.release("analysis");
    expect(await right.cluster.claim("analysis")).toBe(right.cluster.nodeId);
    await world.minutes(30);
    expect(right.analysis.incidents().incidents[0]!.ended_at).not.toBeNull();
    expect(left.analysis.incidents()).toEqual(right.analysis.incidents());
  });

  test("incidents that were kept without the names of their series are told with these", async () => {
    const before = await world.start("one");
    await world.minutes(5);
    await world.minutes(6, slowDatabase);
    await before.leave();
    const kept = (await readAnalysis(world.store.db, "incidents"))!;
    const unnamed = kept.replaceAll(/"name":\{[^}]*\},"unit":"\w+",/g, "");
    expect(unnamed.length).toBeLessThan(kept.length);
    await keepAnalysis(world.store.db, "incidents", unnamed);
    const { analysis } = await world.start("one");
    await analysis.settled();
    expect(analysis.incidents().incidents[0]!.departures[0]).toMatchObject({
      series: "latency_p50",
      name: { en: "Delivery latency (p50)", ru: "Задержка доставки (p50)" },
      unit: "seconds",
    });
  });

  test("keeps what it has learned in less than 400 KB", async () => {
    const { analysis } = await world.start("one");
    await world.minutes(3);
    await analysis.stop();
    const text = await readAnalysis(world.store.db, "model");
    expect(text!.length).toBeLessThan(400_000);
    expect((await modelFromText(text))!.series["latency_p50"]!.recent.since).toBe(
      learned.state.series["latency_p50"]!.recent.since,
    );
  });

  test("says that it does not know enough for the first two days, and then has a band", async () => {
    await keepAnalysis(world.store.db, "model", await modelToText(newWatch()));
    const { analysis } = await world.start("one");
    await world.minutes(3);
    const now = world.clock.now() / 1_000;
    expect(Date.parse(analysis.incidents().learned_at!)).toBeGreaterThan(world.clock.now() + 47 * 3_600_000);
    expect(await analysis.bands([now], "instance")).toEqual({ series: {} });
    await world.nodes[0]!.leave();
    await keepAnalysis(world.store.db, "model", await modelToText(newWatch(learned.state)));
    const again = await world.start("one");
    await world.minutes(3);
    const [band] = (await again.analysis.bands([world.clock.now() / 1_000], "node")).series.connections!;
    const usual = world.community.minute(world.clock.now() / 1_000).main_connections;
    expect(band!.low).toBeLessThan(usual);
    expect(band!.high).toBeGreaterThan(usual);
  });
});
