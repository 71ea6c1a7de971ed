import { readFileSync, writeFileSync } from "node:fs";
import { goalTable } from "./goals.ts";
import { writePlots } from "./plots.ts";
import { readResults, type Results } from "./results.ts";
import { busyChannelTables, communityTable, curveTable, durableTable, manyTable, wireTable } from "./sections.ts";
import { targetTable, type AllResults } from "./targets.ts";

const page = new URL("../../docs/performance.md", import.meta.url);
const flushPage = new URL("../../docs/decisions/adaptive-flush.md", import.meta.url);

/** Writes the tables between their markers in the pages, and the plots beside them. */
export function writeReport(): void {
  const results: AllResults = {
    busy: readResults("W1"),
    community: readResults("W2"),
    many: readResults("W3"),
    durable: readResults("W4"),
    curve: readResults("curve"),
    middle: readResults("middle"),
    breaking: readResults("break"),
    connections: readResults("connections"),
    start: readResults("start"),
  };
  writePerformancePage(results);
  if (results.curve) writeFlushPage(results.curve);
  writePlots(results);
}

function writePerformancePage(results: AllResults): void {
  const { busy, community, many, durable } = results;
  let text = readFileSync(page, "utf8");
  text = fill(text, "targets", targetTable(results));
  text = fill(text, "goals", goalTable(results));
  if (busy) text = fill(text, "machine", machineLine(busy));
  if (busy) text = fill(text, "w1", section(busy, busyChannelTables(busy)));
  if (community) text = fill(text, "w2", section(community, communityTable(community)));
  if (many) text = fill(text, "w3", section(many, manyTable(many)));
  if (durable) text = fill(text, "w4", section(durable, durableTable(durable)));
  if (busy) text = fill(text, "w5", section(busy, wireTable(busy, community)));
  writeFileSync(page, text);
}

function writeFlushPage(curve: Results): void {
  const text = readFileSync(flushPage, "utf8");
  writeFileSync(flushPage, fill(text, "curve", section(curve, curveTable(curve))));
}

/** Replaces the text between `<!-- bench:name -->` and `<!-- /bench:name -->`. */
function fill(text: string, name: string, content: string): string {
  const begin = `<!-- bench:${name} -->`;
  const end = `<!-- /bench:${name} -->`;
  const from = text.indexOf(begin);
  const to = text.indexOf(end);
  if (from < 0 || to < from) throw new Error(`the page lacks the markers of ${name}`);
  return `${text.slice(0, from + begin.length)}\n\n${content}\n\n${text.slice(to)}`;
}

function section(results: Results, tables: string): string {
  const runs = Math.max(...results.entries.map((entry) => entry.runs));
  const day = results.measuredAt.slice(0, 10);
  return `${tables}\n\nMedian of ${runs} (least–greatest) · \`${results.command}\` · ${day}`;
}

function machineLine({ machine }: Results): string {
  const { processor, cores, memoryGiB, kernel, node, sqlite, fileSystem, pinned } = machine;
  const parts = [
    `${processor}, ${cores} cores`,
    `${memoryGiB} GiB`,
    kernel,
    `Node ${node}`,
    `SQLite ${sqlite} on ${fileSystem}`,
  ];
  return `${parts.join(" · ")}${pinned ? " · server on one core, generator on the other" : ""}`;
}
