import { closeCodes } from "@miscord/protocol";
import { createStore, type StoreApi } from "zustand/vanilla";
import type { CloseCause } from "../connection/transport.ts";
import type { Clock } from "../platform.ts";
import type { Call } from "./call.ts";
import type { LoadEncryption } from "./encryption/frame-cipher.ts";
import type { ScreenTracks } from "./peer-media.ts";
import type { QualityMonitor } from "./quality-monitor.ts";
import { Throttle } from "./throttle.ts";
import {
  idleCall,
  isSilenced,
  isSilent,
  mayShow,
  ringRef,
  soundRef,
  type CallState,
  type SmallPictures,
} from "./types.ts";
import type { Voice } from "./voice.ts";
import type { VoiceSocket, VoiceSocketListener } from "./voice-socket.ts";

/** Minimum time between two `speaking` commands. */
const speakingMs = 100;

export interface VoiceDependencies {
  clock: Clock;
  newId: () => string;
  selfId: () => number | null;
  createConnection: (configuration: RTCConfiguration) => RTCPeerConnection;
  /** May reject when its code cannot be loaded, and is asked again then. */
  loadSockets: () => Promise<OpenVoiceSocket>;
  newCallId: () => string;
}

interface VoiceDoor {
  channelId: number;
  callId: string;
  canEncrypt: boolean;
}

export type OpenVoiceSocket = (door: VoiceDoor, listener: VoiceSocketListener) => VoiceSocket;

/** The code of a call, and what opens its sockets. */
type InCall = readonly [code: typeof import("./in-call.ts"), openSocket: OpenVoiceSocket];

export class VoiceController implements Voice {
  readonly store: StoreApi<CallState> = createStore(() => idleCall);
  loadEncryption: LoadEncryption | null = null;
  readonly #dependencies: VoiceDependencies;
  readonly #speaking: Throttle<boolean>;
  /** Loads once; again after a failure. */
  #loading: Promise<InCall> | null = null;
  /** The latest call that was begun, also while its code is being loaded. */
  #begun: symbol | null = null;
  #call: Call | null = null;
  #monitor: QualityMonitor | null = null;
  /** The channel whose call was encrypted, until it ends: a server that moves it does not take the encryption away. */
  #encryptedId: number | null = null;
  #microphone: MediaStreamTrack | null = null;

  constructor(dependencies: VoiceDependencies) {
    this.#dependencies = dependencies;
    this.#speaking = new Throttle(dependencies.clock, speakingMs, (isSpeaking) =>
      this.#call?.socket.send({ type: "speaking", is_speaking: isSpeaking }),
    );
    this.store.subscribe(({ status, ringsOnceConnected }) => {
      if (status !== "connected" || !ringsOnceConnected || !this.#call) return;
      this.store.setState({ ringsOnceConnected: false });
      this.ring();
    });
    this.store.subscribe(({ restraint, hasCameras }, before) => {
      if (before.hasCameras && !hasCameras) void this.setCamera(null);
      if (restraint === before.restraint) return;
      // Whoever is invited to speak is heard once they want to be.
      if (this.#call && before.restraint.is_suppressed && !restraint.is_suppressed) this.setMuted(true);
      if (!mayShow(restraint)) void Promise.all([this.setScreen(null), this.setCamera(null)]);
      this.#applyMute();
    });
  }

  join(channelId: number, { rings = false }: { rings?: boolean } = {}): void {
    if (this.#dependencies.selfId() === null || this.store.getState().channelId === channelId) return;
    this.leave();
    this.store.setState({ status: "connecting", channelId, ended: null, ringsOnceConnected: rings });
    void this.#begin(channelId);
  }

  /**
   * Rejoins the present call over a socket of another kind, or joins that of another channel in its place. Microphone,
   * screen, mute and deafen stay as they are.
   */
  restart(channelId = this.store.getState().channelId): void {
    if (channelId === null) return;
    const { encryption, channelId: present } = this.store.getState();
    if (encryption) this.#encryptedId = present;
    this.#hangUp();
    this.store.setState({ channelId, status: "reconnecting" });
    void this.#begin(channelId);
  }

  leave(): void {
    this.#end(null);
  }

  setMuted(isMuted: boolean): void {
    this.store.setState({ isMuted });
    this.#sendMute();
    this.#applyMute();
    if (isMuted) this.setSpeaking(false);
  }

  setDeafened(isDeafened: boolean): void {
    this.store.setState({ isDeafened });
    this.#call?.socket.send({ type: "deafen", is_deafened: isDeafened });
  }

  setSpeaking(isSpeaking: boolean): void {
    const speaks = isSpeaking && !this.#isQuiet;
    if (this.store.getState().isSpeaking === speaks) return;
    this.store.setState({ isSpeaking: speaks });
    this.#speaking.push(speaks);
  }

  async setMicrophone(track: MediaStreamTrack | null): Promise<void> {
    const wasSilent = isSilent(this.store.getState());
    this.#microphone = track;
    this.store.setState({ hasMicrophone: track !== null });
    this.#applyMute();
    if (isSilent(this.store.getState()) !== wasSilent) this.#sendMute();
    await this.#call?.setMicrophone(track);
  }

  async setScreen(screen: ScreenTracks | null): Promise<void> {
    // The call takes it from the store, should its code still be loading.
    if (this.#begun === null || this.store.getState().screen === screen) return;
    this.store.setState({ screen });
    await this.#call?.setScreen(screen);
  }

  async setCamera(camera: MediaStreamTrack | null): Promise<void> {
    const state = this.store.getState();
    if (this.#begun === null || state.camera === camera) return;
    if (camera && !(state.hasCameras && mayShow(state.restraint))) return;
    this.store.setState({ camera });
    await this.#call?.setCamera();
  }

  showCameras(shownCameras: readonly number[]): void {
    this.store.setState({ shownCameras });
    this.#call?.showCameras();
  }

  showSmall(smallPictures: SmallPictures): void {
    this.store.setState({ smallPictures });
    this.#call?.showCameras();
  }

  ring(userIds?: readonly number[]): void {
    this.store.setState({ ringRefused: null });
    this.#call?.socket.send({ type: "ring", ref: ringRef, ...(userIds && { user_ids: [...userIds] }) });
  }

  raiseHand(isRaised: boolean): void {
    this.#call?.socket.send({ type: "raise_hand", is_raised: isRaised });
  }

  playSound(soundId: number): void {
    this.#call?.socket.send({ type: "play_sound", ref: soundRef, sound_id: soundId });
  }

  watch(userId: number, on: boolean): void {
    this.#call?.watch(userId, on);
  }

  authenticate(token: string): void {
    this.#call?.socket.authenticate(token);
  }

  reconnect(): void {
    this.#call?.socket.reconnect(false);
  }

  #sendMute(): void {
    this.#call?.socket.send({ type: "mute", is_muted: isSilent(this.store.getState()) });
  }

  /** Disables the track itself: a muted track sends silence. */
  #applyMute(): void {
    if (this.#microphone) this.#microphone.enabled = !this.#isQuiet;
  }

  get #isQuiet(): boolean {
    const { isMuted, restraint } = this.store.getState();
    return isMuted || isSilenced(restraint);
  }

  async #begin(channelId: number): Promise<void> {
    const begun = Symbol("call");
    this.#begun = begun;
    this.#loading ??= Promise.all([import("./in-call.ts"), this.#dependencies.loadSockets()]);
    const loaded = await this.#loading.catch(() => null);
    if (loaded === null) this.#loading = null;
    if (this.#begun !== begun) return;
    if (loaded) this.#enter(channelId, loaded);
    else this.#end({ code: closeCodes.tryAgainLater, reason: "The code of calls could not be loaded." });
  }

  #enter(channelId: number, [{ Call, QualityMonitor }, openSocket]: InCall): void {
    const { selfId, newCallId, clock, newId, createConnection } = this.#dependencies;
    const self = selfId();
    if (self === null) return;
    const callId = newCallId();
    const { loadEncryption } = this;
    const door = { channelId, callId, canEncrypt: loadEncryption !== null };
    const call = new Call({
      selfId: self,
      channelId,
      callId,
      loadEncryption,
      wasEncrypted: this.#encryptedId === channelId,
      store: this.store,
      clock,
      newId,
      createConnection,
      microphone: this.#microphone,
      openSocket: (listener) => openSocket(door, listener),
      onMoved: (to) => this.restart(to),
      onEnded: (cause) => this.#end(cause),
    });
    this.#call = call;
    this.#monitor = new QualityMonitor({
      clock,
      store: this.store,
      sample: () => call.sample(),
      report: (command) => call.socket.send(command),
    });
  }

  #end(cause: CloseCause | null): void {
    const { channelId, isMuted, isDeafened, hasMicrophone, shownCameras, smallPictures } = this.store.getState();
    // A call that is hung up says that it ended.
    if (this.#begun === null || channelId === null) return;
    this.#hangUp();
    this.#encryptedId = null;
    const kept = { isMuted, isDeafened, hasMicrophone, shownCameras, smallPictures };
    this.store.setState({ ...idleCall, ...kept, ended: cause && { channelId, ...cause } });
  }

  #hangUp(): void {
    const call = this.#call;
    this.#call = null;
    this.#begun = null;
    this.#monitor?.stop();
    this.#speaking.cancel();
    call?.close();
  }
}
