/** What a page tells of its sound. Levels are in dBFS; a pure tone at full scale reads about 0. */
export interface Ear {
  /** The loudest that a tone of this frequency was within the last second, or up to ten, as the loudspeaker has it. */
  heard(frequency: number, seconds?: number): number;
  /** Of each peer connection that was ever made. */
  connections: RTCPeerConnection[];
  /** Every track that a microphone has given. */
  microphones: MediaStreamTrack[];
  /** Pulls the microphone out, or plugs it in again. */
  plug(isIn: boolean): void;
  /** Keeps all that is played from now on, in mono. */
  record(): Promise<void>;
  /** Kept so far. */
  recordedSeconds(): number;
  /** Ends the recording and gives it as 16-bit samples at 48 kHz, in base 64. */
  stopRecording(): string;
}

/** Answered at `/recorder.js`: pages take scripts from their own origin only. */
export const recorderScript = `registerProcessor("recorder", class extends AudioWorkletProcessor {
  process([input]) {
    // Where nothing flows there is no input: that is silence, too.
    this.port.postMessage(input[0]?.slice() ?? new Float32Array(128));
    return true;
  }
});`;

/**
 * Runs in the page before its own scripts. Whatever is connected to the loudspeaker also goes through an analyser, so
 * that a test measures what a person would hear, volumes and all.
 */
export function installEar(): void {
  const taps = new Map<BaseAudioContext, AnalyserNode>();
  const spectra: { at: number; values: Float32Array }[] = [];
  // oxlint-disable-next-line typescript/unbound-method -- always called on a node
  const connect = AudioNode.prototype.connect as (target: AudioNode, ...rest: number[]) => AudioNode;
  function tapOf(context: BaseAudioContext): AnalyserNode {
    const known = taps.get(context);
    if (known) return known;
    const tap = new AnalyserNode(context, { fftSize: 4_096, smoothingTimeConstant: 0, minDecibels: -140 });
    taps.set(context, tap);
    return tap;
  }
  function tapped(this: AudioNode, target: AudioNode, ...rest: number[]) {
    if (target instanceof AudioDestinationNode) connect.call(this, tapOf(this.context));
    return connect.call(this, target, ...rest);
  }
  Object.assign(AudioNode.prototype, { connect: tapped });

  setInterval(() => {
    const at = performance.now();
    while (spectra[0] && spectra[0].at < at - 10_000) spectra.shift();
    for (const tap of taps.values()) {
      const values = new Float32Array(tap.frequencyBinCount);
      tap.getFloatFrequencyData(values);
      spectra.push({ at, values });
    }
  }, 50);

  const connections: RTCPeerConnection[] = [];
  globalThis.RTCPeerConnection = class extends RTCPeerConnection {
    constructor(configuration?: RTCConfiguration) {
      super({ ...configuration, ...(globalThis as { rtcOverrides?: RTCConfiguration }).rtcOverrides });
      connections.push(this);
    }
  };

  const microphones: MediaStreamTrack[] = [];
  let isPluggedIn = true;
  const media = navigator.mediaDevices;
  const open = media.getUserMedia.bind(media);
  media.getUserMedia = async (constraints) => {
    if (!isPluggedIn) throw new DOMException("Requested device not found", "NotFoundError");
    const stream = await open(constraints);
    microphones.push(...stream.getAudioTracks());
    return stream;
  };
  function plug(isIn: boolean): void {
    isPluggedIn = isIn;
    for (const track of isIn ? [] : microphones.filter(({ readyState }) => readyState === "live")) {
      track.stop();
      track.dispatchEvent(new Event("ended"));
    }
    media.dispatchEvent(new Event("devicechange"));
  }

  let chunks: Float32Array[] = [];
  let endRecording = () => {};
  async function record(): Promise<void> {
    const [tap] = taps.values();
    if (!tap) throw new Error("nothing has been played yet");
    await tap.context.audioWorklet.addModule("/recorder.js");
    const recorder = new AudioWorkletNode(tap.context, "recorder", { channelCount: 1, channelCountMode: "explicit" });
    chunks = [];
    recorder.port.addEventListener("message", ({ data }: MessageEvent<Float32Array>) => chunks.push(data));
    recorder.port.start();
    connect.call(tap, recorder);
    endRecording = () => {
      tap.disconnect(recorder);
      recorder.port.close();
    };
  }
  function stopRecording(): string {
    endRecording();
    const samples = chunks.flatMap((chunk) => [...chunk]);
    const bytes = new Uint8Array(Int16Array.from(samples, (sample) => sample * 32_767).buffer);
    return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
  }

  (globalThis as { ear?: Ear }).ear = {
    connections,
    microphones,
    plug,
    record,
    recordedSeconds: () => chunks.reduce((sum, { length }) => sum + length, 0) / 48_000,
    stopRecording,
    heard(frequency, seconds = 1) {
      const [context] = taps.keys();
      if (!context) return -Infinity;
      const bin = Math.round((frequency / context.sampleRate) * 4_096);
      const since = performance.now() - seconds * 1_000;
      const recent = spectra.filter(({ at }) => at >= since);
      const levels = recent.map(({ values }) => Math.max(...values.subarray(bin - 2, bin + 3)));
      return Math.max(-140, ...levels);
    },
  };
}

/** Runs in the page before its own scripts: sound starts as Safari has it, within the handling of a click and never else. */
export function holdSoundBack(): void {
  let isClicked = false;
  addEventListener(
    "click",
    ({ isTrusted }) => {
      isClicked = isTrusted;
      setTimeout(() => (isClicked = false));
    },
    { capture: true },
  );
  globalThis.AudioContext = class extends AudioContext {
    constructor(options?: AudioContextOptions) {
      super(options);
      void this.suspend();
    }
    override resume(): Promise<void> {
      return isClicked ? super.resume() : new Promise(() => {});
    }
  };
}
