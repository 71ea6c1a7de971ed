import { createNoiseSuppressor } from "./noise-suppressor.ts";

export type NoiseSuppression = "off" | "browser" | "rnnoise";

export interface CaptureSettings {
  /** Device id; empty for the system's default. */
  microphoneId: string;
  noiseSuppression: NoiseSuppression;
  autoGain: boolean;
}

/** A fade long enough to prevent a click and too short to be noticed. */
const fadeSeconds = 0.03;

/** An open microphone with the noise suppression of its settings. Changed settings need a new capture. */
export class Capture {
  readonly settings: CaptureSettings;
  readonly #context: AudioContext;
  readonly #stream: MediaStream;
  readonly #output: GainNode;
  readonly #dispose: () => void;

  private constructor(
    context: AudioContext,
    settings: CaptureSettings,
    parts: { stream: MediaStream; output: GainNode; dispose: () => void },
  ) {
    this.#context = context;
    this.settings = settings;
    this.#stream = parts.stream;
    this.#output = parts.output;
    this.#dispose = parts.dispose;
  }

  /** Rejects with the errors of `getUserMedia`. */
  static async open(context: AudioContext, settings: CaptureSettings): Promise<Capture> {
    const stream = await openStream(settings);
    const source = context.createMediaStreamSource(stream);
    source.channelCount = 1;
    const output = new GainNode(context, { gain: 0, channelCount: 1, channelCountMode: "explicit" });
    // A failure to load RNNoise must not cost the microphone, which works without it.
    const suppressor =
      settings.noiseSuppression === "rnnoise" ? await createNoiseSuppressor(context).catch(() => null) : null;
    if (suppressor) source.connect(suppressor).connect(output);
    else source.connect(output);
    const dispose = () => {
      source.disconnect();
      suppressor?.disconnect();
      suppressor?.destroy();
      output.disconnect();
      for (const track of stream.getTracks()) track.stop();
    };
    return new Capture(context, settings, { stream, output, dispose });
  }

  /** Called when the device is unplugged or the permission is withdrawn, but not after `close`. */
  onEnded(listener: () => void): void {
    this.#stream.getAudioTracks()[0]?.addEventListener("ended", listener);
  }

  /** Id of the device that the browser chose. */
  get deviceId(): string {
    return this.#stream.getAudioTracks()[0]?.getSettings().deviceId ?? "";
  }

  fadeInto(target: AudioNode): void {
    this.#output.connect(target);
    this.#output.gain.setTargetAtTime(1, this.#context.currentTime, fadeSeconds / 3);
  }

  fadeOut(): void {
    this.#output.gain.setTargetAtTime(0, this.#context.currentTime, fadeSeconds / 3);
    setTimeout(() => this.#dispose(), fadeSeconds * 2_000);
  }

  close(): void {
    this.#dispose();
  }
}

/**
 * While the device is open with other processing, Chromium ignores preferred constraints; only required ones make it
 * process the sound a second time. Browsers that cannot fulfil the required ones are asked again with preferred ones.
 */
async function openStream(settings: CaptureSettings): Promise<MediaStream> {
  const ask = (how: "exact" | "ideal") => navigator.mediaDevices.getUserMedia({ audio: constraintsOf(settings, how) });
  try {
    return await ask("exact");
  } catch (error) {
    if (!(error instanceof Error && error.name === "OverconstrainedError")) throw error;
    return ask("ideal");
  }
}

function constraintsOf(
  { microphoneId, noiseSuppression, autoGain }: CaptureSettings,
  how: "exact" | "ideal",
): MediaTrackConstraints {
  return {
    ...(microphoneId === "" ? {} : { deviceId: { exact: microphoneId } }),
    channelCount: 1,
    echoCancellation: true,
    autoGainControl: { [how]: autoGain },
    // Two noise suppressors in a row damage speech.
    noiseSuppression: { [how]: noiseSuppression === "browser" },
  };
}
