/** The tracks received from a peer, as negotiated. */
export interface RemoteMedia {
  microphone: MediaStreamTrack | null;
  screen: MediaStreamTrack | null;
  screenSound: MediaStreamTrack | null;
}

export interface ScreenTracks {
  video: MediaStreamTrack;
  sound: MediaStreamTrack | null;
  /**
   * The sound and the microphone in one track, for clients of version 1: they play the latest audio track of a
   * participant and no other. Null without sound.
   */
  mixed: MediaStreamTrack | null;
  /** Bits per second towards each viewer. */
  maxBitrate: number;
  maxFramerate: number;
}

/**
 * Assigns the transceivers of a peer connection. The first audio transceiver carries the microphones of both ends. An
 * end
 * that shares its screen adds transceivers that only send; the other end keeps them inactive until its user watches, so
 * that nothing is encoded for users who do not watch.
 */
export class PeerMedia {
  readonly #connection: RTCPeerConnection;
  /** The peer plays one audio track: a screen's sound is sent with the microphone. */
  readonly #playsOneTrack: boolean;
  /** Clients of version 1 play the stream of a track, so every track belongs to a stream. */
  readonly #streams = { microphone: new MediaStream(), screen: new MediaStream() };
  #microphone: RTCRtpTransceiver | null = null;
  #screen: RTCRtpTransceiver | null = null;
  #screenSound: RTCRtpTransceiver | null = null;
  #track: MediaStreamTrack | null = null;
  #shared: ScreenTracks | null = null;
  #watching = false;

  constructor(connection: RTCPeerConnection, { playsOneTrack = false } = {}) {
    this.#connection = connection;
    this.#playsOneTrack = playsOneTrack;
  }

  /** For the end that makes the first offer; triggers a negotiation. */
  openMicrophone(): void {
    if (this.#microphone) return;
    const streams = [this.#streams.microphone];
    this.#microphone = this.#connection.addTransceiver(this.#voice ?? "audio", { direction: "sendrecv", streams });
    void this.#applyScreen();
  }

  /** Call it after a remote offer was applied and before it is answered. */
  prepareAnswer(): void {
    const settled = this.#microphone?.mid !== null && this.#microphone !== null;
    const first = this.#connection.getTransceivers().find((one) => isAudio(one) && one.mid !== null);
    if (!settled && first) this.#moveMicrophone(first);
    this.#applyWatching();
  }

  async setMicrophone(track: MediaStreamTrack | null): Promise<void> {
    this.#track = track;
    await this.#microphone?.sender.replaceTrack(this.#voice);
  }

  async setScreen(screen: ScreenTracks | null): Promise<void> {
    this.#shared = screen;
    await this.#applyScreen();
  }

  setWatching(watching: boolean): void {
    this.#watching = watching;
    this.#applyWatching();
  }

  remote(): RemoteMedia {
    const received = this.#fromRemote().filter(receives);
    return {
      microphone: this.#microphone && receives(this.#microphone) ? this.#microphone.receiver.track : null,
      screen: received.find((one) => !isAudio(one))?.receiver.track ?? null,
      screenSound: received.find(isAudio)?.receiver.track ?? null,
    };
  }

  /** Bits per second. Takes effect with the next negotiation if none has happened yet. */
  async limitMicrophone(maxBitrate: number): Promise<void> {
    await limitSender(this.#microphone?.sender, { maxBitrate });
  }

  async limitScreen(): Promise<void> {
    if (!this.#shared) return;
    const { maxBitrate, maxFramerate } = this.#shared;
    await limitSender(this.#screen?.sender, { maxBitrate, maxFramerate });
  }

  /** The `mid` under which WebRTC statistics list the microphones; null before the first negotiation. */
  get microphoneMid(): string | null {
    return this.#microphone?.mid ?? null;
  }

  /** A rolled-back local offer leaves a transceiver without a section; the one of the remote offer replaces it. */
  #moveMicrophone(transceiver: RTCRtpTransceiver): void {
    if (this.#microphone?.mid === null) this.#microphone.stop();
    this.#microphone = transceiver;
    transceiver.direction = "sendrecv";
    transceiver.sender.setStreams(this.#streams.microphone);
    void transceiver.sender.replaceTrack(this.#voice);
    void this.#applyScreen();
  }

  /** Does nothing before the microphone's transceiver exists: the microphone's section must be the first. */
  async #applyScreen(): Promise<void> {
    if (!this.#microphone) return;
    this.#screen = this.#send(this.#screen, this.#shared?.video ?? null);
    if (this.#playsOneTrack) await this.#microphone.sender.replaceTrack(this.#voice);
    else this.#screenSound = this.#send(this.#screenSound, this.#shared?.sound ?? null);
    await this.limitScreen();
  }

  /** The track on the microphone's transceiver. */
  get #voice(): MediaStreamTrack | null {
    return (this.#playsOneTrack && this.#shared?.mixed) || this.#track;
  }

  #send(known: RTCRtpTransceiver | null, track: MediaStreamTrack | null): RTCRtpTransceiver | null {
    const streams = [this.#streams.screen];
    if (!known) return track && this.#connection.addTransceiver(track, { direction: "sendonly", streams });
    known.direction = track ? "sendonly" : "inactive";
    void known.sender.replaceTrack(track);
    return known;
  }

  #applyWatching(): void {
    for (const one of this.#fromRemote()) {
      const direction = this.#watching ? "recvonly" : "inactive";
      if (one.direction !== direction) one.direction = direction;
    }
  }

  #fromRemote(): RTCRtpTransceiver[] {
    const own = new Set([this.#microphone, this.#screen, this.#screenSound]);
    return this.#connection.getTransceivers().filter((one) => !own.has(one) && one.direction !== "stopped");
  }
}

function isAudio(transceiver: RTCRtpTransceiver): boolean {
  return transceiver.receiver.track.kind === "audio";
}

function receives({ currentDirection }: RTCRtpTransceiver): boolean {
  return currentDirection === "recvonly" || currentDirection === "sendrecv";
}

export async function limitSender(
  sender: RTCRtpSender | undefined,
  limits: { maxBitrate: number; maxFramerate?: number },
): Promise<void> {
  const parameters = sender?.getParameters();
  const [encoding] = parameters?.encodings ?? [];
  if (!sender || !parameters || !encoding) return;
  if (encoding.maxBitrate === limits.maxBitrate && encoding.maxFramerate === limits.maxFramerate) return;
  Object.assign(encoding, limits);
  await sender.setParameters(parameters);
}
