import { relative } from "node:path";
import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";
import { startsBuiltScripts } from "./apps/server/script-address.ts";
import budget from "./test-budget.json" with { type: "json" };

/** Starts the longest files first, so that both workers end at about the same time. */
class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await BaseSequencer.prototype.sort.call(this, files);
    return sorted.toSorted((a, b) => groupOf(a) - groupOf(b) || rankOf(a) - rankOf(b));
  }
}

function groupOf({ project }: TestSpecification): number {
  return project.config.sequence.groupOrder;
}

function rankOf({ moduleId }: TestSpecification): number {
  const rank = budget.startFirst.indexOf(relative(import.meta.dirname, moduleId));
  return rank === -1 ? budget.startFirst.length : rank;
}

const test = {
  environment: "node",
  // The machine is busy with several suites, and its disk may be slow: these end what hangs, and say nothing about a server.
  testTimeout: 180_000,
  hookTimeout: 240_000,
  expect: { poll: { timeout: 60_000 } },
  exclude: ["**/node_modules/**", "**/dist/**"],
};

const inBrowsers = {
  ...test,
  testTimeout: 300_000,
  // A hook may launch several browsers.
  hookTimeout: 180_000,
  expect: { poll: { timeout: 60_000 } },
};

const plugins = process.env["TESTED_SERVER"] === "built" ? [startsBuiltScripts()] : [];

/** Each project is a suite of `npm test`; scripts/test.mjs says which of them run at the same time. */
export default defineConfig({
  test: {
    sequence: { sequencer: LongestFirst },
    projects: [
      {
        plugins,
        test: {
          ...test,
          name: "code",
          include: ["{packages,apps,bench,scripts,deploy,desktop}/**/*.test.{ts,tsx}"],
          // Vitest leaves one core free, which on two cores would be half of the machine.
          maxWorkers: "100%",
          // A process for each file would load the server's modules two hundred times, a fifth of the suite's CPU.
          isolate: false,
          setupFiles: ["scripts/lib/restore-globals.ts"],
          sequence: { groupOrder: 0 },
        },
      },
      {
        plugins,
        test: {
          ...test,
          name: "chaos",
          include: ["e2e/chaos/**/*.test.ts"],
          testTimeout: 600_000,
          // The seeds mostly wait for servers to restart and clients to reconnect.
          maxConcurrency: 4,
          fileParallelism: false,
          sequence: { groupOrder: 1 },
        },
      },
      {
        plugins,
        test: {
          ...inBrowsers,
          name: "browser",
          include: ["e2e/browser/**/*.test.ts"],
          maxWorkers: 2,
          // The files of a process share its browser, and load the harness once.
          isolate: false,
          setupFiles: ["scripts/lib/restore-globals.ts"],
          sequence: { groupOrder: 2 },
        },
      },
      {
        plugins,
        test: {
          ...inBrowsers,
          name: "calls",
          include: ["e2e/calls/**/*.test.ts"],
          // Sound breaks up on a busy machine, so nothing else runs beside a call.
          fileParallelism: false,
          isolate: false,
          sequence: { groupOrder: 3 },
        },
      },
    ],
  },
});
