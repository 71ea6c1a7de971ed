import { audioContext } from "./audio-context.ts";

/** Decoded sounds by their addresses, of which none ever changes. */
const decoded = new Map<string, Promise<AudioBuffer>>();
const mostDecoded = 48;

/** Loads a sound, or takes it from those that were loaded last. Rejects when it cannot be had or decoded. */
export function loadSound(url: string): Promise<AudioBuffer> {
  const known = decoded.get(url);
  const sound = known ?? fetchSound(url);
  decoded.delete(url);
  decoded.set(url, sound);
  sound.catch(() => decoded.delete(url));
  const [oldest] = decoded.keys();
  if (decoded.size > mostDecoded && oldest !== undefined) decoded.delete(oldest);
  return sound;
}

async function fetchSound(url: string): Promise<AudioBuffer> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`The sound answered ${response.status}.`);
  return audioContext().decodeAudioData(await response.arrayBuffer());
}

/** Plays it from now on, at a volume from 0 to 2, into the node; the function stops it. */
export function playBuffer(
  sound: AudioBuffer,
  { volume, to, maxSeconds }: { volume: number; to: AudioNode; maxSeconds: number },
): () => void {
  const context = audioContext();
  const source = new AudioBufferSourceNode(context, { buffer: sound });
  const gain = new GainNode(context, { gain: volume });
  source.connect(gain).connect(to);
  source.addEventListener("ended", () => gain.disconnect());
  source.start();
  source.stop(context.currentTime + maxSeconds);
  return () => source.stop();
}
