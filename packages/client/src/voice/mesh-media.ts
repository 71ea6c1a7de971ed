import type { VoiceParticipant } from "@miscord/protocol";
import type { Clock } from "../platform.ts";
import type { MediaSettings } from "./media-settings.ts";
import { Peer } from "./peer.ts";
import type { CameraTrack, ScreenTracks } from "./peer-media.ts";
import type { AddressedSignal } from "./signal.ts";
import type { PeerSample } from "./stats.ts";

export interface MeshMediaOptions {
  selfId: number;
  clock: Clock;
  newId: () => string;
  createConnection: (configuration: RTCConfiguration, userId: number) => RTCPeerConnection;
  send: (userId: number, signal: AddressedSignal) => void;
  /** The connection to the participant, or what it brings, may have changed. */
  onChange: (userId: number) => void;
  /** Whether this end makes the first offer to everybody. */
  offersFirst: () => boolean;
  /** Whether the participant may hear anything. */
  hears: (userId: number) => boolean;
}

/** The media of a call in which everyone connects to everyone else: one `Peer` for each other participant. */
export class MeshMedia {
  readonly #options: MeshMediaOptions;
  readonly #peers = new Map<number, Peer>();
  #seen: ReadonlySet<number> = new Set();

  constructor(options: MeshMediaOptions) {
    this.#options = options;
  }

  get peers(): ReadonlyMap<number, Peer> {
    return this.#peers;
  }

  add({ user_id: userId, is_legacy: isLegacy }: VoiceParticipant, settings: MediaSettings, watching: boolean): void {
    const { selfId, clock, newId, createConnection, send, onChange, offersFirst } = this.#options;
    this.remove(userId);
    const peer = new Peer({
      selfId,
      userId,
      isLegacy,
      offersFirst: offersFirst(),
      clock,
      newId,
      createConnection: (configuration) => createConnection(configuration, userId),
      settings: { ...this.#settingsFor(userId, settings), watching, seesCamera: this.#seen.has(userId) },
      send: (signal) => send(userId, signal),
      onChange: () => onChange(userId),
    });
    this.#peers.set(userId, peer);
  }

  remove(userId: number): void {
    this.#peers.get(userId)?.close();
    this.#peers.delete(userId);
  }

  setMicrophone(microphone: MediaStreamTrack | null): Promise<unknown> {
    const audible = (userId: number) => this.#settingsFor(userId, { microphone, screen: null }).microphone;
    return Promise.all([...this.#peers].map(([userId, peer]) => peer.setMicrophone(audible(userId))));
  }

  setScreen(screen: ScreenTracks | null): Promise<unknown> {
    const audible = (userId: number) => this.#settingsFor(userId, { microphone: null, screen }).screen;
    return Promise.all([...this.#peers].map(([userId, peer]) => peer.setScreen(audible(userId))));
  }

  setCamera(camera: CameraTrack | null): Promise<unknown> {
    return Promise.all([...this.#peers.values()].map((peer) => peer.setCamera(camera)));
  }

  /** Sets whose cameras are received. */
  setSeen(userIds: readonly number[]): void {
    this.#seen = new Set(userIds);
    for (const [userId, peer] of this.#peers) peer.setSeesCamera(this.#seen.has(userId));
  }

  /** Whether the participant may hear anything is another now. */
  hearingChanged(userId: number, settings: MediaSettings): void {
    const { microphone, screen } = this.#settingsFor(userId, settings);
    const peer = this.#peers.get(userId);
    void peer?.setMicrophone(microphone);
    void peer?.setScreen(screen);
  }

  /** Agrees with everybody anew on what is sent. */
  renegotiate(): void {
    for (const peer of this.#peers.values()) peer.renegotiate();
  }

  limitBitrate(bitrate: number): void {
    for (const peer of this.#peers.values()) void peer.setBitrateCeiling(bitrate);
  }

  /** The latest sample of each connected peer. */
  async sample(): Promise<[number, PeerSample][]> {
    // `sample` rejects when the peer closes meanwhile.
    const looks = [...this.#peers].map(
      async ([userId, peer]) => [userId, await peer.sample().catch(() => null)] as const,
    );
    return (await Promise.all(looks)).filter((one): one is [number, PeerSample] => one[1] !== null);
  }

  close(): void {
    for (const userId of this.#peers.keys()) this.remove(userId);
  }

  /** Nothing audible is sent to those who may not hear. */
  #settingsFor<Settings extends Pick<MediaSettings, "microphone" | "screen">>(
    userId: number,
    settings: Settings,
  ): Settings {
    if (this.#options.hears(userId)) return settings;
    const { screen } = settings;
    return { ...settings, microphone: null, screen: screen && { ...screen, sound: null, mixed: null } };
  }
}
