import { beforeEach, describe, expect, test } from "vitest";
import { Gate, levelOf } from "./gate.ts";

const rate = 48_000;
const block = 128;
let gate: Gate;
let time: number;

beforeEach(() => {
  gate = new Gate(rate);
  time = 0;
});

/**
 * Feeds a tone of the level for the duration. Returns the level of the last output block and whether the gate ever
 * opened.
 */
function feed(db: number, ms: number): { outDb: number; opened: boolean } {
  const amplitude = db === -Infinity ? 0 : 10 ** (db / 20) * Math.SQRT2;
  const output = new Float32Array(block);
  let opened = false;
  for (let done = 0; done < (ms / 1_000) * rate; done += block) {
    const input = Float32Array.from({ length: block }, () => amplitude * Math.sin((2 * Math.PI * 750 * time++) / rate));
    gate.process(input, output);
    opened ||= gate.isOpen;
  }
  return { outDb: levelOf(output), opened };
}

describe("a voice gate with an automatic threshold", () => {
  test("passes speech unchanged and silences noise", () => {
    expect(feed(-60, 2_000).opened).toBe(false);
    expect(feed(-25, 300).outDb).toBeCloseTo(-25, 0);
    expect(feed(-60, 1_000).outDb).toBeLessThan(-95);
  });

  test("raises its threshold in a louder room and still opens for a voice above it", () => {
    feed(-45, 10_000);
    expect(feed(-45, 1_000).opened).toBe(false);
    expect(feed(-25, 300).opened).toBe(true);
  });
});

describe("a voice gate with a chosen threshold", () => {
  beforeEach(() => {
    gate.settings = { mode: "activity", thresholdDb: -40, isHeld: false };
  });

  test("opens at the threshold and stays open a little below it", () => {
    expect(feed(-42, 500).opened).toBe(false);
    expect(feed(-38, 100).opened).toBe(true);
    feed(-44, 2_000);
    expect(gate.isOpen).toBe(true);
    feed(-50, 1_000);
    expect(gate.isOpen).toBe(false);
  });

  test("stays open between words", () => {
    feed(-20, 200);
    feed(-Infinity, 300);
    expect(gate.isOpen).toBe(true);
    feed(-Infinity, 200);
    expect(gate.isOpen).toBe(false);
  });
});

test("push to talk opens the voice gate by the key alone, at any level", () => {
  gate.settings = { mode: "push", thresholdDb: null, isHeld: false };
  expect(feed(-10, 500).outDb).toBeLessThan(-95);
  gate.settings = { mode: "push", thresholdDb: null, isHeld: true };
  expect(feed(-70, 500).outDb).toBeCloseTo(-70, 0);
});

test("the voice gate opens ahead of the sound that opened it, so that no beginning is cut", () => {
  feed(-Infinity, 100);
  const output = new Float32Array(block);
  const heard: number[] = [];
  for (let i = 0; i < 20; i++) {
    gate.process(
      Float32Array.from({ length: block }, () => 0.1),
      output,
    );
    heard.push(...output);
  }
  const begins = heard.findIndex((sample) => sample > 0.05);
  expect(begins).toBeLessThan(rate * 0.0125);
});
