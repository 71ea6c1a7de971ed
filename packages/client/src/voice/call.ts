import type { VoiceEvent, VoiceParticipant } from "@miscord/protocol";
import type { StoreApi } from "zustand/vanilla";
import type { CloseCause } from "../connection/transport.ts";
import type { Clock, Timer } from "../platform.ts";
import { Peer } from "./peer.ts";
import type { ScreenTracks } from "./peer-media.ts";
import { dropParticipant, newParticipant, patchParticipant, putParticipant, reduceCall } from "./reduce-call.ts";
import { fromEvent, toCommand, type SignalEvent } from "./signal.ts";
import { isSilent, type CallState } from "./types.ts";
import type { VoiceSocket, VoiceSocketListener } from "./voice-socket.ts";

/** How long a peer stays in the call that the server does not list after a restart, while its media still arrives. */
const missingMs = 15_000;

export interface CallOptions {
  selfId: number;
  channelId: number;
  store: StoreApi<CallState>;
  clock: Clock;
  newId: () => string;
  createConnection: (configuration: RTCConfiguration) => RTCPeerConnection;
  openSocket: (listener: VoiceSocketListener) => VoiceSocket;
  microphone: MediaStreamTrack | null;
  /** The server ended the call, or the user joined it in another window. */
  onEnded: (cause: CloseCause) => void;
}

/**
 * One call: a stay in a voice channel. Signalling may be lost and come back: peer connections last while both ends
 * are in
 * the call, and every `participants` event brings them in line with the server.
 */
export class Call {
  readonly #options: CallOptions;
  readonly #store: StoreApi<CallState>;
  readonly #socket: VoiceSocket;
  readonly #peers = new Map<number, Peer>();
  readonly #missing = new Map<number, Timer>();
  #microphone: MediaStreamTrack | null;
  #configuration: RTCConfiguration = {};

  constructor(options: CallOptions) {
    this.#options = options;
    this.#store = options.store;
    this.#microphone = options.microphone;
    this.#socket = options.openSocket({
      onEvents: (events) => events.forEach((event) => this.#handle(event)),
      onOffline: () => this.#store.setState({ status: "reconnecting" }),
      onStopped: options.onEnded,
    });
    this.#socket.start();
  }

  get peers(): ReadonlyMap<number, Peer> {
    return this.#peers;
  }

  get socket(): VoiceSocket {
    return this.#socket;
  }

  setMicrophone(track: MediaStreamTrack | null): Promise<unknown> {
    this.#microphone = track;
    return Promise.all([...this.#peers.values()].map((peer) => peer.setMicrophone(track)));
  }

  setScreen(screen: ScreenTracks | null): Promise<unknown> {
    this.#socket.send({ type: screen ? "screen_share_start" : "screen_share_stop" });
    return Promise.all([...this.#peers.values()].map((peer) => peer.setScreen(screen)));
  }

  watch(userId: number, on: boolean): void {
    this.#change((state) => patchParticipant(state, userId, { is_watched: on }));
    this.#peers.get(userId)?.setWatching(on);
  }

  /** Hangs up. */
  close(): void {
    this.#socket.stop();
    for (const userId of this.#peers.keys()) this.#removePeer(userId);
  }

  #handle(event: VoiceEvent): void {
    this.#change((state) => reduceCall(state, event));
    switch (event.type) {
      case "participants":
        return this.#synchronize(event);
      case "user_joined_voice":
        return this.#addPeer(event);
      case "user_left_voice":
        return this.#removePeer(event.user_id);
      case "offer":
      case "answer":
      case "ice_candidate":
        return this.#receiveSignal(event);
      case "batch_speaking":
        for (const [id, speaks] of Object.entries(event.events)) if (speaks) this.#peers.get(Number(id))?.speaks();
        return;
      case "screen_share_stopped":
        return this.#peers.get(event.user_id)?.setWatching(false);
      case "quality_changed":
        return this.#limitBitrate(event.bitrate);
    }
  }

  #synchronize(event: Extract<VoiceEvent, { type: "participants" }>): void {
    const { ice_servers: iceServers, ice_transport_policy: iceTransportPolicy } = event;
    this.#configuration = { iceServers: iceServers as RTCIceServer[], iceTransportPolicy };
    const since = this.#store.getState().since ?? this.#options.clock.now();
    this.#store.setState({ status: "connected", since });
    const present = new Set(event.participants.map(({ user_id }) => user_id));
    for (const userId of this.#peers.keys()) if (!present.has(userId)) this.#markMissing(userId);
    for (const participant of event.participants) this.#addPeer(participant);
    this.#limitBitrate(event.channel_settings.bitrate);
    this.#sendState();
  }

  /**
   * Resends the own state: a restarted server assumes a participant who is not muted, deafened, speaking or sharing.
   */
  #sendState(): void {
    const state = this.#store.getState();
    const { isDeafened, isSpeaking, screen } = state;
    this.#socket.send({ type: "mute", is_muted: isSilent(state) });
    this.#socket.send({ type: "deafen", is_deafened: isDeafened });
    this.#socket.send({ type: "speaking", is_speaking: isSpeaking });
    this.#socket.send({ type: screen ? "screen_share_start" : "screen_share_stop" });
  }

  #addPeer(participant: VoiceParticipant): void {
    const { user_id: userId } = participant;
    const known = this.#store.getState().participants[userId];
    const peer = this.#peers.get(userId);
    this.#missing.get(userId)?.cancel();
    this.#missing.delete(userId);
    if (peer && known?.session === participant.session) {
      this.#change((state) => patchParticipant(state, userId, { ...participant, is_away: false }));
      return peer.signallingRestored(this.#configuration);
    }
    this.#removePeer(userId);
    this.#change((state) => putParticipant(state, newParticipant(participant)));
    this.#peers.set(userId, this.#connect(participant));
  }

  #connect({ user_id: userId, is_legacy: isLegacy }: VoiceParticipant): Peer {
    const { selfId, clock, newId, createConnection } = this.#options;
    const { bitrate, screen } = this.#store.getState();
    const peer: Peer = new Peer({
      selfId,
      userId,
      isLegacy,
      clock,
      newId,
      createConnection,
      settings: {
        microphone: this.#microphone,
        screen,
        watching: false,
        configuration: this.#configuration,
        bitrateCeiling: bitrate,
      },
      send: (signal) => {
        if (!this.#missing.has(userId)) this.#socket.send(toCommand(userId, signal));
      },
      onChange: () => {
        this.#change((state) => patchParticipant(state, userId, { connection: peer.state, remote: peer.remote }));
      },
    });
    return peer;
  }

  /** Handles a peer of the call that the server does not list after a reconnect. */
  #markMissing(userId: number): void {
    if (this.#missing.has(userId)) return;
    if (this.#peers.get(userId)?.state !== "connected") return this.#removePeer(userId);
    this.#change((state) => patchParticipant(state, userId, { is_away: true }));
    this.#missing.set(
      userId,
      this.#options.clock.setTimeout(() => this.#removePeer(userId), missingMs),
    );
  }

  #removePeer(userId: number): void {
    this.#missing.get(userId)?.cancel();
    this.#missing.delete(userId);
    this.#peers.get(userId)?.close();
    this.#peers.delete(userId);
    this.#change((state) => dropParticipant(state, userId));
  }

  #receiveSignal(event: SignalEvent): void {
    void this.#peers.get(event.from_id)?.receive(fromEvent(event));
  }

  #limitBitrate(bitrate: number): void {
    for (const peer of this.#peers.values()) void peer.setBitrateCeiling(bitrate);
  }

  #change(change: (state: CallState) => CallState): void {
    this.#store.setState(change);
  }
}
