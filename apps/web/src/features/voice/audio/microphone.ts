import { audioContext } from "../../../core/audio/audio-context.ts";
import { Capture, type CaptureSettings } from "./capture.ts";
import type { GateSettings } from "./gate.ts";
// oxlint-disable-next-line import/default -- Vite turns the import into a URL
import gateUrl from "./gate.worklet.ts?worker&url";
import type { GateReport } from "./gate.worklet.ts";
import { isMicrophoneHidden, problemOf, type MicrophoneProblem } from "./microphone-problem.ts";

export interface MicrophoneListener {
  onReport(report: GateReport): void;
  onProblem(problem: MicrophoneProblem | null): void;
}

let gateLoaded: Promise<void> | null = null;

/**
 * The user's voice as one track, captured, cleaned of noise and gated. The track outlives changes of device and noise
 * suppression: a new capture fades in before the old one is closed.
 */
export class Microphone {
  readonly track: MediaStreamTrack;
  readonly #gate: AudioWorkletNode;
  readonly #destination: MediaStreamAudioDestinationNode;
  readonly #listener: MicrophoneListener;
  #capture: Capture | null = null;
  #wanted: CaptureSettings | null = null;
  #opening: Promise<void> = Promise.resolve();
  #monitor: GainNode | null = null;
  /** True when the device in use was unplugged and no other has replaced it. */
  #isUnplugged = false;

  private constructor(listener: MicrophoneListener) {
    const context = audioContext();
    const mono = { channelCount: 1, channelCountMode: "explicit" } as const;
    this.#listener = listener;
    this.#gate = new AudioWorkletNode(context, "miscord-gate", { ...mono, outputChannelCount: [1] });
    this.#gate.port.addEventListener("message", ({ data }: MessageEvent<GateReport>) => listener.onReport(data));
    this.#gate.port.start();
    this.#destination = new MediaStreamAudioDestinationNode(context, mono);
    this.#gate.connect(this.#destination);
    this.track = this.#destination.stream.getAudioTracks()[0]!;
    // Tells the encoder to optimise for speech.
    this.track.contentHint = "speech";
    if (!isMicrophoneHidden()) navigator.mediaDevices.addEventListener("devicechange", this.#recover);
  }

  static async create(listener: MicrophoneListener): Promise<Microphone> {
    gateLoaded ??= audioContext().audioWorklet.addModule(gateUrl);
    try {
      await gateLoaded;
    } catch (error) {
      gateLoaded = null;
      throw error;
    }
    return new Microphone(listener);
  }

  /** Opens or changes the device. Never throws; failures are passed to the listener. */
  use(settings: CaptureSettings): Promise<void> {
    this.#wanted = settings;
    this.#opening = this.#opening.then(() => this.#open());
    return this.#opening;
  }

  setGate(settings: GateSettings): void {
    this.#gate.port.postMessage(settings);
  }

  /** Plays the user's own voice for a test. */
  setMonitored(on: boolean): void {
    this.#monitor?.disconnect();
    this.#monitor = null;
    if (!on) return;
    this.#monitor = new GainNode(audioContext());
    this.#gate.connect(this.#monitor).connect(audioContext().destination);
  }

  close(): void {
    this.#wanted = null;
    if (!isMicrophoneHidden()) navigator.mediaDevices.removeEventListener("devicechange", this.#recover);
    this.setMonitored(false);
    this.#gate.port.postMessage(null);
    this.#gate.disconnect();
    this.#capture?.close();
    this.#capture = null;
    this.track.stop();
  }

  async #open(): Promise<void> {
    const settings = this.#wanted;
    if (!settings || (this.#capture && isSame(this.#capture.settings, settings))) return;
    if (isMicrophoneHidden()) return this.#listener.onProblem("insecure");
    try {
      const capture = await Capture.open(audioContext(), settings).catch((error: unknown) =>
        orDefault(error, settings),
      );
      if (this.#wanted === null) return capture.close();
      this.#replace(capture);
      this.#isUnplugged = false;
      this.#listener.onProblem(null);
    } catch (error) {
      const problem = problemOf(error);
      this.#listener.onProblem(problem === "missing" && this.#isUnplugged ? "unplugged" : problem);
    }
  }

  #replace(capture: Capture): void {
    capture.fadeInto(this.#gate);
    this.#capture?.fadeOut();
    this.#capture = capture;
    capture.onEnded(() => {
      if (this.#capture !== capture) return;
      this.#capture = null;
      capture.close();
      this.#isUnplugged = true;
      this.#listener.onProblem("unplugged");
      this.#recover();
    });
  }

  /** A device was plugged in or unplugged: without a working microphone, any available one is opened. */
  readonly #recover = (): void => {
    if (this.#wanted && !this.#capture) void this.use(this.#wanted);
  };
}

/** Falls back to the default device when the chosen one is missing. */
function orDefault(error: unknown, settings: CaptureSettings): Promise<Capture> {
  if (settings.microphoneId === "" || problemOf(error) !== "missing") throw error;
  return Capture.open(audioContext(), { ...settings, microphoneId: "" });
}

function isSame(a: CaptureSettings, b: CaptureSettings): boolean {
  return a.microphoneId === b.microphoneId && a.noiseSuppression === b.noiseSuppression && a.autoGain === b.autoGain;
}
