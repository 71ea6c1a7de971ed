import type { CallState, MiscordClient, PlayedSound, ScreenTracks } from "@miscord/client";
import { allowSound, audioContext, chooseSpeaker } from "../../core/audio/audio-context.ts";
import type { GateReport } from "./audio/gate.worklet.ts";
import { BoardPlayback } from "./audio/board-playback.ts";
import { Microphone } from "./audio/microphone.ts";
import type { MicrophoneProblem } from "./audio/microphone-problem.ts";
import { ScreenMix } from "./audio/screen-mix.ts";
import { Playback } from "./audio/playback.ts";
import { guardSound } from "../../core/audio/guard-sound.ts";
import { playSound, type Sound } from "../../core/audio/sounds.ts";
import { followKeyEverywhere } from "./follow-key-everywhere.ts";
import { audibleTracks } from "./audible-tracks.ts";
import { showSound } from "./soundboard/shown-sounds.ts";
import { useInputLevel, useVoiceMedia } from "./voice-media.ts";
import { useVoiceSettings, volumeOf, type VoiceSettings } from "./voice-settings.ts";

/** Null in browsers without encoded transforms. */
const loadEncryption =
  "RTCRtpScriptTransform" in globalThis
    ? async () => (await import("./encryption/encryption-platform.ts")).startEncryption()
    : null;

/**
 * Connects the client's call to this device's audio: captured sound goes into the call, received sound is played. Lives
 * outside React, so a call continues on any page.
 */
export class VoiceEngine {
  readonly #client: MiscordClient;
  #creating: Promise<Microphone> | null = null;
  #microphone: Microphone | null = null;
  #playback: Playback | null = null;
  #board: BoardPlayback | null = null;
  #unfollowKey: (() => void) | null = null;
  #isHeld = false;
  #unguardSound: (() => void) | null = null;
  /** Whether sound has played in this call. */
  #hadSound = false;
  #mix: ScreenMix | null = null;
  /** Number of open microphone tests, which keep the microphone on outside a call. */
  #tests = 0;

  constructor(client: MiscordClient) {
    this.#client = client;
    client.voice.loadEncryption = loadEncryption;
    client.voice.store.subscribe((state, before) => this.#callChanged(state, before));
    client.store.subscribe((state, before) => {
      if (state.relationships !== before.relationships) this.#blockedChanged();
    });
    useVoiceSettings.subscribe((settings, before) => this.#settingsChanged(settings, before));
  }

  /** To be called in a click handler, since browsers start sound only there. */
  async unblockSound(): Promise<void> {
    this.#soundChanged(await allowSound());
  }

  /** Opens the microphone again after the user has solved a problem. */
  async retryMicrophone(): Promise<void> {
    await this.#openMicrophone();
  }

  /**
   * Opens the microphone for a test and reports its level in `useInputLevel`. Returns a function that ends the test.
   */
  startTest(): () => void {
    this.#tests += 1;
    void this.unblockSound();
    void this.#openMicrophone();
    let isOver = false;
    return () => {
      if (isOver) return;
      isOver = true;
      this.#tests -= 1;
      this.#closeMicrophoneIfUnused();
    };
  }

  /** The sound of a screen and the microphone in one track, until the screen is no longer shared. */
  mixWithMicrophone(sound: MediaStreamTrack): MediaStreamTrack {
    this.#mix?.close();
    this.#mix = new ScreenMix(audioContext(), sound);
    this.#mix.setMicrophone(useVoiceMedia.getState().problem ? null : (this.#microphone?.track ?? null));
    return this.#mix.track;
  }

  setMonitored(on: boolean): void {
    this.#microphone?.setMonitored(on);
  }

  #callChanged(state: CallState, before: CallState): void {
    if (state.channelId !== before.channelId) this.#channelChanged(state, before);
    if (state.participants !== before.participants) this.#othersChanged(state, before);
    if (before.screen && before.screen !== state.screen) this.#screenEnded(before.screen);
    if (before.camera && before.camera !== state.camera) this.#cameraEnded(before.camera, state);
    if (state.isDeafened !== before.isDeafened) this.#playback?.setSilent(state.isDeafened);
    if (isDeaf(state)) this.#board?.silence();
    if (state.sound !== before.sound && state.sound) this.#soundPlayed(state.sound);
    if (state.channelId !== null && state.isMuted !== before.isMuted) this.#sign(state.isMuted ? "mute" : "unmute");
  }

  /** Stops the device, whose light goes out. */
  #cameraEnded(camera: MediaStreamTrack, { restraint }: CallState): void {
    camera.stop();
    // The user did not turn it off.
    if (restraint.is_suppressed || restraint.is_video_suppressed) useVoiceMedia.setState({ cameraProblem: "taken" });
  }

  #screenEnded({ video, sound, mixed }: ScreenTracks): void {
    for (const track of [video, sound, mixed]) track?.stop();
    if (!this.#mix || this.#mix.track !== mixed) return;
    this.#mix.close();
    this.#mix = null;
  }

  #channelChanged(state: CallState, before: CallState): void {
    if (state.channelId === null) {
      this.#sign("leave");
      this.#playback?.close();
      this.#playback = null;
      this.#board?.close();
      this.#board = null;
      this.#unguardSound?.();
      this.#unguardSound = null;
      this.#hadSound = false;
      useVoiceMedia.setState({ sound: "on" });
      return this.#closeMicrophoneIfUnused();
    }
    if (before.channelId !== null) return;
    this.#playback = new Playback();
    this.#board = new BoardPlayback();
    this.#playback.setSilent(state.isDeafened);
    void this.#start();
  }

  async #start(): Promise<void> {
    this.#unguardSound = guardSound(audioContext(), (isRunning) => this.#soundChanged(isRunning));
    await this.unblockSound();
    await chooseSpeaker(useVoiceSettings.getState().speakerId);
    this.#sign("join");
    await this.#openMicrophone();
  }

  #othersChanged(state: CallState, before: CallState): void {
    this.#play();
    if (state.channelId !== before.channelId || state.status !== "connected" || before.status !== "connected") return;
    const [now, then] = [Object.keys(state.participants), Object.keys(before.participants)];
    if (now.some((id) => !then.includes(id))) this.#sign("join");
    else if (then.some((id) => !now.includes(id))) this.#sign("leave");
  }

  #play(): void {
    const { store, voice } = this.#client;
    this.#playback?.show(audibleTracks(voice.store.getState(), useVoiceSettings.getState(), store.getState()));
  }

  /** Those whom the user has blocked are neither heard nor shown with a sound. */
  #soundPlayed({ userId, sound }: PlayedSound): void {
    const { store, voice } = this.#client;
    if (store.getState().relationships[userId]?.kind === "blocked" || isDeaf(voice.store.getState())) return;
    showSound(userId, sound);
    const settings = useVoiceSettings.getState();
    const volume = (settings.boardVolume / 100) * volumeOf(settings, userId);
    if (volume > 0) void this.#board?.play(sound, volume);
  }

  /** Nothing of those whom the user has blocked is heard, nor are their screens received. */
  #blockedChanged(): void {
    const { store, voice } = this.#client;
    const { relationships } = store.getState();
    for (const { user_id: userId, is_watched: isWatched } of Object.values(voice.store.getState().participants)) {
      if (isWatched && relationships[userId]?.kind === "blocked") voice.watch(userId, false);
    }
    this.#play();
  }

  #settingsChanged(settings: VoiceSettings, before: VoiceSettings): void {
    if (settings.speakerId !== before.speakerId && this.#isInUse) void chooseSpeaker(settings.speakerId);
    this.#play();
    if (!this.#microphone) return;
    void this.#microphone.use(settings);
    this.#applyGate();
    if (settings.mode !== before.mode || settings.pushKey !== before.pushKey) this.#followKey();
  }

  async #openMicrophone(): Promise<void> {
    if (useVoiceMedia.getState().microphone !== "on") useVoiceMedia.setState({ microphone: "opening" });
    this.#creating ??= Microphone.create({
      onReport: (report) => this.#heard(report),
      onProblem: (problem) => this.#microphoneChanged(problem),
    }).catch((error: unknown) => {
      this.#creating = null;
      throw error;
    });
    this.#microphone = await this.#creating;
    this.#applyGate();
    this.#followKey();
    await this.#microphone.use(useVoiceSettings.getState());
    // The user may have left the call while the browser asked for the permission.
    this.#closeMicrophoneIfUnused();
  }

  #soundChanged(isRunning: boolean): void {
    this.#hadSound ||= isRunning;
    useVoiceMedia.setState({ sound: isRunning ? "on" : this.#hadSound ? "interrupted" : "blocked" });
  }

  #microphoneChanged(problem: MicrophoneProblem | null): void {
    useVoiceMedia.setState({ problem, microphone: problem ? "off" : "on" });
    const track = problem ? null : (this.#microphone?.track ?? null);
    this.#mix?.setMicrophone(track);
    void this.#client.voice.setMicrophone(track);
  }

  #closeMicrophoneIfUnused(): void {
    if (this.#isInUse) return;
    this.#unfollowKey?.();
    this.#unfollowKey = null;
    this.#microphone?.close();
    this.#microphone = this.#creating = null;
    void this.#client.voice.setMicrophone(null);
    useVoiceMedia.setState({ microphone: "off", problem: null });
  }

  get #isInUse(): boolean {
    return this.#tests > 0 || this.#client.voice.store.getState().channelId !== null;
  }

  #heard({ levelDb, isOpen }: GateReport): void {
    useInputLevel.setState({ levelDb, isOpen });
    if (this.#client.voice.store.getState().channelId !== null) this.#client.voice.setSpeaking(isOpen);
  }

  #followKey(): void {
    this.#unfollowKey?.();
    this.#isHeld = false;
    const { mode, pushKey } = useVoiceSettings.getState();
    const onChange = (isHeld: boolean) => {
      this.#isHeld = isHeld;
      this.#applyGate();
    };
    this.#unfollowKey = mode === "push" ? followKeyEverywhere(pushKey, onChange) : null;
  }

  #applyGate(): void {
    const { mode, thresholdDb } = useVoiceSettings.getState();
    this.#microphone?.setGate({ mode, thresholdDb, isHeld: this.#isHeld });
  }

  #sign(sound: Sound): void {
    if (useVoiceSettings.getState().sounds && audioContext().state === "running") playSound(sound);
  }
}

function isDeaf({ isDeafened, restraint }: CallState): boolean {
  return isDeafened || restraint.is_server_deafened;
}
