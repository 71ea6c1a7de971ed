import { mkdirSync, writeFileSync } from "node:fs";
import type { Results } from "./results.ts";
import { barChart, type Bar } from "./svg/bar-chart.ts";
import { lineChart, type Series } from "./svg/line-chart.ts";
import { contestantsOf, find, pointsOf } from "./table.ts";
import type { AllResults } from "./targets.ts";

const folder = new URL("../../docs/performance/", import.meta.url);
const plotted = ["miscord", "miscord-unbatched", "socket.io", "ws-each", "ws-shared"];
const w1 = "1000 connections in one channel, 300-byte messages";

export function writePlots({ busy, many, durable, curve }: AllResults): void {
  mkdirSync(folder, { recursive: true });
  if (busy) {
    write("cost", lineChart(costChart(busy)));
    write("latency", lineChart(latencyChart(busy)));
    write("wire", barChart(wireChart(busy)));
  }
  if (many) write("memory", barChart(memoryChart(many)));
  if (durable) write("durable", lineChart(durableChart(durable)));
  if (curve) write("flush", lineChart(flushChart(curve)));
}

/** Cost and latency on one scale: as the cost falls, the latency rises to the flush interval and stays there. */
function flushChart(curve: Results) {
  const subtitle = `µs of server CPU per delivery, and ms from send to receive · ${w1}`;
  const line = (name: string, figure: string, label: string): Series => ({
    ...seriesOf(curve, ["miscord"], figure)[0]!,
    name,
    label,
  });
  const series = [
    line("miscord", "cpuUsPerDelivery", "cost, µs"),
    ...seriesOf(curve, ["miscord-unbatched"], "cpuUsPerDelivery").map((one) => ({
      ...one,
      label: "cost, batching off",
    })),
    line("socket.io", "p50Ms", "latency p50, ms"),
    line("ws-shared", "p99Ms", "latency p99, ms"),
  ];
  return { title: "The adaptive flush", subtitle, xLabel: "messages per second", series };
}

function costChart(busy: Results) {
  const subtitle = `µs of server CPU per delivery, lower is better · ${w1}`;
  const series = seriesOf(busy, plotted, "cpuUsPerDelivery");
  return { title: "What one delivery costs the server", subtitle, xLabel: "messages per second", series };
}

function latencyChart(busy: Results) {
  const subtitle = `99th percentile in ms, lower is better · ${w1}`;
  const series = seriesOf(busy, plotted, "p99Ms");
  return {
    title: "From send to receive",
    subtitle,
    xLabel: "messages per second",
    series,
    limit: { y: 100, label: "held below this" },
  };
}

function durableChart(durable: Results) {
  const subtitle = "messages acknowledged after their commit, per second · each sender waits for its ack";
  const series = seriesOf(durable, ["miscord"], "acksPerSecond");
  return { title: "Durable sends", subtitle, xLabel: "senders at once", series };
}

function wireChart(busy: Results) {
  const bars = barsOf(busy, "bytesPerDelivery", 200).filter(({ name }) => name.startsWith("miscord"));
  const subtitle = `bytes per delivered message at 200 messages/s, lower is better · ${w1}`;
  return { title: "Bytes on the wire", subtitle, unit: "bytes", bars };
}

function memoryChart(many: Results) {
  const bars = barsOf(many, "rssPerConnectionBytes").map((bar) => ({ ...bar, value: bar.value / 1024 }));
  const subtitle = "resident memory of the server per connection, lower is better · 10,000 connections";
  return { title: "What one connection costs", subtitle, unit: "KiB", bars };
}

function seriesOf(results: Results, names: readonly string[], figure: string): Series[] {
  return contestantsOf(results)
    .filter(({ name }) => names.includes(name))
    .map(({ name, label }) => ({
      name,
      label,
      points: pointsOf(results).flatMap((x) => pointOf(results, name, x, figure)),
    }));
}

function pointOf(results: Results, name: string, x: number, figure: string): Series["points"] {
  const entry = find(results, name, x);
  const y = entry?.median[figure];
  return entry && y !== undefined ? [{ x, y, spread: entry.spread[figure] ?? [y, y] }] : [];
}

function barsOf(results: Results, figure: string, point?: number): Bar[] {
  return contestantsOf(results).flatMap(({ name, label }) => {
    const value = find(results, name, point)?.median[figure];
    return value === undefined ? [] : [{ name, label, value }];
  });
}

function write(name: string, picture: string): void {
  writeFileSync(new URL(`${name}.svg`, folder), picture);
}
