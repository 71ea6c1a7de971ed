import { styleText } from "node:util";
import type { Contestant } from "./contestant.ts";
import { machineFacts } from "./machine.ts";
import { readOptions, usage, type Options } from "./options.ts";
import { writeReport } from "./report/report.ts";
import { Gathered, writeResults, type Numbers } from "./report/results.ts";
import type { Scenario } from "./scenarios/scenario.ts";

/** Figures that must be 0 for a run to be valid. */
const faults = ["missing", "duplicates", "gaps", "starved", "refused", "notConnected", "notBack", "unresumed"];

const options = readOptions(process.argv.slice(2));
if (!options) console.log(usage);
else if (options.reportOnly) writeReport();
else await bench(options);

async function bench(options: Options): Promise<void> {
  const startedAt = performance.now();
  let broken = 0;
  const contestants = options.contestants.filter(canRun);
  for (const scenario of options.scenarios) {
    const gathered = new Gathered();
    broken += await runAll(scenario, { ...options, contestants }, gathered);
    if (options.saves) save(scenario, options, gathered);
  }
  if (options.saves) writeReport();
  const seconds = Math.round((performance.now() - startedAt) / 1000);
  console.log(`\n${seconds} s${broken > 0 ? `; ${broken} points with faults` : ""}`);
  if (options.isQuick && broken > 0) process.exitCode = 1;
}

function canRun({ label, lacks }: Contestant): boolean {
  const lack = lacks?.() ?? null;
  if (lack !== null) console.log(`${label} is left out: ${lack}.`);
  return lack === null;
}

/**
 * Interleaves the contestants: each run measures all of them in turn, so that a slow phase of the machine affects
 * all.
 */
async function runAll(scenario: Scenario, { contestants, settings }: Options, gathered: Gathered): Promise<number> {
  const suited = contestants.filter(
    (contestant) => (contestant.workloads?.includes(scenario.name) ?? true) && scenario.suits(contestant, settings),
  );
  let broken = 0;
  for (let run = 1; run <= settings.runs; run += 1) {
    for (const contestant of suited) {
      console.log(styleText("bold", `\n${scenario.name} ${scenario.title}, ${contestant.label}, run ${run}`));
      await scenario.run(contestant, settings, (point, figures) => {
        gathered.add(contestant, point, figures);
        if (print(scenario, contestant, point, figures)) broken += 1;
      });
    }
  }
  return broken;
}

function print(scenario: Scenario, contestant: Contestant, point: number, figures: Numbers): boolean {
  const text = scenario.headline.map((name) => `${name} ${Number((figures[name] ?? 0).toPrecision(3))}`);
  if (figures["generatorBound"]) text.push("the generator was the bottleneck");
  console.log(`  ${point} ${scenario.pointName}: ${text.join(", ")}`);
  const found = faults.filter((name) => (figures[name] ?? 0) > 0);
  const told = found.map((name) => `${name} ${figures[name]}`);
  if (found.length > 0) console.log(styleText("red", `  ${contestant.label}: ${told.join(", ")}`));
  return found.length > 0;
}

function save(scenario: Scenario, { settings }: Options, gathered: Gathered): void {
  const { name: workload, title, pointName } = scenario;
  const command = `npm run bench -- ${process.argv.slice(2).join(" ")}`.replace(/ -- $/, "");
  const measuredAt = new Date().toISOString();
  const facts = { measuredAt, command, machine: machineFacts(), settings };
  writeResults({ workload, title, pointName, ...facts, entries: gathered.entries() });
}
