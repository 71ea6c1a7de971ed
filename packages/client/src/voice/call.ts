import { limits, type KeyEvent, type VoiceEvent, type VoiceMedia, type VoiceParticipant } from "@miscord/protocol";
import type { StoreApi } from "zustand/vanilla";
import type { Timer } from "../platform.ts";
import { allowedMedia } from "./allowed-media.ts";
import { CallEncryption } from "./call-encryption.ts";
import type { CallOptions } from "./call-options.ts";
import { ForwardedMedia, unitId } from "./forwarded-media.ts";
import type { MediaSettings } from "./media-settings.ts";
import { MeshMedia } from "./mesh-media.ts";
import { OwnCamera } from "./own-camera.ts";
import { ownState } from "./own-state.ts";
import { nothingReceived, type ScreenTracks } from "./peer-media.ts";
import {
  dropParticipant,
  newParticipant,
  patchParticipant,
  putParticipant,
  reduceCall,
  restrain,
} from "./reduce-call.ts";
import type { CallSamples } from "./quality-monitor.ts";
import { fromEvent, toCommand, type SignalEvent } from "./signal.ts";
import { isFreer, type CallParticipant, type CallState } from "./types.ts";
import type { VoiceSocket } from "./voice-socket.ts";

/** How long a peer stays in the call that the server does not list after a restart, while its media still arrives. */
const missingMs = 15_000;
/** How long the former way of the media is kept after a change, so that nothing is missed until the new one works. */
const handOverMs = 5_000;

/**
 * One call: a stay in a voice channel. Signalling may be lost and come back: connections last while both ends are in the
 * call, and every `participants` event brings them in line with the server. The media goes from each participant to each
 * other one, or through the forwarding unit; the server may change that during the call.
 */
export class Call {
  readonly #options: CallOptions;
  readonly #store: StoreApi<CallState>;
  readonly #socket: VoiceSocket;
  readonly #mesh: MeshMedia;
  readonly #camera: OwnCamera;
  readonly #encryption: CallEncryption;
  readonly #missing = new Map<number, Timer>();
  #forwarded: ForwardedMedia | null = null;
  #media: VoiceMedia = "mesh";
  #handOver: Timer | null = null;
  #microphone: MediaStreamTrack | null;
  #configuration: RTCConfiguration = {};

  constructor(options: CallOptions) {
    const { selfId, channelId, callId, store, clock, newId, createConnection } = options;
    this.#options = options;
    this.#store = store;
    this.#microphone = options.microphone;
    this.#encryption = new CallEncryption({
      selfId,
      callId,
      store,
      clock,
      load: options.loadEncryption,
      wasEncrypted: options.wasEncrypted,
      send: (command) => this.#socket.send(command),
      handle: (event) => this.#handle(event),
      onBegun: () => options.onMoved(channelId),
      onEnded: options.onEnded,
    });
    this.#mesh = new MeshMedia({
      selfId,
      clock,
      newId,
      createConnection: (configuration, userId) => this.#encryption.protect(createConnection(configuration), userId),
      send: (userId, signal) => {
        if (!this.#missing.has(userId)) this.#socket.send(toCommand(userId, signal));
      },
      onChange: (userId) => this.#show(userId),
      offersFirst: () => this.#socket.offersFirst ?? false,
      hears: (userId) => !this.#store.getState().participants[userId]?.is_server_deafened,
    });
    this.#camera = new OwnCamera(store, ({ mesh, forwarded }) =>
      Promise.all([this.#mesh.setCamera(mesh), this.#forwarded?.setCamera(forwarded)]),
    );
    this.#socket = options.openSocket({
      onEvents: (events) => this.#encryption.receive(events),
      onOffline: () => this.#store.setState({ status: "reconnecting" }),
      onStopped: options.onEnded,
    });
    this.#mesh.setSeen(this.#store.getState().shownCameras);
    this.#socket.start();
  }

  get socket(): VoiceSocket {
    return this.#socket;
  }

  setMicrophone(track: MediaStreamTrack | null): Promise<unknown> {
    this.#microphone = track;
    return Promise.all([this.#mesh.setMicrophone(track), this.#forwarded?.setMicrophone(track)]);
  }

  setScreen(screen: ScreenTracks | null): Promise<unknown> {
    this.#socket.send({ type: screen ? "screen_share_start" : "screen_share_stop" });
    return Promise.all([this.#mesh.setScreen(screen), this.#forwarded?.setScreen(screen)]);
  }

  /** Sends the camera that the store has, or none. */
  setCamera(): Promise<unknown> {
    this.#socket.send({ type: "camera", is_camera_on: this.#store.getState().camera !== null });
    return this.#camera.apply();
  }

  /** Receives the cameras that the store says, those in small tiles in their small encoding. */
  showCameras(): void {
    const { shownCameras, smallPictures } = this.#store.getState();
    this.#mesh.setSeen(shownCameras);
    this.#forwarded?.setCameras(shownCameras, smallPictures);
  }

  /** In a forwarded call, one screen too many takes the place of the one that is watched longest. */
  watch(userId: number, on: boolean): void {
    this.#change((state) => patchParticipant(state, userId, { is_watched: on }));
    this.#watch(userId, on);
    for (const former of this.#forwarded?.superfluous ?? []) this.watch(former, false);
  }

  async sample(): Promise<CallSamples> {
    if (this.#media === "mesh") return { peers: await this.#mesh.sample(), unit: null };
    return { peers: [], unit: (await this.#forwarded?.sample()) ?? null };
  }

  /** Hangs up. */
  close(): void {
    this.#socket.stop();
    this.#handOver?.cancel();
    for (const userId of this.#missing.keys()) this.#remove(userId);
    this.#mesh.close();
    this.#closeForwarded();
    this.#encryption.close();
    this.#change((state) => ({ ...state, participants: {} }));
  }

  #handle(event: Exclude<VoiceEvent, KeyEvent>): void {
    const before = this.#store.getState();
    this.#change((state) => reduceCall(state, event));
    switch (event.type) {
      case "participants":
        this.#synchronize(event);
        return this.#renegotiateIfFreer(before);
      case "media_changed":
        return this.#changeMedia(event);
      case "forwarded_tracks":
        this.#forwarded?.setTracks(event);
        return this.#showAll();
      case "user_joined_voice":
        this.#add(event);
        return void this.#camera.apply();
      case "user_left_voice":
        this.#remove(event.user_id);
        return void this.#camera.apply();
      case "offer":
      case "answer":
      case "ice_candidate":
        return this.#receiveSignal(event);
      case "batch_speaking":
        for (const [id, speaks] of Object.entries(event.events)) if (speaks) this.#mesh.peers.get(Number(id))?.speaks();
        return;
      case "batch_status":
        this.#statusChanged(event.events, before);
        return void this.#camera.apply();
      case "voice_moved":
        return this.#options.onMoved(event.channel_id);
      case "screen_share_started":
        return this.#show(event.user_id);
      case "screen_share_stopped":
        this.#watch(event.user_id, false);
        return this.#show(event.user_id);
      case "quality_changed":
        return this.#limitBitrate(event.bitrate);
    }
  }

  #synchronize(event: Extract<VoiceEvent, { type: "participants" }>): void {
    const since = this.#store.getState().since ?? this.#options.clock.now();
    this.#store.setState({ status: "connected", since });
    const present = new Set(event.participants.map(({ user_id }) => user_id));
    for (const userId of this.#knownIds()) if (!present.has(userId)) this.#markMissing(userId);
    this.#changeMedia(event);
    for (const participant of event.participants) this.#add(participant);
    void this.#camera.apply();
    this.#forwarded?.signallingRestored(this.#configuration);
    this.#limitBitrate(event.channel_settings.bitrate);
    for (const command of ownState(this.#store.getState())) this.#socket.send(command);
  }

  #changeMedia(event: Extract<VoiceEvent, { type: "participants" | "media_changed" }>): void {
    const { ice_servers: iceServers, ice_transport_policy: iceTransportPolicy } = event;
    this.#configuration = { iceServers: iceServers as RTCIceServer[], iceTransportPolicy };
    // Servers that know no forwarding do not say it.
    const media: VoiceMedia = event.media ?? "mesh";
    if (media === this.#media) return;
    this.#media = media;
    this.#handOver?.cancel();
    this.#handOver = this.#options.clock.setTimeout(() => this.#closeFormer(), handOverMs);
    if (media === "forwarded") this.#openForwarded();
    else for (const userId of this.#knownIds()) this.#connect(userId);
    this.#showAll();
  }

  #openForwarded(): void {
    const { clock, createConnection } = this.#options;
    const watched = Object.values(this.#store.getState().participants).filter(({ is_watched }) => is_watched);
    const superfluous = watched.slice(limits.watchedScreens);
    for (const { user_id } of superfluous) this.watch(user_id, false);
    this.#forwarded ??= new ForwardedMedia({
      clock,
      createConnection: (configuration) => this.#encryption.protect(createConnection(configuration), null),
      onSenders: (connection, senders) => this.#encryption.assign(connection, senders),
      settings: this.#settings("forwarded"),
      watched: watched.slice(0, limits.watchedScreens).map(({ user_id }) => user_id),
      cameras: this.#store.getState().shownCameras,
      small: this.#store.getState().smallPictures,
      signal: (signal) => this.#socket.send(toCommand(unitId, signal)),
      send: (command) => this.#socket.send(command),
      onChange: () => this.#showAll(),
    });
  }

  #closeFormer(): void {
    if (this.#media === "forwarded") this.#mesh.close();
    else this.#closeForwarded();
    this.#showAll();
  }

  #closeForwarded(): void {
    this.#forwarded?.close();
    this.#forwarded = null;
  }

  #add(participant: VoiceParticipant): void {
    const { user_id: userId } = participant;
    const known = this.#store.getState().participants[userId];
    this.#missing.get(userId)?.cancel();
    this.#missing.delete(userId);
    if (known?.session === participant.session) {
      this.#change((state) => patchParticipant(state, userId, { ...participant, is_away: false }));
      if (known.is_server_deafened !== participant.is_server_deafened) {
        this.#mesh.hearingChanged(userId, this.#settings());
      }
      this.#mesh.peers.get(userId)?.signallingRestored(this.#configuration);
      if (this.#media === "mesh") this.#connect(userId);
      return this.#show(userId);
    }
    this.#remove(userId);
    this.#change((state) => putParticipant(state, newParticipant(participant)));
    if (this.#media === "mesh") this.#connect(userId);
    else this.#show(userId);
  }

  /** Connects to a participant of a mesh. */
  #connect(userId: number): void {
    const participant = this.#store.getState().participants[userId];
    if (participant && !this.#mesh.peers.has(userId))
      this.#mesh.add(participant, this.#settings(), participant.is_watched);
  }

  #settings(way: VoiceMedia = "mesh"): MediaSettings {
    const { bitrate: bitrateCeiling, screen } = this.#store.getState();
    const [microphone, camera] = [this.#microphone, this.#camera.for(way)];
    return { microphone, screen, camera, configuration: this.#configuration, bitrateCeiling };
  }

  /**
   * Moderators may have muted or deafened somebody. The forwarding unit sees to it by itself; in a mesh everybody does, and
   * what was not agreed on meanwhile has to be once it is allowed again.
   */
  #statusChanged(events: Extract<VoiceEvent, { type: "batch_status" }>["events"], before: CallState): void {
    const own = events[this.#options.selfId];
    if (own) this.#change((state) => restrain(state, own));
    for (const userId of Object.keys(events).map(Number)) {
      if (events[userId]?.is_server_deafened !== undefined) this.#mesh.hearingChanged(userId, this.#settings());
    }
    this.#renegotiateIfFreer(before);
    this.#showAll();
  }

  #renegotiateIfFreer(before: CallState): void {
    if (isFreer(before.restraint, this.#store.getState().restraint)) this.#mesh.renegotiate();
  }

  /** Handles a peer of the call that the server does not list after a reconnect. */
  #markMissing(userId: number): void {
    if (this.#missing.has(userId)) return;
    if (this.#mesh.peers.get(userId)?.state !== "connected") return this.#remove(userId);
    this.#change((state) => patchParticipant(state, userId, { is_away: true }));
    this.#missing.set(
      userId,
      this.#options.clock.setTimeout(() => this.#remove(userId), missingMs),
    );
  }

  #remove(userId: number): void {
    this.#missing.get(userId)?.cancel();
    this.#missing.delete(userId);
    this.#mesh.remove(userId);
    this.#forwarded?.setWatching(userId, false);
    this.#change((state) => dropParticipant(state, userId));
  }

  #receiveSignal(event: SignalEvent): void {
    if (event.from_id === unitId) void this.#forwarded?.receive(fromEvent(event));
    else void this.#mesh.peers.get(event.from_id)?.receive(fromEvent(event));
  }

  #watch(userId: number, on: boolean): void {
    this.#mesh.peers.get(userId)?.setWatching(on);
    this.#forwarded?.setWatching(userId, on);
  }

  #limitBitrate(bitrate: number): void {
    this.#mesh.limitBitrate(bitrate);
    this.#forwarded?.limitBitrate(bitrate);
  }

  #knownIds(): number[] {
    return Object.keys(this.#store.getState().participants).map(Number);
  }

  #showAll(): void {
    for (const userId of this.#knownIds()) this.#show(userId);
  }

  /** Shows what is received of a participant: while the media is moved, the former way counts until the new one works. */
  #show(userId: number): void {
    const state = this.#store.getState();
    const peer = this.#mesh.peers.get(userId);
    const mesh = peer && { connection: peer.state, remote: allowedMedia(state, userId, peer.remote) };
    const remote = allowedMedia(state, userId, this.#forwarded?.remoteOf(userId) ?? nothingReceived);
    const forwarded = this.#forwarded && { connection: this.#forwarded.state, remote };
    const shown = shownWay(this.#media === "mesh" ? [mesh, forwarded] : [forwarded, mesh]);
    if (shown) this.#change((state) => patchParticipant(state, userId, shown));
  }

  #change(change: (state: CallState) => CallState): void {
    this.#store.setState(change);
  }
}

type Way = Pick<CallParticipant, "connection" | "remote">;

function shownWay(ways: readonly (Way | null | undefined)[]): Way | undefined {
  const known = ways.filter((way) => !!way);
  return known.find((way) => way.connection === "connected" && way.remote.microphone) ?? known[0];
}
