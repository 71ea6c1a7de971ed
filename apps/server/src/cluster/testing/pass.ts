import type { ManualClock } from "../../testing/manual-clock.ts";

const stepMs = 250;

/** Advances the clock in steps, so that nodes renew their leases in between. */
export async function pass(clock: ManualClock, ms: number): Promise<void> {
  for (let passed = 0; passed < ms; passed += stepMs) {
    clock.advance(stepMs);
    await new Promise((resolve) => setImmediate(resolve));
  }
}
