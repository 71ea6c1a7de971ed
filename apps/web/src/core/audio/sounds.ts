import { audioContext } from "./audio-context.ts";

/** Notes in Hz, in playing order. */
const melodies = {
  join: [523, 784],
  leave: [659, 440],
  mute: [392],
  unmute: [523],
  notification: [784, 1047],
  ring: [587, 740, 880, 740, 587, 740, 880],
} as const;

export type Sound = keyof typeof melodies;

const noteSeconds = 0.11;
const loudness = 0.09;

/** Plays a short synthesised sound, so that there is no file to load and all sounds are equally loud. */
export function playSound(sound: Sound): void {
  const context = audioContext();
  melodies[sound].forEach((frequency, index) =>
    playNote(context, frequency, context.currentTime + index * noteSeconds),
  );
}

function playNote(context: AudioContext, frequency: number, at: number): void {
  const oscillator = new OscillatorNode(context, { type: "triangle", frequency });
  const envelope = new GainNode(context, { gain: 0 });
  envelope.gain.setValueAtTime(0, at);
  envelope.gain.linearRampToValueAtTime(loudness, at + 0.012);
  envelope.gain.exponentialRampToValueAtTime(0.001, at + noteSeconds * 2);
  oscillator.connect(envelope).connect(context.destination);
  oscillator.start(at);
  oscillator.stop(at + noteSeconds * 2);
  oscillator.addEventListener("ended", () => envelope.disconnect());
}
