import { audioContext } from "../../../core/audio/audio-context.ts";

interface Voice {
  track: MediaStreamTrack;
  source: MediaStreamAudioSourceNode;
  gain: GainNode;
  /** Chromium passes a remote track to the audio graph only while a media element plays it too. */
  element: HTMLAudioElement;
}

/** Duration of a volume change, long enough not to click. */
const glideSeconds = 0.02;

/** The sound of a call: each track with its own volume, and one switch to silence all of them. */
export class Playback {
  readonly #voices = new Map<string, Voice>();
  readonly #master: GainNode;

  constructor() {
    this.#master = new GainNode(audioContext());
    this.#master.connect(audioContext().destination);
  }

  /** Plays exactly these tracks; `volume` is from 0 to 2. */
  show(tracks: readonly { key: string; track: MediaStreamTrack; volume: number }[]): void {
    const wanted = new Set(tracks.map(({ key }) => key));
    for (const key of this.#voices.keys()) if (!wanted.has(key)) this.#remove(key);
    for (const { key, track, volume } of tracks) {
      if (this.#voices.get(key)?.track !== track) {
        this.#remove(key);
        this.#voices.set(key, this.#add(track));
      }
      this.#voices.get(key)!.gain.gain.setTargetAtTime(volume, audioContext().currentTime, glideSeconds);
    }
  }

  setSilent(silent: boolean): void {
    this.#master.gain.setTargetAtTime(silent ? 0 : 1, audioContext().currentTime, glideSeconds);
  }

  close(): void {
    for (const key of this.#voices.keys()) this.#remove(key);
    this.#master.disconnect();
  }

  #add(track: MediaStreamTrack): Voice {
    const context = audioContext();
    const stream = new MediaStream([track]);
    const element = new Audio();
    element.muted = true;
    element.srcObject = stream;
    void element.play().catch(() => {});
    const source = context.createMediaStreamSource(stream);
    const gain = new GainNode(context, { gain: 0 });
    source.connect(gain).connect(this.#master);
    return { track, source, gain, element };
  }

  #remove(key: string): void {
    const voice = this.#voices.get(key);
    if (!voice) return;
    this.#voices.delete(key);
    voice.source.disconnect();
    voice.gain.disconnect();
    voice.element.srcObject = null;
  }
}
