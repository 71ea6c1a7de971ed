import { defineConfig } from "vitest/config";

const test = {
  environment: "node",
  testTimeout: 30_000,
  hookTimeout: 60_000,
  exclude: ["**/node_modules/**", "**/dist/**"],
};

/** Three tiers: beside the code, against a killed and cut server, and in a real browser. */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          ...test,
          name: "code",
          include: ["{packages,apps,bench,scripts,deploy}/**/*.test.{ts,tsx}"],
          sequence: { groupOrder: 0 },
        },
      },
      {
        test: {
          ...test,
          name: "chaos",
          include: ["e2e/chaos/**/*.test.ts"],
          testTimeout: 600_000,
          // Most of their time is spent waiting for servers to come back.
          maxConcurrency: 4,
          sequence: { groupOrder: 1 },
        },
      },
      {
        test: {
          ...test,
          name: "browser",
          include: ["e2e/browser/**/*.test.ts"],
          testTimeout: 300_000,
          // Several browsers start in one.
          hookTimeout: 180_000,
          expect: { poll: { timeout: 60_000 } },
          fileParallelism: false,
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
});
