import type { VoiceEvent } from "@miscord/protocol";
import { nextBitrate } from "./adaptive-bitrate.ts";
import { smallLimits } from "./camera-limits.ts";
import type { MediaSettings } from "./media-settings.ts";
import { tuneForwarded } from "./opus.ts";
import {
  limitSender,
  limitVideo,
  nothingReceived,
  type CameraTrack,
  type RemoteMedia,
  type ScreenTracks,
} from "./peer-media.ts";
import { readCounters, sampleBetween, type PeerCounters, type PeerSample } from "./stats.ts";

export type ForwardedTracks = Extract<VoiceEvent, { type: "forwarded_tracks" }>;

/** The sections in which this end sends, by their `mid`. */
const own = {
  microphone: "mic",
  screen: "screen",
  screenSound: "screen_sound",
  camera: "camera",
  smallScreen: "screen_small",
  smallCamera: "camera_small",
  /** The microphone and the screen's sound together, for clients of version 1. */
  mixed: "mixed",
};
const ownMids = new Set(Object.values(own));
const remoteKinds = {
  microphone: "microphone",
  screen: "screen",
  screen_sound: "screenSound",
  camera: "camera",
} as const;

/**
 * One connection to the forwarding unit. The unit's only offer has all sections that the call can need; what each of them
 * carries is told by `forwarded_tracks`, and nothing is negotiated again.
 */
export class ForwardedLink {
  readonly id: string;
  readonly connection: RTCPeerConnection;
  readonly #clockNow: () => number;
  #settings: MediaSettings;
  #tracks: ForwardedTracks | null = null;
  #counters: PeerCounters | null = null;
  #bitrate: number;

  constructor(id: string, connection: RTCPeerConnection, settings: MediaSettings, clockNow: () => number) {
    this.id = id;
    this.connection = connection;
    this.#settings = settings;
    this.#bitrate = settings.bitrateCeiling;
    this.#clockNow = clockNow;
  }

  /** Applies the unit's offer and gives the answer to send. */
  async answer(sdp: string): Promise<string> {
    const { connection } = this;
    await connection.setRemoteDescription({ type: "offer", sdp });
    for (const one of connection.getTransceivers()) if (ownMids.has(one.mid ?? "")) one.direction = "sendonly";
    await this.#send();
    const answer = await connection.createAnswer();
    await connection.setLocalDescription({ type: "answer", sdp: tuneForwarded(answer.sdp ?? "") });
    await this.#limit();
    return connection.localDescription?.sdp ?? "";
  }

  /** What is carried is known once the description is there as well. */
  setTracks(tracks: ForwardedTracks): void {
    this.#tracks = tracks;
    void this.#send();
  }

  async setMicrophone(microphone: MediaStreamTrack | null): Promise<void> {
    this.#settings = { ...this.#settings, microphone };
    await this.#send();
  }

  async setScreen(screen: ScreenTracks | null): Promise<void> {
    this.#settings = { ...this.#settings, screen };
    await this.#send();
    await this.#limit();
  }

  async setCamera(camera: CameraTrack | null): Promise<void> {
    this.#settings = { ...this.#settings, camera };
    await this.#send();
    await this.#limit();
  }

  async setBitrateCeiling(bitrateCeiling: number): Promise<void> {
    this.#settings = { ...this.#settings, bitrateCeiling };
    this.#bitrate = Math.min(this.#bitrate, bitrateCeiling);
    await this.#limit();
  }

  /** What this connection brings of the participant. */
  remoteOf(userId: number): RemoteMedia {
    const remote = { ...nothingReceived };
    for (const [mid, track] of Object.entries(this.#tracks?.tracks ?? {})) {
      if (track.user_id === userId) remote[remoteKinds[track.kind]] = this.#section(mid)?.receiver.track ?? null;
    }
    return remote;
  }

  /** Reads the connection's statistics and adapts the bitrate. Null when not connected, and for the first sample. */
  async sample(): Promise<PeerSample | null> {
    if (this.connection.connectionState !== "connected") return null;
    const report = await this.connection.getStats();
    const isReceived = (mid: string) => mid.startsWith("a");
    const counters = readCounters(report, { isReceived, isSent: (mid) => mid === own.microphone }, this.#clockNow());
    const before = this.#counters;
    this.#counters = counters;
    const sample = before && sampleBetween(before, counters);
    if (sample) {
      const { lossOut: loss, rttMs } = sample;
      this.#bitrate = nextBitrate(this.#bitrate, this.#settings.bitrateCeiling, { loss, rttMs });
      await this.#limit();
    }
    return sample;
  }

  close(): void {
    this.connection.onconnectionstatechange = null;
    this.connection.close();
  }

  /** An encoding of a screen or camera that nobody is given is not made. */
  async #send(): Promise<void> {
    await this.#limitSmall();
    if (this.connection.signalingState === "closed") return;
    // Read here, so that of several changes at the same time the latest one holds.
    const { microphone, screen, camera } = this.#settings;
    const wanted = this.#tracks;
    const isScreenWatched = wanted?.is_screen_wanted || wanted?.is_small_screen_wanted;
    await Promise.all([
      this.#replace(own.microphone, microphone, true),
      this.#replace(own.screen, screen?.video, wanted?.is_screen_wanted),
      this.#replace(own.smallScreen, screen?.video, wanted?.is_small_screen_wanted),
      this.#replace(own.screenSound, screen?.sound, isScreenWatched),
      this.#replace(own.mixed, screen?.mixed, wanted?.is_mixed_wanted),
      this.#replace(own.camera, camera?.video, wanted?.is_camera_wanted),
      this.#replace(own.smallCamera, camera?.video, wanted?.is_small_camera_wanted),
    ]);
  }

  async #replace(mid: string, track: MediaStreamTrack | null | undefined, isWanted = false): Promise<void> {
    await this.#section(mid)?.sender.replaceTrack(isWanted && track ? track : null);
  }

  /** A limit is refused while another change of the same is under way; the next sample brings it again. */
  async #limit(): Promise<void> {
    const { screen, camera } = this.#settings;
    await Promise.allSettled([
      limitSender(this.#section(own.microphone)?.sender, { maxBitrate: this.#bitrate }),
      limitVideo(this.#section(own.screen)?.sender, screen && { ...screen, priority: "high" }),
      limitVideo(this.#section(own.camera)?.sender, camera && { ...camera, priority: "high" }),
      this.#limitSmall(),
    ]);
  }

  /** What is shared may change its size, such as a window. */
  async #limitSmall(): Promise<void> {
    const { screen, camera } = this.#settings;
    const limits = (kind: "screen" | "camera", video: MediaStreamTrack) =>
      smallLimits(kind, video.getSettings?.().height);
    await Promise.allSettled([
      limitVideo(this.#section(own.smallScreen)?.sender, screen && limits("screen", screen.video)),
      limitVideo(this.#section(own.smallCamera)?.sender, camera && limits("camera", camera.video)),
    ]);
  }

  #section(mid: string): RTCRtpTransceiver | undefined {
    return this.connection.getTransceivers().find((one) => one.mid === mid);
  }
}
