import type { VoiceParticipant } from "@miscord/protocol";
import type { Clock } from "../platform.ts";
import type { MediaSettings } from "./media-settings.ts";
import { Peer } from "./peer.ts";
import type { ScreenTracks } from "./peer-media.ts";
import type { AddressedSignal } from "./signal.ts";
import type { PeerSample } from "./stats.ts";

export interface MeshMediaOptions {
  selfId: number;
  clock: Clock;
  newId: () => string;
  createConnection: (configuration: RTCConfiguration) => RTCPeerConnection;
  send: (userId: number, signal: AddressedSignal) => void;
  /** The connection to the participant, or what it brings, may have changed. */
  onChange: (userId: number) => void;
}

/** The media of a call in which everyone connects to everyone else: one `Peer` for each other participant. */
export class MeshMedia {
  readonly #options: MeshMediaOptions;
  readonly #peers = new Map<number, Peer>();

  constructor(options: MeshMediaOptions) {
    this.#options = options;
  }

  get peers(): ReadonlyMap<number, Peer> {
    return this.#peers;
  }

  add({ user_id: userId, is_legacy: isLegacy }: VoiceParticipant, settings: MediaSettings, watching: boolean): void {
    const { selfId, clock, newId, createConnection, send, onChange } = this.#options;
    this.remove(userId);
    const peer = new Peer({
      selfId,
      userId,
      isLegacy,
      clock,
      newId,
      createConnection,
      settings: { ...settings, watching },
      send: (signal) => send(userId, signal),
      onChange: () => onChange(userId),
    });
    this.#peers.set(userId, peer);
  }

  remove(userId: number): void {
    this.#peers.get(userId)?.close();
    this.#peers.delete(userId);
  }

  setMicrophone(track: MediaStreamTrack | null): Promise<unknown> {
    return Promise.all([...this.#peers.values()].map((peer) => peer.setMicrophone(track)));
  }

  setScreen(screen: ScreenTracks | null): Promise<unknown> {
    return Promise.all([...this.#peers.values()].map((peer) => peer.setScreen(screen)));
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
}
