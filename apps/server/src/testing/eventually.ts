import { vi } from "vitest";

/** Repeats a check until it passes; Vitest's own second would say something about a busy machine only. */
export function eventually<Result>(check: () => Result | Promise<Result>): Promise<Result> {
  return vi.waitFor(check, { timeout: 60_000 });
}
