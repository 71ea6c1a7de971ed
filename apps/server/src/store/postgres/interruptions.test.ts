import { beforeEach, expect, test } from "vitest";
import { ManualClock } from "../../testing/manual-clock.ts";
import { Interruptions } from "./interruptions.ts";

let clock: ManualClock;
let interruptions: Interruptions;
let told: number;

beforeEach(() => {
  clock = new ManualClock();
  interruptions = new Interruptions(clock);
  told = 0;
  interruptions.onOver(() => (told += 1));
});

function interrupt(): void {
  interruptions.lost();
  interruptions.lost();
  interruptions.answered();
  interruptions.answered();
}

test("answers alone tell nothing, and neither do lost statements without an answer after them", () => {
  interruptions.answered();
  clock.advance(60_000);
  interruptions.lost();
  clock.advance(60_000);
  expect(told).toBe(0);
});

test("an interruption is told once, a second after the first answer", () => {
  interrupt();
  clock.advance(999);
  expect(told).toBe(0);
  clock.advance(1);
  clock.advance(60_000);
  expect(told).toBe(1);
});

test("interruptions one after the other are told at most every ten seconds, and the last one as well", () => {
  for (let second = 0; second < 25; second += 1) {
    interrupt();
    clock.advance(1_000);
  }
  expect(told).toBe(3);
  clock.advance(10_000);
  expect(told).toBe(4);
  clock.advance(60_000);
  expect(told).toBe(4);
});

test("nothing is told after the end", () => {
  interrupt();
  interruptions.stop();
  clock.advance(60_000);
  expect(told).toBe(0);
});
