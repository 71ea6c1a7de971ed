import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { MonitorNode } from "@miscord/protocol";
import { pino } from "pino";
import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import type { Cluster } from "../../cluster/contract.ts";
import { MemoryHub } from "../../cluster/memory-hub.ts";
import { pass } from "../../cluster/testing/pass.ts";
import { keepAnalysis, readAnalysis } from "../../store/queries/analysis.ts";
import { openSqliteStore, type SqliteStore } from "../../store/sqlite/open-sqlite-store.ts";
import { ManualClock } from "../../testing/manual-clock.ts";
import { Analysis } from "./analysis.ts";
import type { Announcement } from "./incident-log.ts";
import { modelFromText, modelToText } from "./model-text.ts";
import { Community, type Fault } from "./testing/community.ts";
import { learnDays, newWatch, type Learned } from "./testing/learned-watch.ts";

vi.setConfig({ hookTimeout: 120_000 });

let learned: Learned;
let folder: string;
let store: SqliteStore;
let clock: ManualClock;
let hub: MemoryHub;
let community: Community;
let told: Announcement[];
let isDatabaseDown: boolean;

beforeAll(() => {
  learned = learnDays(9, 5);
});
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "miscord-analysis-"));
  store = await openSqliteStore({ file: join(folder, "miscord.db") });
  await keepAnalysis(store.db, "model", await modelToText(newWatch(learned.state)));
  clock = new ManualClock((learned.until + 15 * 3_600) * 1_000);
  hub = new MemoryHub(clock);
  community = new Community(6);
  told = [];
  isDatabaseDown = false;
});
afterEach(async () => {
  await store.close();
  rmSync(folder, { recursive: true, force: true });
});

interface TestNode {
  readonly cluster: Cluster;
  readonly analysis: Analysis;
  readonly description: MonitorNode;
  leave(): Promise<void>;
}
let nodes: TestNode[] = [];

async function start(name: string, version = "2.0.0", settings: Record<string, string> = {}): Promise<TestNode> {
  const cluster = await hub.join();
  const since = new Date(clock.now()).toISOString();
  const description = { id: cluster.nodeId, name, version, since } as MonitorNode;
  const analysis = new Analysis({
    cluster,
    clock,
    logger: pino({ level: "silent" }),
    store: {
      get db() {
        if (isDatabaseDown) throw new Error("the disk is full");
        return store.db;
      },
    },
    nodes: () => nodes.map((node) => node.description),
    figures: () => Promise.resolve({ database_latency: 0.0012, bus_latency: null, disk: null, database_bytes: null }),
    maxConnections: 1_000,
    settings,
    announce: (announcement) => told.push(announcement),
  });
  const node = {
    cluster,
    analysis,
    description,
    async leave() {
      await analysis.stop();
      await cluster.close();
      nodes = nodes.filter((each) => each !== node);
    },
  };
  nodes = [...nodes, node];
  return node;
}

/** Every node reports a minute at a time; the first one's figures may be changed. The others idle. */
async function minutes(count: number, fault: Fault = () => ({})): Promise<void> {
  for (let minute = 0; minute < count; minute++) {
    await pass(clock, 60_000);
    const at = clock.now() / 1_000;
    const usual = community.minute(at);
    const quiet = {
      ...usual,
      main_connections: 0,
      messages_received: 0,
      requests: 0,
      bytes_received: 0,
      messages_sent: 0,
    };
    const silent = { ...quiet, bytes_sent: 0, voice_participants: 0 };
    for (const [index, { analysis }] of nodes.toReversed().entries()) {
      analysis.minute(index < nodes.length - 1 ? silent : { ...usual, ...fault(usual, minute) });
    }
    for (const { analysis } of nodes) await analysis.settled();
    await pass(clock, 250);
  }
}

const slowDatabase: Fault = (minute) => ({
  latency_p50: (minute.latency_p50 ?? 0) * 6,
  latency_p99: (minute.latency_p99 ?? 0) * 9,
});

describe("the analysis", () => {
  afterEach(async () => {
    for (const node of nodes) await node.leave();
  });

  test("tells an incident once at its start and once at its end, with a sentence in both languages", async () => {
    const { analysis } = await start("one");
    await minutes(5);
    await minutes(6, slowDatabase);
    expect(told.map(({ event }) => event)).toEqual(["start"]);
    const [incident] = analysis.incidents().incidents;
    expect(incident).toMatchObject({ ended_at: null, verdict: null });
    expect(incident!.departures[0]).toMatchObject({ series: "latency_p50", direction: "above", node: null });
    expect(incident!.sentence.en).toMatch(
      /^Delivery latency \(p50\): [\d.]+ times the usual since {{since}} \([\d.]+\u00A0ms, usually [\d.]+\u00A0ms\); then/,
    );
    expect(incident!.sentence.ru).toMatch(/^Задержка доставки \(p50\): в [\d,]+ раза? больше обычного с {{since}}/);
    await minutes(15);
    expect(told.map(({ event, incident: { id } }) => [event, id])).toEqual([
      ["start", incident!.id],
      ["end", incident!.id],
    ]);
    expect(analysis.incidents().incidents[0]!.ended_at).not.toBeNull();
  });

  test("names the restart and the changed settings that came before an incident", async () => {
    const first = await start("one", "2.0.0", { batchSize: "a" });
    await minutes(5);
    await first.leave();
    await start("one", "2.0.1", { batchSize: "b" });
    await minutes(4);
    await minutes(6, slowDatabase);
    expect(told).toHaveLength(1);
    expect(told[0]!.incident.coincidences).toMatchObject([
      { kind: "deploy", detail: "2.0.1" },
      { kind: "configuration", detail: "batchSize" },
    ]);
    expect(told[0]!.incident.sentence.en).toContain(
      "shortly before: a new version (2.0.1), changed settings (batchSize)",
    );
  });

  test("of two nodes one analyses, names the node, and both report the same", async () => {
    await start("left");
    await start("right");
    await minutes(5);
    await minutes(6, slowDatabase);
    expect(told.map(({ event }) => event)).toEqual(["start"]);
    const reports = nodes.map(({ analysis }) => analysis.incidents());
    expect(reports[0]!.incidents).toHaveLength(1);
    expect(reports[1]).toEqual(reports[0]);
    expect(reports[0]!.incidents[0]!.departures[0]).toMatchObject({ node: "left" });
  });

  test("a node that takes over goes on with the incident and announces nothing twice", async () => {
    const left = await start("left");
    await minutes(5);
    await minutes(6, slowDatabase);
    await left.leave();
    const right = await start("right");
    await minutes(8, slowDatabase);
    expect(told.map(({ event }) => event)).toEqual(["start"]);
    await minutes(25);
    expect(told.map(({ event }) => event)).toEqual(["start", "end"]);
    expect(right.analysis.incidents().incidents).toHaveLength(1);
  });

  test("an incident is announced while the database fails, and not again when it works", async () => {
    await start("one");
    await minutes(5);
    isDatabaseDown = true;
    await minutes(6, slowDatabase);
    expect(told.map(({ event }) => event)).toEqual(["start"]);
    isDatabaseDown = false;
    await minutes(4, slowDatabase);
    expect(told.map(({ event }) => event)).toEqual(["start"]);
  });

  test("an incident that was expected ends, and the same level is usual from then on", async () => {
    await start("left");
    const right = await start("right");
    await minutes(5);
    await minutes(6, slowDatabase);
    const { id } = told[0]!.incident;
    expect(right.analysis.judge("no-such-incident", "expected")).toBe(false);
    expect(right.analysis.judge(id, "expected")).toBe(true);
    await minutes(30, slowDatabase);
    expect(told.map(({ event }) => event)).toEqual(["start", "end"]);
    expect(right.analysis.incidents().incidents).toMatchObject([{ id, verdict: "expected" }]);
  });

  test("an incident that was expected and is over leaves what is usual as it is", async () => {
    const { analysis } = await start("one");
    await minutes(5);
    await minutes(6, slowDatabase);
    await minutes(20);
    expect(told.map(({ event }) => event)).toEqual(["start", "end"]);
    await minutes(1, slowDatabase);
    const now = clock.now() / 1_000;
    const before = analysis.bands([now]).series.latency_p99;
    expect(before).toHaveLength(1);
    expect(analysis.judge(told[0]!.incident.id, "expected")).toBe(true);
    await analysis.settled();
    expect(analysis.incidents().incidents[0]).toMatchObject({ verdict: "expected" });
    expect(analysis.bands([now]).series.latency_p99).toEqual(before);
  });

  test("a verdict counts once: the first of all, whoever gives another and however often it is told", async () => {
    const left = await start("left");
    const right = await start("right");
    await minutes(5);
    await minutes(6, slowDatabase);
    const { id } = told[0]!.incident;
    expect(right.analysis.judge(id, "wrong")).toBe(true);
    expect(left.analysis.judge(id, "wrong")).toBe(true);
    await minutes(1);
    // What a node has set, it sets again when it comes back after its lease ended.
    right.cluster.map("analysis-verdicts").set(id, { verdict: "wrong" });
    await minutes(1);
    expect([...left.cluster.map("analysis-verdicts").keys()]).toEqual([]);
    await left.leave();
    const model = await modelFromText(await readAnalysis(store.db, "model"));
    expect(model!.series["latency_p50"]!.tolerance).toBe(1.3);
  });

  test("a verdict that comes while no node analyses is applied by the next that does", async () => {
    const left = await start("left");
    const right = await start("right");
    await minutes(5);
    await minutes(6, slowDatabase);
    await left.analysis.stop();
    expect(right.analysis.judge(told[0]!.incident.id, "expected")).toBe(true);
    await left.leave();
    await minutes(2, slowDatabase);
    expect(right.analysis.incidents().incidents).toMatchObject([{ verdict: "expected" }]);
  });

  test("a node that analyses no longer, but lives, reports what the one that does reports", async () => {
    const left = await start("left");
    const right = await start("right");
    await minutes(5);
    await minutes(6, slowDatabase);
    await left.cluster.release("analysis");
    expect(await right.cluster.claim("analysis")).toBe(right.cluster.nodeId);
    await minutes(30);
    expect(right.analysis.incidents().incidents[0]!.ended_at).not.toBeNull();
    expect(left.analysis.incidents()).toEqual(right.analysis.incidents());
  });

  test("incidents that were kept without the names of their series are told with these", async () => {
    const before = await start("one");
    await minutes(5);
    await minutes(6, slowDatabase);
    await before.leave();
    const kept = (await readAnalysis(store.db, "incidents"))!;
    const unnamed = kept.replaceAll(/"name":\{[^}]*\},"unit":"\w+",/g, "");
    expect(unnamed.length).toBeLessThan(kept.length);
    await keepAnalysis(store.db, "incidents", unnamed);
    const { analysis } = await start("one");
    await analysis.settled();
    expect(analysis.incidents().incidents[0]!.departures[0]).toMatchObject({
      series: "latency_p50",
      name: { en: "Delivery latency (p50)", ru: "Задержка доставки (p50)" },
      unit: "seconds",
    });
  });

  test("keeps what it has learned in less than 400 KB", async () => {
    const { analysis } = await start("one");
    await minutes(3);
    await analysis.stop();
    const text = await readAnalysis(store.db, "model");
    expect(text!.length).toBeLessThan(400_000);
    expect((await modelFromText(text))!.series["latency_p50"]!.recent.since).toBe(
      learned.state.series["latency_p50"]!.recent.since,
    );
  });

  test("says that it does not know enough for the first two days, and then has a band", async () => {
    await keepAnalysis(store.db, "model", await modelToText(newWatch()));
    const { analysis } = await start("one");
    await minutes(3);
    const now = clock.now() / 1_000;
    expect(Date.parse(analysis.incidents().learned_at!)).toBeGreaterThan(clock.now() + 47 * 3_600_000);
    expect(analysis.bands([now])).toEqual({ series: {} });
    await nodes[0]!.leave();
    await keepAnalysis(store.db, "model", await modelToText(newWatch(learned.state)));
    const again = await start("one");
    await minutes(3);
    const [band] = again.analysis.bands([clock.now() / 1_000]).series.connections!;
    const usual = community.minute(clock.now() / 1_000).main_connections;
    expect(band!.low).toBeLessThan(usual);
    expect(band!.high).toBeGreaterThan(usual);
  });
});
