import { expect, test } from "vitest";
import { SharedTurns } from "../../concurrency/shared-turns.ts";
import { FrameQueue } from "./frame-turns.ts";

function queues(count: number) {
  const turns = new SharedTurns();
  const handled: string[] = [];
  const state = { isWanted: true, waiting: 0 };
  const all = Array.from({ length: count }, (_, id) => {
    const reader = {
      handle: (frame: number) => void handled.push(`${id}:${frame}`),
      isWanted: () => state.isWanted,
      onWaiting: () => void (state.waiting += 1),
      onDone: () => void (state.waiting -= 1),
    };
    return new FrameQueue(reader, turns);
  });
  return { all, handled, state };
}

const frames = (length: number) => Array.from({ length }, (_, frame) => frame);

test("frames that arrive together are handled in order, and each connection waits for others only", async () => {
  const { all, handled, state } = queues(3);
  for (const queue of all) {
    queue.begin();
    for (const frame of frames(100)) queue.push(frame);
  }
  expect(handled).toHaveLength(24);
  expect(state.waiting).toBe(3);
  await expect.poll(() => state.waiting).toBe(0);
  for (const id of [0, 1, 2]) {
    expect(handled.filter((each) => each.startsWith(`${id}:`))).toEqual(frames(100).map((frame) => `${id}:${frame}`));
  }
  // Nobody is a slice further than somebody else.
  expect(new Set(handled.slice(24, 48).map((each) => each.split(":")[0])).size).toBe(3);
  all[0]!.begin();
  all[0]!.push(100);
  expect(handled.at(-1)).toBe("0:100");
});

test("frames of a connection that is closed meanwhile are dropped", async () => {
  const { all, handled, state } = queues(1);
  for (const frame of frames(20)) all[0]!.push(frame);
  state.isWanted = false;
  await expect.poll(() => state.waiting).toBe(0);
  expect(handled).toEqual(frames(8).map((frame) => `0:${frame}`));
  expect(all[0]!.isWaiting).toBe(false);
});
