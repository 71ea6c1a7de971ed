import { mono, run, sox, type SoundFiles } from "./sounds.ts";

const sentence = "The old lighthouse keeper climbs the stairs each evening and lights the great lamp.";
/** Length of `noisySpeech`, which a fake microphone repeats. */
export const speechSeconds = 7;

/**
 * A sentence and a pause over steady noise. The pause takes more than a third of the time, so quantiles of the levels
 * separate noise and speech at whatever point a recording starts.
 */
export function noisySpeech(sounds: SoundFiles): string {
  const speech = say(sounds, sentence, []);
  const noise = sounds.path("noise.wav");
  const mixed = sounds.path("noisy-speech.wav");
  sox(...mono, noise, "synth", String(speechSeconds), "pinknoise", "vol", "0.1");
  sox("-m", "-v", "1", speech, "-v", "1", noise, mixed, "trim", "0", String(speechSeconds));
  return mixed;
}

/** Several voices at once without a pause: suppressors leave them as they are, and a gap in the sound is measurable. */
export function chorus(sounds: SoundFiles): string {
  const text = `${sentence} Ships far out at sea see it turning and know how close the rocks are.`;
  const voices = ["en", "en+f2", "en+m3", "en+f4", "en+m7"].map((voice, index) =>
    say(sounds, text, ["-v", voice, "-s", String(140 + index * 17), "-p", String(30 + index * 12)]),
  );
  const mixed = sounds.path("chorus.wav");
  sox("-m", ...voices, mixed, "gain", "-n", "-9", "trim", "0.5", "4");
  return mixed;
}

function say(sounds: SoundFiles, text: string, how: readonly string[]): string {
  const raw = sounds.path(`raw-${how.join("")}.wav`);
  const spoken = sounds.path(`spoken-${how.join("")}.wav`);
  run("espeak-ng", [...how, "-w", raw, text]);
  sox(raw, "-r", "48000", "-c", "1", "-b", "16", spoken, "gain", "-n", "-9", "pad", "0", "3");
  return spoken;
}

const frameLength = 960;

/** Level of each 20 ms in dBFS. */
export function frameLevels(samples: Int16Array): number[] {
  const frames = Math.floor(samples.length / frameLength);
  return Array.from({ length: frames }, (_, index) => {
    const frame = samples.subarray(index * frameLength, (index + 1) * frameLength);
    const power = frame.reduce((sum, sample) => sum + (sample / 32_768) ** 2, 0) / frameLength;
    return Math.max(-100, 10 * Math.log10(power + 1e-12));
  });
}

/** The level below which this share of the frames lies. */
export function quantile(levels: readonly number[], share: number): number {
  return levels.toSorted((a, b) => a - b)[Math.floor(levels.length * share)] ?? -100;
}

/** The longest run of digital silence, in milliseconds; even quiet noise ends a run. */
export function longestSilenceMs(samples: Int16Array): number {
  let [run, longest] = [0, 0];
  for (const sample of samples) {
    run = Math.abs(sample) <= 2 ? run + 1 : 0;
    longest = Math.max(longest, run);
  }
  return longest / 48;
}

/** Quieter than this counts as silence. */
const floorDb = -60;
/** Frames that are compared at a time, and how far their delay may differ from that of the whole: buffers stretch sound. */
const windowFrames = 50;
const stretchFrames = 25;
/** A window of less than this standard deviation, in dB, says nothing. */
const leastSpread = 4;

/**
 * How much a second of the recorded levels is like what was said, wherever in the repeated `pattern` the recording began:
 * the median of the correlations, from -1 to 1.
 */
export function likeness(recorded: readonly number[], pattern: readonly number[]): number {
  const heard = recorded.map((level) => Math.max(floorDb, level));
  const said = (at: number) => Math.max(floorDb, pattern[((at % pattern.length) + pattern.length) % pattern.length]!);
  const alike = (from: number, count: number, shift: number) =>
    correlation(heard.slice(from, from + count), (i) => said(from + shift + i));
  const best = (from: number, count: number, shifts: readonly number[]) =>
    shifts.map((shift) => ({ shift, value: alike(from, count, shift) })).reduce((a, b) => (b.value > a.value ? b : a));
  const whole = best(0, heard.length, [...pattern.keys()]).shift;
  const near = Array.from({ length: 2 * stretchFrames + 1 }, (_, i) => whole - stretchFrames + i);
  const values: number[] = [];
  for (let from = 0; from + windowFrames <= heard.length; from += windowFrames) {
    const window = Array.from({ length: windowFrames }, (_, i) => said(from + whole + i));
    if (spreadOf(window) >= leastSpread) values.push(best(from, windowFrames, near).value);
  }
  return quantile(values, 0.5);
}

function correlation(a: readonly number[], levelAt: (index: number) => number): number {
  const b = a.map((_, i) => levelAt(i));
  const [meanA, meanB] = [mean(a), mean(b)];
  const both = mean(a.map((one, i) => (one - meanA) * (b[i]! - meanB)));
  return both / (spreadOf(a) * spreadOf(b) || 1);
}

function spreadOf(all: readonly number[]): number {
  const middle = mean(all);
  return Math.sqrt(mean(all.map((one) => (one - middle) ** 2)));
}

function mean(all: readonly number[]): number {
  return all.reduce((sum, one) => sum + one, 0) / all.length;
}
