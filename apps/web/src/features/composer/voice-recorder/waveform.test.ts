import { limits } from "@miscord/protocol";
import { expect, test } from "vitest";
import { heightOf, loudnessOf, waveformOf } from "./waveform.ts";

const bytesOf = (text: string) => Array.from(atob(text), (character) => character.charCodeAt(0));

test("a short recording has a byte for each measurement, the loudest is 255", () => {
  expect(bytesOf(waveformOf([0, 0.25, 0.0625]))).toEqual([0, 255, 128]);
});

test("the longest recording has as many bytes as a wave form may have, and keeps its peaks", () => {
  const loudness = Array.from({ length: 12_000 }, (_, at) => (at === 6_001 ? 0.5 : 0.005));
  const bytes = bytesOf(waveformOf(loudness));
  expect(bytes).toHaveLength(limits.waveformBytes);
  expect(bytes.filter((byte) => byte === 255)).toHaveLength(1);
});

test.each([[[]], [[0]], [[0.0001, 0.0002]]])("a recording of silence, %j, is flat", (loudness) => {
  expect(Math.max(...bytesOf(waveformOf(loudness)))).toBeLessThan(50);
});

test("loudness is drawn between nothing and the whole height", () => {
  const wave = (amplitude: number) =>
    loudnessOf(Float32Array.from({ length: 100 }, (_, at) => (at % 2 ? 1 : -1) * amplitude));
  expect([heightOf(wave(0)), heightOf(wave(0.03)), heightOf(wave(1))]).toEqual([0, expect.closeTo(0.3), 1]);
});
