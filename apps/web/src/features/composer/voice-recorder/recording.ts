import { limits, type VoiceRecording } from "@miscord/protocol";
import { allowSound, audioContext } from "../../../core/audio/audio-context.ts";
import { Capture } from "../../voice/audio/capture.ts";
import { useVoiceSettings } from "../../voice/voice-settings.ts";
import { recordingType } from "./recording-type.ts";
import { loudnessOf, waveformOf } from "./waveform.ts";

/** Speech is clear at this rate, and ten minutes of it have less than three megabytes. */
const bitsPerSecond = 32_000;
const measureMs = 50;
/** How often the recorder hands over what it has. */
const chunkMs = 1_000;
/** Of the largest file, left for what the recorder has not handed over. */
const reservedBytes = 64 * 1024;

export interface RecordedVoice {
  file: File;
  voice: VoiceRecording;
}

interface RecordingOptions {
  /** Of the largest file that may be uploaded. */
  maxBytes: number;
  /** An end that nobody asked for: the longest length, the largest file, or the microphone is gone. */
  onStopped: (reason: "full" | "lost") => void;
}

/** A voice message that is being recorded. The microphone is open until `stop` or `cancel`, or until it stops by itself. */
export class Recording {
  /** Loudness since the beginning, one figure each `measureMs`. */
  readonly loudness: number[] = [];
  readonly #capture: Capture;
  readonly #recorder: MediaRecorder;
  readonly #analyser: AnalyserNode;
  readonly #output: MediaStreamAudioDestinationNode;
  readonly #options: RecordingOptions;
  readonly #chunks: Blob[] = [];
  readonly #timer: ReturnType<typeof setInterval>;
  readonly #startedAt = performance.now();
  readonly #ended: Promise<void>;
  #lengthMs: number | null = null;

  private constructor(capture: Capture, options: RecordingOptions, type: string) {
    const context = audioContext();
    this.#capture = capture;
    this.#options = options;
    this.#analyser = new AnalyserNode(context, { fftSize: 2_048 });
    this.#output = new MediaStreamAudioDestinationNode(context, { channelCount: 1 });
    capture.fadeInto(this.#analyser);
    this.#analyser.connect(this.#output);
    capture.onEnded(() => this.#stopBy("lost"));
    this.#recorder = new MediaRecorder(this.#output.stream, { mimeType: type, audioBitsPerSecond: bitsPerSecond });
    this.#recorder.addEventListener("dataavailable", ({ data }) => this.#received(data));
    this.#recorder.addEventListener("error", () => this.#stopBy("lost"));
    this.#ended = new Promise((resolve) => this.#recorder.addEventListener("stop", () => resolve(), { once: true }));
    this.#recorder.start(chunkMs);
    this.#timer = setInterval(() => this.#measure(), measureMs);
  }

  /** Rejects with the errors of `getUserMedia`, and when the signal is aborted; then the microphone is closed again. */
  static async start(options: RecordingOptions, signal: AbortSignal): Promise<Recording> {
    const type = recordingType()?.type;
    if (type === undefined) throw new Error("This browser cannot record.");
    const { microphoneId, noiseSuppression, autoGain } = useVoiceSettings.getState();
    const capture = await Capture.open(audioContext(), { microphoneId, noiseSuppression, autoGain });
    try {
      if (!(await allowSound())) throw new Error("The browser holds the sound.");
      signal.throwIfAborted();
      return new Recording(capture, options, type);
    } catch (error) {
      capture.close();
      throw error;
    }
  }

  get lengthMs(): number {
    return Math.min(limits.voiceMessageMs, this.#lengthMs ?? performance.now() - this.#startedAt);
  }

  /** Ends the recording, and gives what was recorded. */
  async stop(): Promise<RecordedVoice> {
    this.#end();
    await this.#ended;
    const { mimeType } = this.#recorder;
    const file = new File(this.#chunks, `voice-message.${recordingType()!.ending}`, { type: mimeType });
    return {
      file,
      voice: { duration_ms: Math.max(1, Math.round(this.lengthMs)), waveform: waveformOf(this.loudness) },
    };
  }

  cancel(): void {
    this.#end();
    this.#chunks.length = 0;
  }

  /** The recorder goes first: it ends by itself when its microphone does. */
  #end(): void {
    if (this.#lengthMs !== null) return;
    this.#lengthMs = performance.now() - this.#startedAt;
    clearInterval(this.#timer);
    if (this.#recorder.state !== "inactive") this.#recorder.stop();
    this.#capture.close();
    this.#analyser.disconnect();
    for (const track of this.#output.stream.getTracks()) track.stop();
  }

  #stopBy(reason: "full" | "lost"): void {
    if (this.#lengthMs !== null) return;
    this.#end();
    this.#options.onStopped(reason);
  }

  #measure(): void {
    const samples = new Float32Array(this.#analyser.fftSize);
    this.#analyser.getFloatTimeDomainData(samples);
    this.loudness.push(loudnessOf(samples));
    if (performance.now() - this.#startedAt >= limits.voiceMessageMs) this.#stopBy("full");
  }

  #received(data: Blob): void {
    this.#chunks.push(data);
    const bytes = this.#chunks.reduce((sum, { size }) => sum + size, 0);
    if (bytes > this.#options.maxBytes - reservedBytes) this.#stopBy("full");
  }
}
