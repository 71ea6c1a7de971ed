import { afterAll, vi } from "vitest";

// The test files of a process share its globals, so a file gives back what it has replaced.
afterAll(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});
