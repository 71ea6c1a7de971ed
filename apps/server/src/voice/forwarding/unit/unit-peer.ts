import { limits } from "@miscord/protocol";
import type { ForwardedTracks, MediaStatus, Watched } from "../../media.ts";
import { Allowance } from "./allowance.ts";
import { Bundle } from "./bundle.ts";
import { HeardLoss, LossReports } from "./loss.ts";
import { Outlet } from "./outlet.ts";
import { PictureOutlet } from "./picture-outlet.ts";
import { pictureKinds, type PictureKind, type PictureSize } from "./picture-kinds.ts";
import type { PicturePeer } from "./picture-peer.ts";
import { Encoding, Pictures } from "./pictures.ts";
import type { MediaKind } from "./offer.ts";
import type { Credentials, Reached } from "./reached.ts";
import type { Feedback } from "./rtcp.ts";
import { SenderLimit } from "./sender-limit.ts";

/** Participants who are forwarded at the same time. */
export const speakerCount = 8;
/** Pictures of each kind that one participant can watch at the same time. */
const places: Record<PictureKind, number> = { screen: limits.watchedScreens, camera: limits.watchedCameras };

/** Bytes a second that are accepted: several times what browsers send with the highest settings. */
const mostBytes = { voice: 40_000, screen_sound: 60_000 };
const mostPictureBytes = { screen: { full: 2_500_000, small: 150_000 }, camera: { full: 600_000, small: 100_000 } };

/** Units of RTP timestamps in a millisecond. */
const audioClock = 48;
const videoClock = 90;

export interface PeerListener {
  offer(peer: UnitPeer, sdp: string): void;
  voice(peer: UnitPeer, packet: Buffer): void;
  picture(peer: UnitPeer, encoding: { kind: PictureKind; size: PictureSize }, packet: Buffer): void;
  screenSound(peer: UnitPeer, packet: Buffer): void;
  /** The microphone and the sound of the screen together. */
  mixed(peer: UnitPeer, packet: Buffer): void;
  /** A viewer's connection says what it needs of the picture in this place. */
  feedback(peer: UnitPeer, kind: PictureKind, place: number, feedback: Feedback): void;
  lost(peer: UnitPeer): void;
}

export interface UnitPeerOptions {
  id: string;
  room: number;
  userId: number;
  status: MediaStatus;
  /** Another one for each connection. */
  source: number;
  reached: Reached;
  listener: PeerListener;
}

/**
 * The connection to one participant. All its sections are in the first offer, so that nothing is negotiated later: those to
 * receive the participant's microphone, screen and camera, the pictures in two encodings, and some to send what others say and show.
 */
export class UnitPeer implements PicturePeer {
  readonly id: string;
  readonly room: number;
  readonly userId: number;
  readonly source: number;
  status: MediaStatus;
  readonly voices: readonly Outlet[];
  /** What the participant loses of each of these. */
  readonly voiceLosses: readonly HeardLoss[] = Array.from({ length: speakerCount }, () => new HeardLoss());
  readonly lossReports: LossReports;
  readonly pictures: Readonly<Record<PictureKind, Pictures>>;
  /** The sound of the screens that are watched, by place. */
  readonly screenSounds: readonly Outlet[];
  readonly allowance = new Allowance();
  readonly limit: SenderLimit;
  /** What was told last; only what differs is told again. */
  told = "";
  readonly #bundle: Bundle;

  constructor({ id, room, userId, status, source, reached, listener }: UnitPeerOptions) {
    this.id = id;
    this.room = room;
    this.userId = userId;
    this.status = status;
    this.source = source;
    const bundle = new Bundle({
      name: id,
      reached,
      offer: (sdp) => listener.offer(this, sdp),
      lost: () => listener.lost(this),
    });
    this.#bundle = bundle;
    const { voice, screen_sound: sound } = mostBytes;
    const hear = (packet: Buffer) => listener.voice(this, packet);
    bundle.receive({ mid: "mic", kind: "voice", bytesPerSecond: voice, take: hear });
    this.lossReports = new LossReports((report) => bundle.report(report));
    const encoding = (kind: PictureKind, size: PictureSize) => {
      const bytesPerSecond = mostPictureBytes[kind][size];
      const shown = { kind, size };
      const take = (packet: Buffer) => listener.picture(this, shown, packet);
      return new Encoding(bundle.receive({ mid: midOf(kind, size), kind: "video", bytesPerSecond, take }));
    };
    const encodings = (kind: PictureKind) => ({ full: encoding(kind, "full"), small: encoding(kind, "small") });
    const [screen, camera] = [encodings("screen"), encodings("camera")];
    const hearScreen = (packet: Buffer) => listener.screenSound(this, packet);
    bundle.receive({ mid: "screen_sound", kind: "sound", bytesPerSecond: sound, take: hearScreen });
    const hearMix = (packet: Buffer) => listener.mixed(this, packet);
    bundle.receive({ mid: "mixed", kind: "sound", bytesPerSecond: sound, take: hearMix });
    this.voices = this.voiceLosses.map((loss, at) =>
      this.#outlet(`a${at}`, "voice", 1_000 + at, ({ lost }) => lost !== null && loss.note(lost, performance.now())),
    );
    const sent = (kind: PictureKind, mid: string, ssrc: number) =>
      Array.from({ length: places[kind] }, (_, at) => {
        const take = (feedback: Feedback) => listener.feedback(this, kind, at, feedback);
        return new PictureOutlet(this.#outlet(`${mid}${at}`, "video", ssrc + at, take));
      });
    const screens = new Pictures(screen, sent("screen", "v", 2_000));
    this.screenSounds = screens.outlets.map((_, at) => this.#outlet(`s${at}`, "sound", 3_000 + at));
    this.pictures = { screen: screens, camera: new Pictures(camera, sent("camera", "c", 4_000)) };
    this.limit = new SenderLimit((message) => bundle.report(message));
    bundle.open();
  }

  /** An answer that is not awaited is ignored. */
  answer(sdp: string): "applied" | "refused" | "ignored" {
    const answered = this.#bundle.answer(sdp);
    if (answered === "applied") {
      for (const kind of pictureKinds) this.pictures[kind].offersSmall = this.#bundle.isSending(midOf(kind, "small"));
    }
    return answered;
  }

  /** Sets whose screens and cameras are watched. */
  watch({ userIds, smallUserIds, cameraIds, smallCameraIds }: Watched): void {
    for (const place of this.pictures.screen.watch(userIds, smallUserIds)) this.screenSounds[place]!.pause();
    this.pictures.camera.watch(cameraIds, smallCameraIds);
  }

  get isConnected(): boolean {
    return this.#bundle.isConnected;
  }

  /** By which the participant's browser proves that it was told the offer; null before there is one. */
  get credentials(): Credentials | null {
    return this.#bundle.credentials;
  }

  shows(kind: PictureKind): boolean {
    return kind === "screen" ? this.status.isSharing : this.status.isCameraOn;
  }

  /** Whether the tracks differ from what was told last. */
  hasNews(tracks: ForwardedTracks): boolean {
    const text = JSON.stringify(tracks);
    if (text === this.told) return false;
    this.told = text;
    return true;
  }

  close(): void {
    for (const kind of pictureKinds) this.pictures[kind].close();
    this.#bundle.close();
  }

  #outlet(mid: string, kind: MediaKind, ssrc: number, take?: (feedback: Feedback) => unknown): Outlet {
    const sending = this.#bundle.send({ mid, kind, ssrc, ...(take && { take }) });
    return new Outlet(mid, sending, { ssrc, clockRate: kind === "video" ? videoClock : audioClock });
  }
}

/** The section in which a participant sends this encoding. */
function midOf(kind: PictureKind, size: PictureSize): string {
  return size === "full" ? kind : `${kind}_small`;
}
