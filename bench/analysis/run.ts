// npm run analysis:bench: the detector's score by the rules of the Numenta Anomaly Benchmark.
import { join } from "node:path";
import { parseArgs } from "node:util";
import { bestThreshold, contestants, scoreOf, seriesScore } from "./evaluate.ts";
import { profiles } from "./nab-score.ts";
import { readSeries, type Series } from "./read-series.ts";

const own = join(import.meta.dirname, "nab");
const { values: options } = parseArgs({ options: { data: { type: "string" }, windows: { type: "string" } } });
if ((options.data === undefined) !== (options.windows === undefined)) {
  console.error("--data FOLDER and --windows FILE belong together.");
  process.exit(2);
}

const corpus = readSeries(options.data ?? join(own, "data"), options.windows ?? join(own, "windows.json"));
const compared = contestants(corpus);
const [{ scores, threshold }] = compared as [(typeof compared)[number]];

console.log(`${corpus.length} series, ${corpus.reduce((sum, { windows }) => sum + windows.length, 0)} windows\n`);
const names = Object.keys(profiles) as (keyof typeof profiles)[];
print("", names);
for (const each of compared) {
  const figures = names.map((name) => scoreOf(each.scores, each.threshold, corpus, profiles[name]));
  print(each.name, figures.map(text));
}

console.log("\nOne folder left out at a time, standard profile");
print("", ["the others", "it, fixed threshold", "it, others' best"]);
for (const folder of new Set(corpus.map(folderOf))) {
  const left = corpus.filter((series) => folderOf(series) === folder);
  const others = corpus.filter((series) => folderOf(series) !== folder);
  const chosen = others.length > 0 ? bestThreshold(scores, others) : threshold;
  const figures = [scoreOf(scores, threshold, others), scoreOf(scores, threshold, left), scoreOf(scores, chosen, left)];
  print(folder, figures.map(text));
}

console.log("\nEach series at the fixed threshold");
print("", ["windows found", "false positives"]);
for (const series of corpus) {
  const { detected, windows, falsePositives } = seriesScore(scores, threshold, series);
  print(series.name, [`${detected} of ${windows}`, String(falsePositives)]);
}

function folderOf({ name }: Series): string {
  return name.split("/")[0]!;
}

function text(score: number): string {
  return Number.isFinite(score) ? score.toFixed(1) : "no window";
}

function print(name: string, columns: readonly string[]): void {
  console.log(name.padEnd(54) + columns.map((column) => column.padStart(20)).join(" "));
}
