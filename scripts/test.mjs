// npm test: check, unit and integration tests, browser stories, chaos, and a short benchmark to see that it works.
import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { buildWeb, prepare } from "./lib/prepare.mjs";
import { root, run, runStep, say } from "./lib/runtime.mjs";
import { ensureSystemPackages } from "./lib/system-packages.mjs";

const long = process.argv.includes("--long");
const selection = process.argv.slice(2).filter((argument) => argument !== "--long");
const report = join(root, ".cache", "test-report.json");

const node = prepare();
ensureSystemPackages();
if (selection.length === 0) runStep(node, "Checks …", ["scripts/check.mjs"]);
buildWeb(node);

mkdirSync(join(root, ".cache"), { recursive: true });
rmSync(report, { force: true });
const vitest = [
  "node_modules/vitest/vitest.mjs",
  "run",
  "--reporter=default",
  "--reporter=json",
  `--outputFile.json=${report}`,
];
const code = await run(node, [...vitest, ...selection], {
  env: long ? { CHAOS_SEEDS: "200", FUZZ_FRAMES: "1000000", CHURN_CONNECTS: "100000", FLOOD_SECONDS: "30" } : {},
});
if (code === 0 && selection.length === 0) runStep(node, "Benchmark, short form …", ["scripts/bench.mjs", "--quick"]);

const { numPassedTests, numFailedTests } = JSON.parse(readFileSync(report, "utf8"));
say("");
console.log(`tests: ${numPassedTests} passed, ${numFailedTests} failed`);
process.exitCode = code;
