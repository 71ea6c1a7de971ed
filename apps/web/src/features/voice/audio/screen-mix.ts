/** The sound of a shared screen and the microphone in one track. */
export class ScreenMix {
  readonly track: MediaStreamTrack;
  readonly #context: AudioContext;
  readonly #output: MediaStreamAudioDestinationNode;
  readonly #sound: MediaStreamAudioSourceNode;
  #microphone: { track: MediaStreamTrack; source: MediaStreamAudioSourceNode } | null = null;

  constructor(context: AudioContext, sound: MediaStreamTrack) {
    this.#context = context;
    this.#output = new MediaStreamAudioDestinationNode(context);
    this.#sound = context.createMediaStreamSource(new MediaStream([sound]));
    this.#sound.connect(this.#output);
    this.track = this.#output.stream.getAudioTracks()[0]!;
  }

  setMicrophone(track: MediaStreamTrack | null): void {
    if (this.#microphone?.track === track) return;
    this.#microphone?.source.disconnect();
    this.#microphone = track && { track, source: this.#context.createMediaStreamSource(new MediaStream([track])) };
    this.#microphone?.source.connect(this.#output);
  }

  close(): void {
    this.#sound.disconnect();
    this.#microphone?.source.disconnect();
    this.track.stop();
  }
}
