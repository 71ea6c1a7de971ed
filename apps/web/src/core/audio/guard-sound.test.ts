import { expect, test, vi } from "vitest";
import { guardSound } from "./guard-sound.ts";

/** An audio context that the system suspends, and that resumes only when `isAllowed`. */
class FakeContext extends EventTarget {
  state = "running";
  isAllowed = true;

  change(state: string): void {
    this.state = state;
    this.dispatchEvent(new Event("statechange"));
  }

  async resume(): Promise<void> {
    if (!this.isAllowed) return new Promise(() => {});
    if (this.state === "interrupted") throw new Error("InvalidStateError");
    this.change("running");
  }
}

function guarded() {
  vi.useFakeTimers();
  const [context, page, states] = [new FakeContext(), new EventTarget(), [] as boolean[]];
  const stop = guardSound(context, (isRunning) => states.push(isRunning), [page]);
  return { context, page, states, stop };
}

test.each(["suspended", "interrupted"])("sound that is %s and cannot be resumed is reported", async (state) => {
  const { context, states } = guarded();
  context.isAllowed = false;
  context.change(state);
  await vi.advanceTimersByTimeAsync(1_000);
  expect(states).toEqual([false]);
});

test("sound that is suspended resumes by itself where the browser allows it, and is not reported", async () => {
  const { context, states } = guarded();
  context.change("suspended");
  await vi.advanceTimersByTimeAsync(1_000);
  expect(context.state).toBe("running");
  expect(states).not.toContain(false);
});

test("sound resumes after an interruption by the system has ended", async () => {
  const { context, states } = guarded();
  context.change("interrupted");
  await vi.advanceTimersByTimeAsync(1_000);
  context.change("suspended");
  await vi.advanceTimersByTimeAsync(1_000);
  expect([context.state, states.at(-1)]).toEqual(["running", true]);
});

test.each(["pointerup", "keydown", "focus", "visibilitychange"])("suspended sound resumes on %s", async (occasion) => {
  const { context, page, states } = guarded();
  context.isAllowed = false;
  context.change("suspended");
  await vi.advanceTimersByTimeAsync(1_000);
  context.isAllowed = true;
  page.dispatchEvent(new Event(occasion));
  await vi.advanceTimersByTimeAsync(1_000);
  expect(states.at(-1)).toBe(true);
});

test("sound is left alone after its guard has ended", async () => {
  const { context, states, stop } = guarded();
  stop();
  context.change("suspended");
  await vi.advanceTimersByTimeAsync(1_000);
  expect([context.state, states]).toEqual(["suspended", []]);
});
