/** Measures what a page plays. Levels are in dBFS; a pure tone at full scale reads about 0. */
export interface AudioProbe {
  /** The highest level of a tone of this frequency at the loudspeaker within the last second, or up to ten. */
  heard(frequency: number, seconds?: number): number;
  /** Every peer connection that the page has created. */
  connections: RTCPeerConnection[];
  /** Every audio context that has played something. */
  contexts(): AudioContext[];
  /** Every microphone track that the page was given. */
  microphones: MediaStreamTrack[];
  /** Unplugs the microphone, or plugs it in again. */
  plug(isIn: boolean): void;
  /** Starts to record what is played, in mono. */
  record(): Promise<void>;
  /** Length of the recording so far. */
  recordedSeconds(): number;
  /** Ends the recording and gives it as 16-bit samples at 48 kHz, in base 64. */
  stopRecording(): string;
}

/** Served at `/recorder.js`, because the page's policy allows only scripts from its own origin. */
export const recorderScript = `registerProcessor("recorder", class extends AudioWorkletProcessor {
  process([input]) {
    // Without a source there is no input, which is recorded as silence.
    this.port.postMessage(input[0]?.slice() ?? new Float32Array(128));
    return true;
  }
});`;

/**
 * Runs in the page before its own scripts. Every node connected to the loudspeaker is connected to an analyser as well, so
 * a test measures what a person would hear, with all volumes applied.
 */
export function installAudioProbe(): void {
  const taps = new Map<BaseAudioContext, AnalyserNode>();
  const spectra: { at: number; values: Float32Array }[] = [];
  const { connect } = AudioNode.prototype as {
    connect: (this: AudioNode, target: AudioNode, ...rest: number[]) => AudioNode;
  };
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

  (globalThis as { audioProbe?: AudioProbe }).audioProbe = {
    connections,
    microphones,
    contexts: () => [...taps.keys()] as AudioContext[],
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

/** Runs in the page before its own scripts: like Safari, starts sound only within the handling of a click. */
export function startSoundOnlyInClicks(): void {
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
