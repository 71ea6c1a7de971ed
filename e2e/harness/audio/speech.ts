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

/** The correlation of two runs of levels, from -1 to 1, wherever in the repeated `pattern` the first one began. */
export function likeness(levels: readonly number[], pattern: readonly number[]): number {
  const heard = levels.slice(-pattern.length).map((level) => Math.max(floorDb, level));
  const shifts = pattern.map((_, shift) =>
    heard.map((_level, i) => Math.max(floorDb, pattern[(i + shift) % pattern.length]!)),
  );
  return Math.max(...shifts.map((shifted) => correlation(heard, shifted)));
}

function correlation(a: readonly number[], b: readonly number[]): number {
  const mean = (all: readonly number[]) => all.reduce((sum, one) => sum + one, 0) / all.length;
  const [meanA, meanB] = [mean(a), mean(b)];
  const both = mean(a.map((one, i) => (one - meanA) * (b[i]! - meanB)));
  const spread = (all: readonly number[], middle: number) => Math.sqrt(mean(all.map((one) => (one - middle) ** 2)));
  return both / (spread(a, meanA) * spread(b, meanB) || 1);
}
