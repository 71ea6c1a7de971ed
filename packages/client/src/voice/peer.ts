import type { Clock, Timer } from "../platform.ts";
import { nextBitrate } from "./adaptive-bitrate.ts";
import { IceRecovery } from "./ice-recovery.ts";
import type { MediaSettings } from "./media-settings.ts";
import { MicrophoneRequest } from "./microphone-request.ts";
import { PeerLink } from "./peer-link.ts";
import type { CameraTrack, RemoteMedia, ScreenTracks } from "./peer-media.ts";
import type { AddressedSignal, Signal } from "./signal.ts";
import { readCounters, sampleBetween, type PeerCounters, type PeerSample } from "./stats.ts";

export type PeerState = "connecting" | "connected" | "reconnecting";

/** How long to wait for the offer of a client of version 1, which offers as soon as a participant joins. */
const legacyOfferWaitMs = 1_000;

/**
 * So often the other end may make this one begin anew. A page of Chromium has 500 connections until its memory is cleaned up, those that
 * are closed among them: others in the call need some as well.
 */
const renewals = { most: 5, withinMs: 10_000 };

/** What this end sends to a peer and wants from it; kept for the next peer connection. */
export interface PeerSettings extends MediaSettings {
  watching: boolean;
  seesCamera: boolean;
}

export interface PeerOptions {
  selfId: number;
  userId: number;
  /** The peer uses a client of version 1. */
  isLegacy: boolean;
  /** This end makes the first offer, whichever id is lower. */
  offersFirst?: boolean;
  settings: PeerSettings;
  clock: Clock;
  newId: () => string;
  createConnection: (configuration: RTCConfiguration) => RTCPeerConnection;
  send: (signal: AddressedSignal) => void;
  onChange: () => void;
}

/**
 * One other participant, over as many peer connections as needed: when one end creates a new connection, the other
 * sees an
 * unknown connection id and does the same.
 */
export class Peer {
  readonly #options: PeerOptions;
  readonly #recovery: IceRecovery;
  readonly #settings: PeerSettings;
  readonly #microphoneRequest: MicrophoneRequest;
  #firstOffer: Timer | null = null;
  #link: PeerLink;
  #id: string;
  #remoteId: string | null = null;
  #wasConnected = false;
  /** The present link cannot recover and must be replaced. */
  #isBroken = false;
  /** When the other end made this one begin anew. */
  #renewedAt: readonly number[] = [];
  #counters: PeerCounters | null = null;
  #bitrate: number;

  /** The end with the lower user id is the impolite one, and makes the first offer unless the other one does. */
  constructor(options: PeerOptions) {
    this.#options = options;
    this.#settings = { ...options.settings };
    this.#bitrate = options.settings.bitrateCeiling;
    this.#id = options.newId();
    this.#microphoneRequest = new MicrophoneRequest(options.clock, () => this.#link.renegotiate());
    this.#link = this.#createLink();
    this.#recovery = new IceRecovery({ clock: options.clock, polite: this.#polite, attempt: () => this.#recover() });
    this.#recovery.update("new");
    if (!this.#polite || options.offersFirst) this.#offerFirst();
  }

  get state(): PeerState {
    if (this.#link.connection.connectionState === "connected") return "connected";
    return this.#wasConnected ? "reconnecting" : "connecting";
  }

  get remote(): RemoteMedia {
    return this.#link.media.remote();
  }

  async receive({ connectionId, targetConnectionId, ...signal }: AddressedSignal): Promise<void> {
    const isReplacement = connectionId !== null && this.#remoteId !== null && connectionId !== this.#remoteId;
    const isForOtherConnection = targetConnectionId !== null && targetConnectionId !== this.#id;
    if (signal.type !== "offer") {
      if (isForOtherConnection) return;
      if (isReplacement && signal.type === "answer" && this.#mayRenew()) this.#startOver();
      if (isReplacement) return;
    } else if (isReplacement) {
      if (!this.#mayRenew()) return;
      this.#renewLink();
    }
    this.#remoteId = connectionId;
    await this.#link.receive(signal).catch(() => this.#receiveOnNewLink(signal, connectionId));
  }

  /** Signalling was restored and the peer is still in the call: an open negotiation continues. */
  signallingRestored(configuration: RTCConfiguration): void {
    this.#settings.configuration = configuration;
    this.#link.connection.setConfiguration(configuration);
    if (this.#link.connection.signalingState === "have-local-offer") this.#link.retry();
    else this.#recovery.retryNow();
  }

  /** Agrees anew on what is sent: the server may have left something out of the last description. */
  renegotiate(): void {
    this.#link.renegotiate();
  }

  /** The server reports that the peer speaks. */
  speaks(): void {
    this.#microphoneRequest.requestNow();
  }

  async setMicrophone(track: MediaStreamTrack | null): Promise<void> {
    this.#settings.microphone = track;
    await this.#link.media.setMicrophone(track);
  }

  async setScreen(screen: ScreenTracks | null): Promise<void> {
    this.#settings.screen = screen;
    await this.#link.media.setScreen(screen);
  }

  async setCamera(camera: CameraTrack | null): Promise<void> {
    this.#settings.camera = camera;
    await this.#link.media.setCamera(camera);
  }

  setSeesCamera(seesCamera: boolean): void {
    if (this.#settings.seesCamera === seesCamera) return;
    this.#settings.seesCamera = seesCamera;
    this.#link.media.setSeesCamera(seesCamera);
  }

  setWatching(watching: boolean): void {
    this.#settings.watching = watching;
    this.#link.media.setWatching(watching);
  }

  async setBitrateCeiling(bitrate: number): Promise<void> {
    this.#settings.bitrateCeiling = bitrate;
    this.#bitrate = Math.min(this.#bitrate, bitrate);
    await this.#link.media.limitMicrophone(this.#bitrate);
  }

  /** Reads the connection's statistics and adapts the bitrate. Null when not connected, and for the first sample. */
  async sample(): Promise<PeerSample | null> {
    const { connection, media } = this.#link;
    if (connection.connectionState !== "connected") return null;
    const isMicrophone = (mid: string) => mid === media.microphoneMid;
    const sections = { isReceived: isMicrophone, isSent: isMicrophone };
    const counters = readCounters(await connection.getStats(), sections, this.#options.clock.now());
    const before = this.#counters;
    this.#counters = counters;
    const sample = before && sampleBetween(before, counters);
    if (sample)
      this.#bitrate = nextBitrate(this.#bitrate, this.#settings.bitrateCeiling, {
        loss: sample.lossOut,
        rttMs: sample.rttMs,
      });
    await media.limitMicrophone(this.#bitrate);
    await media.limitPictures();
    return sample;
  }

  close(): void {
    this.#firstOffer?.cancel();
    this.#recovery.stop();
    this.#microphoneRequest.stop();
    this.#link.close();
  }

  get #polite(): boolean {
    return this.#options.selfId > this.#options.userId;
  }

  /**
   * Clients of version 1 offer to every participant by themselves, so this end waits for that offer: when both offers
   * collide, their Chromium rolls back its own and, if it was created a moment before, never gathers candidates again.
   */
  #offerFirst(): void {
    const { isLegacy, clock } = this.#options;
    if (!isLegacy) return this.#link.open();
    this.#firstOffer = clock.setTimeout(() => this.#link.open(), legacyOfferWaitMs);
  }

  /** The signal did not fit the present connection; a new connection accepts any offer. */
  async #receiveOnNewLink(signal: Signal, connectionId: string | null): Promise<void> {
    if (signal.type !== "offer" || !this.#mayRenew()) return;
    this.#renewLink();
    this.#remoteId = connectionId;
    await this.#link.receive(signal).catch(() => {});
  }

  /** Whoever offers more often is answered when their offer comes again. */
  #mayRenew(): boolean {
    const now = this.#options.clock.now();
    this.#renewedAt = this.#renewedAt.filter((at) => now - at < renewals.withinMs);
    if (this.#renewedAt.length >= renewals.most) return false;
    this.#renewedAt = [...this.#renewedAt, now];
    return true;
  }

  #isMicrophoneMissing({ connection, media }: PeerLink): boolean {
    const isNegotiated = connection.remoteDescription !== null && connection.signalingState === "stable";
    return this.#options.isLegacy && isNegotiated && media.remote().microphone === null;
  }

  #recover(): void {
    if (this.#isBroken) this.#startOver();
    else this.#link.retry();
  }

  #startOver(): void {
    this.#renewLink();
    if (!this.#polite) this.#link.open();
  }

  #renewLink(): void {
    this.#link.close();
    this.#id = this.#options.newId();
    this.#remoteId = null;
    this.#counters = null;
    this.#isBroken = false;
    this.#link = this.#createLink();
    this.#recovery.update("new");
  }

  #createLink(): PeerLink {
    const { createConnection, send, onChange } = this.#options;
    const { configuration, microphone, screen, camera, watching, seesCamera } = this.#settings;
    const link: PeerLink = new PeerLink({
      connection: createConnection(configuration),
      polite: this.#polite,
      playsOneTrack: this.#options.isLegacy,
      send: (signal) => send({ ...signal, connectionId: this.#id, targetConnectionId: this.#remoteId }),
      onChange: () => {
        const { connectionState } = link.connection;
        this.#wasConnected ||= connectionState === "connected";
        this.#recovery.update(connectionState);
        this.#microphoneRequest.update(this.#isMicrophoneMissing(link));
        onChange();
      },
      onBroken: () => {
        this.#isBroken = true;
        this.#recovery.update("failed");
      },
    });
    void link.media.setMicrophone(microphone);
    void link.media.setScreen(screen);
    void link.media.setCamera(camera);
    link.media.setSeesCamera(seesCamera);
    link.media.setWatching(watching);
    return link;
  }
}
