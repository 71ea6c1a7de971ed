// npm test: check, unit and integration tests, chaos, browser tests, calls, and a short benchmark to see that it works.
// `npm test -- path` runs only the test files that match; `--long` is the long form of the tests that are random.
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { constants } from "node:os";
import { join, relative } from "node:path";
import { ensureHelm } from "./lib/helm.mjs";
import { memoryFolder } from "./lib/memory-folder.mjs";
import { buildServer, buildWeb, prepare } from "./lib/prepare.mjs";
import { root, run, say } from "./lib/runtime.mjs";
import { ensureSystemPackages } from "./lib/system-packages.mjs";

const isLong = process.argv.includes("--long");
const selection = process.argv.slice(2).filter((argument) => argument !== "--long");
const reports = join(root, ".cache", "test-reports");
const longForm = {
  CHAOS_SEEDS: "200",
  KILLS: "10",
  IMPORT_MESSAGES: "100000",
  FUZZ_FRAMES: "1000000",
  FUZZ_CALLS: "100",
  CHURN_CONNECTS: "100000",
  FLOOD_SECONDS: "30",
  ATTACK_SECONDS: "20",
  PAUSE_SECONDS: "45",
  FAILOVER_ROUNDS: "5",
  FLEET_CLIENTS: "2000",
  VOICE_SEEDS: "200",
  RIGHTS_SEEDS: "200",
  EVERY_LAYOUT: "1",
  EVERY_SCREEN: "1",
  LAYOUT_SEQUENCES: "200",
  VERSION_1_ROUNDS: "10",
};
const files = memoryFolder();
const env = { TESTED_SERVER: "built", ...(files && { TMPDIR: files }), ...(isLong && longForm) };

/**
 * Suites of one line run at the same time: chaos mostly waits while the code tests compute. Calls and the benchmark run
 * alone, because sound and measurements suffer from load.
 */
const lines = isLong ? [["code"], ["chaos"], ["browser"], ["calls"]] : [["code", "chaos"], ["browser"], ["calls"]];

/** Browser stories that the long form plays on other layouts of nodes, too. */
const stories =
  "emojis everyday-kit forums group-mentions levels-and-pins message-requests messages moderation notifications offline-and-resend own-pictures private-talk profiles quiet-hours roles search stickers threads"
    .split(" ")
    .map((name) => `e2e/browser/${name}.test.ts`);
const layouts = isLong ? ["fleet", "workers"] : [];

const startedAt = Date.now();
const minutes = {};
const node = prepare();
ensureSystemPackages();
// A large download, for the tests of the chart only. A selection by name may be any test.
if (selection.length === 0 || selection.some((argument) => /^-|deploy|chaos/.test(argument))) ensureHelm();
rmSync(reports, { recursive: true, force: true });
mkdirSync(reports, { recursive: true });
process.exitCode = selection.length > 0 ? await runSelection() : await runAll();

async function runSelection() {
  buildWeb(node);
  buildServer(node);
  const code = await vitest("selection", selection);
  summarize(["selection"]);
  return code;
}

async function runAll() {
  say("Checks …");
  const checks = timed("check", () => run(node, ["scripts/check.mjs"], { priority: constants.priority.PRIORITY_LOW }));
  // Blocks this process, while the checks go on in theirs, and then beside the first tests with what these leave them.
  buildWeb(node);
  buildServer(node);
  const codes = [];
  for (const suites of lines) {
    say(`Tests: ${suites.join(", ")} …`);
    codes.push(...(await Promise.all(suites.map(runSuite))));
    if ((await checks) !== 0) {
      summarize(suites);
      return 1;
    }
  }
  for (const layout of layouts) {
    say(`Tests: browser stories, ${layout} …`);
    codes.push(await vitest(layout, ["--project", "browser", ...stories], { LAYOUT: layout }));
  }
  let code = codes.find((one) => one !== 0) ?? 0;
  if (code === 0) {
    say("Benchmark, short form …");
    code = await timed("bench", () => run(node, ["scripts/bench.mjs", "--quick"]));
  }
  writeFileSync(join(reports, "minutes.json"), JSON.stringify(minutes));
  say("");
  // The long form has no budget.
  if (!isLong) await run(node, ["scripts/test-budget.ts"]);
  summarize([...lines.flat(), ...layouts]);
  return code;
}

function runSuite(suite) {
  return timed(suite, () => vitest(suite, ["--project", suite]));
}

function vitest(name, args, extra = {}) {
  const reporters = ["default", "json", "./scripts/lib/unhandled-errors-reporter.mjs"];
  const report = [...reporters.map((one) => `--reporter=${one}`), `--outputFile.json=${reportOf(name)}`];
  return run(node, ["node_modules/vitest/vitest.mjs", "run", ...report, ...args], {
    env: { ...env, ...extra, UNHANDLED_ERRORS: unhandledErrorsOf(name) },
  });
}

function reportOf(name) {
  return join(reports, `${name}.json`);
}

function unhandledErrorsOf(name) {
  return join(reports, `${name}-unhandled-errors.json`);
}

async function timed(suite, task) {
  const from = Date.now();
  const code = await task();
  minutes[suite] = (Date.now() - from) / 60_000;
  return code;
}

function summarize(names) {
  const results = names.map(reportOf).flatMap(readJson);
  // Once more at the end: the output of the suites that came later may be all that somebody sees.
  for (const failure of results.flatMap(failuresOf)) console.log(failure);
  for (const { message, path } of names.map(unhandledErrorsOf).flatMap(readJson).flat())
    console.log(`unhandled error${path ? ` in ${relative(root, path)}` : ""}: ${firstLine(message)}`);
  const sum = (key) => results.reduce((total, result) => total + result[key], 0);
  const passed = `tests: ${sum("numPassedTests")} passed, ${sum("numFailedTests")} failed`;
  console.log(`${passed}, in ${((Date.now() - startedAt) / 60_000).toFixed(1)} minutes`);
}

/** A line for each failed test, and for each file that could not be run, from the report that Vitest writes as JSON. */
function failuresOf({ testResults }) {
  return testResults.flatMap(({ name, status, message, assertionResults }) => {
    const failed = assertionResults.filter((test) => test.status === "failed");
    const where = `failed: ${relative(root, name)}`;
    if (failed.length === 0) return status === "failed" ? [`${where}: ${firstLine(message)}`] : [];
    return failed.map((test) => `${where}: ${test.fullName}: ${reasonOf(test.failureMessages[0])}`);
  });
}

/** What the file contains, or nothing: a run that was ended early has no report. */
function readJson(file) {
  return existsSync(file) ? [JSON.parse(readFileSync(file, "utf8"))] : [];
}

/** What an error says above its stack, in one line: the list of differences that a failed comparison found, too. */
function reasonOf(text) {
  const [reason] = (text ?? "").split(/\n\s+at /, 1);
  return reason.replaceAll(/\s*\n\s*/g, " | ").slice(0, 2000);
}

function firstLine(text) {
  return (text ?? "").split("\n", 1)[0];
}
