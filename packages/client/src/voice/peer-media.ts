import type { VideoLimits } from "./camera-limits.ts";

/** The tracks received from a peer, as negotiated. */
export interface RemoteMedia {
  microphone: MediaStreamTrack | null;
  screen: MediaStreamTrack | null;
  screenSound: MediaStreamTrack | null;
  camera: MediaStreamTrack | null;
}

export const nothingReceived: RemoteMedia = { microphone: null, screen: null, screenSound: null, camera: null };

/** The user's camera, and how it is encoded towards each who receives it. */
export interface CameraTrack extends VideoLimits {
  video: MediaStreamTrack;
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
 * that shares its screen or turns its camera on adds transceivers that only send; the other end keeps them inactive until its
 * user looks at them, so that nothing is encoded for users who do not. Which of them is the camera, its sender says.
 */
export class PeerMedia {
  readonly #connection: RTCPeerConnection;
  /** The peer plays one audio track: a screen's sound is sent with the microphone. */
  readonly #playsOneTrack: boolean;
  /** Clients of version 1 play the stream of a track, so every track belongs to a stream. */
  readonly #streams = { microphone: new MediaStream(), screen: new MediaStream(), camera: new MediaStream() };
  #microphone: RTCRtpTransceiver | null = null;
  #screen: RTCRtpTransceiver | null = null;
  #screenSound: RTCRtpTransceiver | null = null;
  #camera: RTCRtpTransceiver | null = null;
  #track: MediaStreamTrack | null = null;
  #shared: ScreenTracks | null = null;
  #watching = false;
  #ownCamera: CameraTrack | null = null;
  #seesCamera = false;
  #remoteCameraMid: string | null = null;

  constructor(connection: RTCPeerConnection, { playsOneTrack = false } = {}) {
    this.#connection = connection;
    this.#playsOneTrack = playsOneTrack;
  }

  /** For the end that makes the first offer; triggers a negotiation. */
  openMicrophone(): void {
    if (this.#microphone) return;
    const streams = [this.#streams.microphone];
    this.#microphone = this.#connection.addTransceiver(this.#voice ?? "audio", { direction: "sendrecv", streams });
    void this.#applyPictures();
  }

  /** Call it after a remote offer was applied and before it is answered. `cameraMid`: the section of the peer's camera. */
  prepareAnswer(cameraMid: string | null): void {
    this.#remoteCameraMid = cameraMid;
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
    await this.#applyPictures();
  }

  /** Clients of version 1 would take a camera for a screen, so they are sent none. */
  async setCamera(camera: CameraTrack | null): Promise<void> {
    this.#ownCamera = this.#playsOneTrack ? null : camera;
    await this.#applyPictures();
  }

  setWatching(watching: boolean): void {
    this.#watching = watching;
    this.#applyWatching();
  }

  /** Whether the user looks at the peer's camera. */
  setSeesCamera(seesCamera: boolean): void {
    this.#seesCamera = seesCamera;
    this.#applyWatching();
  }

  /** Call it with each answer of the peer, which says which section carries the camera. */
  setRemoteCamera(mid: string | null): void {
    this.#remoteCameraMid = mid;
    this.#applyWatching();
  }

  /** The section that carries the own camera; null before the first negotiation of one. */
  get cameraMid(): string | null {
    return this.#camera?.mid ?? null;
  }

  remote(): RemoteMedia {
    const received = this.#fromRemote().filter(receives);
    const [cameras, others] = [true, false].map((is) => received.filter((one) => this.#isRemoteCamera(one) === is));
    return {
      microphone: this.#microphone && receives(this.#microphone) ? this.#microphone.receiver.track : null,
      screen: others?.find((one) => !isAudio(one))?.receiver.track ?? null,
      screenSound: others?.find(isAudio)?.receiver.track ?? null,
      camera: cameras?.[0]?.receiver.track ?? null,
    };
  }

  /** Bits per second. Takes effect with the next negotiation if none has happened yet. */
  async limitMicrophone(maxBitrate: number): Promise<void> {
    await limitSender(this.#microphone?.sender, { maxBitrate });
  }

  async limitPictures(): Promise<void> {
    await Promise.all([
      limitVideo(this.#screen?.sender, this.#shared),
      limitVideo(this.#camera?.sender, this.#ownCamera),
    ]);
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
    void this.#applyPictures();
  }

  /** Does nothing before the microphone's transceiver exists: the microphone's section must be the first. */
  async #applyPictures(): Promise<void> {
    if (!this.#microphone) return;
    const { screen, camera } = this.#streams;
    this.#screen = this.#send(this.#screen, this.#shared?.video ?? null, screen);
    this.#camera = this.#send(this.#camera, this.#ownCamera?.video ?? null, camera);
    if (this.#playsOneTrack) await this.#microphone.sender.replaceTrack(this.#voice);
    else this.#screenSound = this.#send(this.#screenSound, this.#shared?.sound ?? null, screen);
    await this.limitPictures();
  }

  /** The track on the microphone's transceiver. */
  get #voice(): MediaStreamTrack | null {
    return (this.#playsOneTrack && this.#shared?.mixed) || this.#track;
  }

  #send(
    known: RTCRtpTransceiver | null,
    track: MediaStreamTrack | null,
    stream: MediaStream,
  ): RTCRtpTransceiver | null {
    if (!known) return track && this.#connection.addTransceiver(track, { direction: "sendonly", streams: [stream] });
    known.direction = track ? "sendonly" : "inactive";
    void known.sender.replaceTrack(track);
    return known;
  }

  #applyWatching(): void {
    for (const one of this.#fromRemote()) {
      const isWanted = this.#isRemoteCamera(one) ? this.#seesCamera : this.#watching;
      const direction = isWanted ? "recvonly" : "inactive";
      if (one.direction !== direction) one.direction = direction;
    }
  }

  #isRemoteCamera(one: RTCRtpTransceiver): boolean {
    return one.mid !== null && one.mid === this.#remoteCameraMid;
  }

  #fromRemote(): RTCRtpTransceiver[] {
    const own = new Set([this.#microphone, this.#screen, this.#screenSound, this.#camera]);
    return this.#connection.getTransceivers().filter((one) => !own.has(one) && one.direction !== "stopped");
  }
}

function isAudio(transceiver: RTCRtpTransceiver): boolean {
  return transceiver.receiver.track.kind === "audio";
}

function receives({ currentDirection }: RTCRtpTransceiver): boolean {
  return currentDirection === "recvonly" || currentDirection === "sendrecv";
}

export async function limitVideo(sender: RTCRtpSender | undefined, video: VideoLimits | null): Promise<void> {
  if (!video) return;
  const { maxBitrate, maxFramerate, scaleResolutionDownBy, priority } = video;
  const others = { ...(scaleResolutionDownBy && { scaleResolutionDownBy }), ...(priority && { priority }) };
  await limitSender(sender, { maxBitrate, maxFramerate, ...others });
}

export async function limitSender(
  sender: RTCRtpSender | undefined,
  limits: Pick<RTCRtpEncodingParameters, "maxBitrate" | "maxFramerate" | "scaleResolutionDownBy" | "priority">,
): Promise<void> {
  const parameters = sender?.getParameters();
  const [encoding] = parameters?.encodings ?? [];
  if (!sender || !parameters || !encoding) return;
  const isSame = (Object.keys(limits) as (keyof typeof limits)[]).every((key) => encoding[key] === limits[key]);
  if (isSame) return;
  Object.assign(encoding, limits);
  await sender.setParameters(parameters);
}
