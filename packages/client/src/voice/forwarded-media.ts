import type { VoiceCommand } from "@miscord/protocol";
import { limits } from "@miscord/protocol";
import type { Clock } from "../platform.ts";
import { ForwardedLink, type ForwardedTracks } from "./forwarded-link.ts";
import { hasTurnedCandidates, withCandidates } from "./candidates.ts";
import { IceRecovery } from "./ice-recovery.ts";
import type { MediaSettings } from "./media-settings.ts";
import type { PeerState } from "./peer.ts";
import type { CameraTrack, RemoteMedia, ScreenTracks } from "./peer-media.ts";
import type { AddressedSignal } from "./signal.ts";
import type { PeerSample } from "./stats.ts";
import type { SmallPictures } from "./types.ts";
import { Throttle } from "./throttle.ts";

/** The id under which the forwarding unit signals. */
export const unitId = 0;

/** Minimum time between two changes of the cameras: the server allows two commands a second. */
const camerasMs = 600;

export interface ForwardedMediaOptions {
  settings: MediaSettings;
  watched: Iterable<number>;
  /** Whose cameras are received, the most important first. */
  cameras: readonly number[];
  small: SmallPictures;
  clock: Clock;
  createConnection: (configuration: RTCConfiguration) => RTCPeerConnection;
  /** Whose media each section of the connection carries, by its `mid`. */
  onSenders: (connection: RTCPeerConnection, senders: Readonly<Record<string, number>>) => void;
  signal: (signal: AddressedSignal) => void;
  send: (command: VoiceCommand) => void;
  onChange: () => void;
}

/** The media of a forwarded call, over as many connections as needed: the unit offers each one, and this end asks for it. */
export class ForwardedMedia {
  readonly #options: ForwardedMediaOptions;
  readonly #recovery: IceRecovery;
  readonly #settings: MediaSettings;
  readonly #watched: Set<number>;
  #cameras: readonly number[];
  #small: SmallPictures;
  readonly #cameraChanges: Throttle<string>;
  #link: ForwardedLink | null = null;
  /** The latest news about each connection may come before its offer was applied. */
  #tracks: ForwardedTracks | null = null;
  #wasConnected = false;
  /** Whether the present connection, or the one that it replaces in vain, was connected. */
  #hasConnected = false;
  /** Whether the unit has a port for those who come through a TURN server over TCP, and whether connections use that one. */
  #hasTurned = false;
  #isTurned = false;
  /** How often that was changed since a connection was connected. */
  #changes = 0;

  constructor(options: ForwardedMediaOptions) {
    this.#options = options;
    this.#settings = { ...options.settings };
    this.#watched = new Set(options.watched);
    this.#cameras = options.cameras.slice(0, limits.watchedCameras);
    this.#small = options.small;
    this.#cameraChanges = new Throttle(options.clock, camerasMs, () => this.#sendWatched());
    const renew = () => {
      // One that was connected is replaced by one of its kind first.
      if (this.#hasTurned && !this.#hasConnected) {
        this.#isTurned = !this.#isTurned;
        this.#changes += 1;
      }
      this.#ask(this.#link?.id);
    };
    this.#recovery = new IceRecovery({ clock: options.clock, polite: false, attempt: renew });
    this.#recovery.update("new");
  }

  get state(): PeerState {
    if (this.#link?.connection.connectionState === "connected") return "connected";
    return this.#wasConnected ? "reconnecting" : "connecting";
  }

  remoteOf(userId: number): RemoteMedia | null {
    return this.#link?.remoteOf(userId) ?? null;
  }

  /** Of the watched screens, those that are too many: the ones that are watched longest. */
  get superfluous(): readonly number[] {
    return [...this.#watched].slice(0, Math.max(0, this.#watched.size - limits.watchedScreens));
  }

  /** The unit's offer replaces the connection. */
  async receive(signal: AddressedSignal): Promise<void> {
    if (signal.type !== "offer" || signal.connectionId === null || signal.connectionId === this.#link?.id) return;
    const { clock, createConnection, onChange } = this.#options;
    this.#link?.close();
    const { configuration } = this.#settings;
    const ofRegion = signal.iceServers && { iceServers: signal.iceServers as RTCIceServer[] };
    const connection = createConnection({ ...configuration, ...ofRegion });
    const link = new ForwardedLink(signal.connectionId, connection, { ...this.#settings }, () => clock.now());
    this.#link = link;
    this.#hasConnected = false;
    this.#hasTurned = hasTurnedCandidates(signal.sdp);
    connection.onconnectionstatechange = () => {
      const isConnected = connection.connectionState === "connected";
      this.#hasConnected ||= isConnected;
      this.#wasConnected ||= isConnected;
      if (isConnected) this.#changes = 0;
      this.#recovery.update(connection.connectionState);
      onChange();
    };
    this.#recovery.startOver(this.#hasTurned ? Math.floor(this.#changes / 2) : null);
    if (this.#watched.size + this.#cameras.length > 0) this.#sendWatched();
    onChange();
    // An offer that does not fit leaves the connection as it is; the recovery asks for another one.
    const sdp = await link.answer(withCandidates(signal.sdp, this.#isTurned)).catch(() => null);
    if (this.#link !== link || sdp === null) return;
    this.#options.signal({ type: "answer", sdp, connectionId: link.id, targetConnectionId: link.id });
    if (this.#tracks?.connection_id === link.id) this.#apply(link, this.#tracks);
    onChange();
  }

  setTracks(tracks: ForwardedTracks): void {
    this.#tracks = tracks;
    if (this.#link?.id === tracks.connection_id) this.#apply(this.#link, tracks);
  }

  #apply(link: ForwardedLink, news: ForwardedTracks): void {
    const senders = Object.entries(news.tracks).map(([mid, { user_id: userId }]) => [mid, userId] as const);
    this.#options.onSenders(link.connection, Object.fromEntries(senders));
    link.setTracks(news);
  }

  /** Signalling was restored: what was sent meanwhile may be lost. */
  signallingRestored(configuration: RTCConfiguration): void {
    this.#settings.configuration = configuration;
    // Also an empty list: what was watched may have changed meanwhile.
    this.#sendWatched();
    if (this.#link) this.#recovery.retryNow();
  }

  async setMicrophone(track: MediaStreamTrack | null): Promise<void> {
    this.#settings.microphone = track;
    await this.#link?.setMicrophone(track);
  }

  async setScreen(screen: ScreenTracks | null): Promise<void> {
    this.#settings.screen = screen;
    await this.#link?.setScreen(screen);
  }

  async setCamera(camera: CameraTrack | null): Promise<void> {
    this.#settings.camera = camera;
    await this.#link?.setCamera(camera);
  }

  /** Sets whose cameras are received, the most important first, and whose pictures are shown small. */
  setCameras(userIds: readonly number[], small: SmallPictures): void {
    const before = JSON.stringify(this.#pictures);
    this.#cameras = userIds.slice(0, limits.watchedCameras);
    this.#small = small;
    const pictures = JSON.stringify(this.#pictures);
    if (pictures !== before) this.#cameraChanges.push(pictures);
  }

  setWatching(userId: number, watching: boolean): void {
    if (this.#watched.has(userId) === watching) return;
    if (watching) this.#watched.add(userId);
    else this.#watched.delete(userId);
    // While there are too many, another change follows.
    if (this.superfluous.length === 0) this.#sendWatched();
  }

  limitBitrate(bitrate: number): void {
    this.#settings.bitrateCeiling = bitrate;
    void this.#link?.setBitrateCeiling(bitrate);
  }

  sample(): Promise<PeerSample | null> {
    return this.#link?.sample().catch(() => null) ?? Promise.resolve(null);
  }

  close(): void {
    this.#recovery.stop();
    this.#cameraChanges.cancel();
    this.#link?.close();
    this.#link = null;
  }

  #sendWatched(): void {
    this.#options.send({ type: "watch", ...this.#pictures });
  }

  get #pictures() {
    const [screens, cameras] = [[...this.#watched], [...this.#cameras]];
    return {
      user_ids: screens,
      camera_ids: cameras,
      small_user_ids: screens.filter((userId) => this.#small.screens.includes(userId)),
      small_camera_ids: cameras.filter((userId) => this.#small.cameras.includes(userId)),
    };
  }

  #ask(connectionId: string | undefined): void {
    this.#options.send({ type: "renew_media", ...(connectionId && { connection_id: connectionId }) });
  }
}
