import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { startPostgres, type TestPostgres } from "../apps/server/src/testing/postgres.ts";
import { startServerProcess, type ServerProcess } from "../apps/server/src/testing/server-process.ts";
import { startRedis, type TestRedis } from "../apps/server/src/testing/redis.ts";
import { startTestServer, type TestServer } from "../apps/server/src/testing/test-server.ts";
import { anchorsOf } from "./testing/anchors.ts";
import { readPromQl } from "./testing/promql.ts";
import { joinAsVoiceNode } from "../apps/server/src/testing/joined-voice-node.ts";
import { scrape, union, type Metrics } from "./testing/scrape.ts";

interface Rule {
  readonly alert: string;
  readonly expr: string;
  readonly labels: Record<string, string>;
  readonly annotations: Record<string, string>;
}

interface Panel {
  readonly id: number;
  readonly type: string;
  readonly title: string;
  readonly gridPos: Record<"x" | "y" | "w" | "h", number>;
  readonly targets?: readonly { readonly expr: string; readonly legendFormat: string }[];
}

interface Dashboard {
  readonly panels: readonly Panel[];
  readonly templating: { readonly list: readonly { readonly name: string; readonly definition?: string }[] };
  readonly annotations: { readonly list: readonly { readonly expr: string; readonly titleFormat: string }[] };
}

const folder = import.meta.dirname;
const readText = (path: string) => readFileSync(join(folder, path), "utf8");
const rules = (parse(readText("prometheus/miscord.yml")) as { groups: { rules: Rule[] }[] }).groups.flatMap(
  (group) => group.rules,
);
const dashboard = JSON.parse(readText("grafana/miscord.json")) as Dashboard;
const panels = dashboard.panels.filter(({ type }) => type !== "row");
const queries = [
  ...panels.flatMap(({ title, targets }) =>
    targets!.map(({ expr, legendFormat }) => ({ title, expr: withValues(expr), legend: legendFormat })),
  ),
  ...dashboard.annotations.list.map(({ expr, titleFormat }) => ({
    title: "annotation",
    expr: withValues(expr),
    legend: titleFormat,
  })),
];

/** Puts values in the place of Grafana's variables. */
function withValues(expression: string): string {
  return expression.replaceAll("$__rate_interval", "1m").replaceAll("$job", "miscord").replaceAll("$instance", ".*");
}

describe("dashboard and alerts beside /metrics of one process, of two workers and of a node of a fleet", () => {
  const token = "metrics-token-of-the-test";
  let postgres: TestPostgres;
  let redis: TestRedis;
  let single: TestServer;
  let node: TestServer;
  let workers: ServerProcess;
  let metrics: Metrics;
  let leave = () => {};

  beforeAll(async () => {
    [postgres, redis] = await Promise.all([startPostgres(), startRedis()]);
    const settings = { metricsToken: token, databaseUrl: postgres.createDatabase(), redisUrl: redis.url };
    [single, node, workers] = await Promise.all([
      startTestServer({ metricsToken: token }),
      startTestServer(settings),
      startServerProcess({ WORKERS: "2", METRICS_TOKEN: token }),
    ]);
    leave = await joinAsVoiceNode({ url: single.url, dataDir: single.config.dataDir }, "ams");
    // It is asked every two seconds.
    while (!(await scrape(single.url, token)).has("miscord_voice_region_round_trip_seconds")) await sleep(100);
    metrics = union(...(await Promise.all([single, node, workers].map(({ url }) => scrape(url, token)))));
  });
  afterAll(async () => {
    leave();
    await Promise.all([single, node].map((server) => server?.cleanup()));
    await workers?.dispose();
    await redis?.dispose();
    postgres?.dispose();
  });

  function faultsOf(expression: string): string[] {
    const { references, grouping } = readPromQl(expression);
    const known = (name: string) => (name === "up" ? new Set(["job", "instance"]) : metrics.get(name));
    return references.flatMap(({ metric, labels }) => {
      const has = known(metric);
      if (!has) return [`${metric} does not exist`];
      return [...labels, ...grouping].filter((label) => !has.has(label)).map((label) => `${metric} has no ${label}`);
    });
  }

  test("every alert asks for metrics and labels that exist", () => {
    for (const { alert, expr } of rules) expect(faultsOf(expr), alert).toEqual([]);
  });

  test("every panel of the dashboard asks for metrics and labels that exist", () => {
    for (const { title, expr } of queries) expect(faultsOf(expr), title).toEqual([]);
  });

  test("the legends and texts name labels that exist", () => {
    const named = (text: string) => [...text.matchAll(/\{\{ *(?:\$labels\.)?(\w+) *\}\}/g)].map(([, label]) => label!);
    const everywhere = new Set([...metrics.values()].flatMap((labels) => [...labels]));
    const texts = [...queries.map(({ legend }) => legend), ...rules.map(({ annotations }) => annotations["summary"]!)];
    expect(texts.flatMap(named).filter((label) => !everywhere.has(label))).toEqual([]);
  });

  test("lines of single nodes are told apart by their workers too", () => {
    const byNode = queries
      .map((query) => ({ ...query, grouping: readPromQl(query.expr).grouping }))
      .filter(({ expr, grouping }) => !/\b(sum|max|min|avg|count)\b/.test(expr) || grouping.includes("instance"));
    expect(byNode.length).toBeGreaterThan(10);
    for (const { title, legend, grouping } of byNode) {
      expect(legend, title).toContain("{{instance}} {{worker}}");
      expect(grouping.length === 0 || grouping.includes("worker"), title).toBe(true);
    }
  });

  test("the dashboard shows every metric", () => {
    const shown = new Set(queries.flatMap(({ expr }) => readPromQl(expr).references.map(({ metric }) => metric)));
    const notShown = [...metrics.keys()].filter((name) => !shown.has(name));
    // A peak since the start and a mean of flushes say less than the graphs do.
    expect(notShown.toSorted()).toEqual([
      "miscord_main_websocket_batches_sent_total",
      "miscord_main_websocket_peak_connections",
      "miscord_message_latency_seconds_count",
      "miscord_message_latency_seconds_sum",
    ]);
  });

  test("a misspelt metric, a label that is not there and an unclosed bracket are found", () => {
    expect(faultsOf("rate(miscord_failure_total[5m])")).toEqual(["miscord_failure_total does not exist"]);
    expect(faultsOf('miscord_nodes{state="x"}')).toEqual(["miscord_nodes has no state"]);
    expect(faultsOf("sum by (version) (miscord_nodes)")).toEqual(["miscord_nodes has no version"]);
    expect(() => faultsOf("sum(miscord_nodes")).toThrow("Not PromQL");
  });
});

describe("the dashboard", () => {
  test("has panels with ids of their own that do not lie on each other", () => {
    expect(new Set(dashboard.panels.map(({ id }) => id)).size).toBe(dashboard.panels.length);
    const cells = dashboard.panels.flatMap(({ gridPos: { x, y, w, h } }) =>
      Array.from({ length: w * h }, (_, i) => `${x + (i % w)},${y + Math.floor(i / w)}`),
    );
    expect(new Set(cells).size).toBe(cells.length);
    expect(dashboard.panels.every(({ gridPos }) => gridPos.x + gridPos.w <= 24)).toBe(true);
  });

  test("uses no variable that it does not have", () => {
    const names = dashboard.templating.list.map(({ name }) => name);
    const used = JSON.stringify(dashboard).matchAll(/\$\{?([a-z_]\w*)/g);
    expect([...new Set([...used].map(([, name]) => name))].filter((name) => !names.includes(name!))).toEqual([
      "__rate_interval",
    ]);
  });
});

describe("the alert rules under Debian's promtool", () => {
  function promtool(...args: string[]): { status: number | null; output: string } {
    const { status, stdout, stderr } = spawnSync("/usr/bin/promtool", args, {
      cwd: join(folder, "prometheus"),
      encoding: "utf8",
    });
    return { status, output: stdout + stderr };
  }

  test("are valid, and so are the dashboard's queries when they are rules", () => {
    const temporary = mkdtempSync(join(tmpdir(), "miscord-promtool-"));
    try {
      const file = join(temporary, "dashboard.yml");
      const asRules = queries.map(({ expr }, i) => ({ record: `query_${i}`, expr }));
      writeFileSync(file, JSON.stringify({ groups: [{ name: "dashboard", rules: asRules }] }));
      const { status, output } = promtool("check", "rules", "miscord.yml", file);
      expect(status, output).toBe(0);
    } finally {
      rmSync(temporary, { recursive: true });
    }
  });

  test("fire when they should", () => {
    const { status, output } = promtool("test", "rules", "miscord.test.yml");
    expect(status, output).toBe(0);
  });

  test("have each a unit test in which it fires and one in which it does not", () => {
    const tests = readText("prometheus/miscord.test.yml");
    const untested = rules.filter(({ alert }) => !tests.includes(`alertname="${alert}"`));
    expect(untested.map(({ alert }) => alert)).toEqual([]);
    const cases = (parse(tests) as { tests: { promql_expr_test?: { exp_samples: unknown[] }[] }[] }).tests;
    const always = cases.filter(({ promql_expr_test: checks }) => checks?.every((one) => one.exp_samples.length > 0));
    expect(always).toEqual([]);
  });

  test("have each a severity, a summary, and a runbook that is a heading of docs/operations.md", () => {
    const anchors = anchorsOf(readText("../docs/operations.md"));
    for (const { alert, labels, annotations } of rules) {
      expect(["critical", "warning", "info"], alert).toContain(labels["severity"]);
      expect(annotations["summary"], alert).toBeTruthy();
      const [page, anchor] = annotations["runbook"]!.split("#");
      expect(page, alert).toBe("docs/operations.md");
      expect(anchors, alert).toContain(anchor);
    }
  });
});
