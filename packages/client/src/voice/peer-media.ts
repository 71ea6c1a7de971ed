/** What somebody sends us, as far as it is negotiated. */
export interface RemoteMedia {
  microphone: MediaStreamTrack | null;
  screen: MediaStreamTrack | null;
  screenSound: MediaStreamTrack | null;
}

export interface ScreenTracks {
  video: MediaStreamTrack;
  sound: MediaStreamTrack | null;
  /** Bits per second towards one viewer. */
  maxBitrate: number;
  maxFramerate: number;
}

/**
 * Which transceiver of a peer connection carries what. The first audio one is the microphones of both ends. Whoever
 * shares adds transceivers of their own, which only send; the other end leaves them inactive until its user wants to
 * watch, so nothing is encoded for people who do not look.
 */
export class PeerMedia {
  readonly #connection: RTCPeerConnection;
  /** Clients of version 1 take what they hear from the stream of a track, so every track has one. */
  readonly #streams = { microphone: new MediaStream(), screen: new MediaStream() };
  #microphone: RTCRtpTransceiver | null = null;
  #screen: RTCRtpTransceiver | null = null;
  #screenSound: RTCRtpTransceiver | null = null;
  #track: MediaStreamTrack | null = null;
  #shared: ScreenTracks | null = null;
  #watching = false;

  constructor(connection: RTCPeerConnection) {
    this.#connection = connection;
  }

  /** For the end that makes the first offer; calls for a negotiation. */
  openMicrophone(): void {
    if (this.#microphone) return;
    const streams = [this.#streams.microphone];
    this.#microphone = this.#connection.addTransceiver(this.#track ?? "audio", { direction: "sendrecv", streams });
    void this.#applyScreen();
  }

  /** After a remote offer was applied and before it is answered. */
  prepareAnswer(): void {
    const settled = this.#microphone?.mid !== null && this.#microphone !== null;
    const first = this.#connection.getTransceivers().find((one) => isAudio(one) && one.mid !== null);
    if (!settled && first) this.#moveMicrophone(first);
    this.#applyWatching();
  }

  async setMicrophone(track: MediaStreamTrack | null): Promise<void> {
    this.#track = track;
    await this.#microphone?.sender.replaceTrack(track);
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

  /** Takes effect from the next negotiation if none has happened yet. */
  async limitMicrophone(maxBitrate: number): Promise<void> {
    await limitSender(this.#microphone?.sender, { maxBitrate });
  }

  async limitScreen(): Promise<void> {
    if (!this.#shared) return;
    const { maxBitrate, maxFramerate } = this.#shared;
    await limitSender(this.#screen?.sender, { maxBitrate, maxFramerate });
  }

  /** The mid under which statistics list the microphones. */
  get microphoneMid(): string | null {
    return this.#microphone?.mid ?? null;
  }

  /** A rolled-back offer of ours leaves a transceiver that no section belongs to; the remote's section replaces it. */
  #moveMicrophone(transceiver: RTCRtpTransceiver): void {
    if (this.#microphone?.mid === null) this.#microphone.stop();
    this.#microphone = transceiver;
    transceiver.direction = "sendrecv";
    transceiver.sender.setStreams(this.#streams.microphone);
    void transceiver.sender.replaceTrack(this.#track);
    void this.#applyScreen();
  }

  /** Not before the microphone has its place: its section must be the first. */
  async #applyScreen(): Promise<void> {
    if (!this.#microphone) return;
    this.#screen = this.#send(this.#screen, this.#shared?.video ?? null);
    this.#screenSound = this.#send(this.#screenSound, this.#shared?.sound ?? null);
    await this.limitScreen();
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

async function limitSender(
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
