import { limits } from "@miscord/protocol";
import { isIPv4 } from "node:net";
import type { PeerConnection, Track } from "node-datachannel";
import type { ForwardedTracks, MediaStatus, Watched } from "../../media.ts";
import { Allowance } from "./allowance.ts";
import { sendsIn } from "./answered-sections.ts";
import { addSection, createConnection, type MediaKind } from "./engine.ts";
import { InputLimit } from "./input-limit.ts";
import { HeardLoss, LossReports } from "./loss.ts";
import { Outlet } from "./outlet.ts";
import { PictureOutlet } from "./picture-outlet.ts";
import { pictureKinds, type PictureKind, type PictureSize } from "./picture-kinds.ts";
import { Encoding, Pictures } from "./pictures.ts";
import { isRtp, readFeedback, type Feedback } from "./rtp.ts";
import { sendOver } from "./send-over.ts";
import { SenderLimit } from "./sender-limit.ts";
import { withoutCandidates } from "./without-candidates.ts";

/** Participants who are forwarded at the same time. */
export const speakerCount = 8;
/** Pictures of each kind that one participant can watch at the same time. */
const places: Record<PictureKind, number> = { screen: limits.watchedScreens, camera: limits.watchedCameras };

/** Bytes a second that are accepted: several times what browsers send with the highest settings. */
const mostBytes = { voice: 40_000, screen_sound: 60_000 };
const mostPictureBytes = { screen: { full: 2_500_000, small: 150_000 }, camera: { full: 600_000, small: 100_000 } };
/** The same of what a listener's or viewer's browser reports of one voice or picture. */
const mostFeedbackBytes = 20_000;

/** Units of RTP timestamps in a millisecond. */
const audioClock = 48;
const videoClock = 90;

export interface PeerListener {
  offer(peer: UnitPeer, sdp: string): void;
  voice(peer: UnitPeer, packet: Buffer): void;
  picture(peer: UnitPeer, encoding: { kind: PictureKind; size: PictureSize }, packet: Buffer): void;
  screenSound(peer: UnitPeer, packet: Buffer): void;
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

/** Where participants reach the unit. */
interface Reached {
  port: number;
  /** See `TurnedPort`. */
  turnedPort: number | null;
  addresses: readonly string[];
}

/**
 * The connection to one participant. All its sections are in the first offer, so that nothing is negotiated later: those to
 * receive the participant's microphone, screen and camera, the pictures in two encodings, and some to send what others say and show.
 */
export class UnitPeer {
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
  /** By which the participant's browser proves that it was told the offer; null before there is one. */
  credentials: { ufrag: string; password: string } | null = null;
  readonly #connection: PeerConnection;
  /** The engine closes what nothing refers to any more. */
  readonly #kept: unknown[] = [];
  #isClosed = false;

  constructor({ id, room, userId, status, source, reached, listener }: UnitPeerOptions) {
    this.id = id;
    this.room = room;
    this.userId = userId;
    this.status = status;
    this.source = source;
    this.#connection = createConnection(id, reached.port);
    const mic = this.#receive("mic", "voice", mostBytes.voice, (packet) => listener.voice(this, packet));
    this.lossReports = new LossReports((report) => sendOver(mic, report));
    const encoding = (kind: PictureKind, size: PictureSize) => {
      const take = (packet: Buffer) => listener.picture(this, { kind, size }, packet);
      return new Encoding(this.#receive(midOf(kind, size), "video", mostPictureBytes[kind][size], take));
    };
    const encodings = (kind: PictureKind) => ({ full: encoding(kind, "full"), small: encoding(kind, "small") });
    const [screen, camera] = [encodings("screen"), encodings("camera")];
    this.#receive("screen_sound", "sound", mostBytes.screen_sound, (packet) => listener.screenSound(this, packet));
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
    this.limit = new SenderLimit((message) => sendOver(mic, message));
    this.#connection.onLocalDescription((sdp) => {
      this.credentials = { ufrag: lineOf(sdp, "ice-ufrag"), password: lineOf(sdp, "ice-pwd") };
      listener.offer(this, withCandidates(sdp, reached));
    });
    this.#connection.onStateChange((state) => {
      if (state === "failed" || state === "closed") listener.lost(this);
    });
    this.#connection.setLocalDescription("offer");
  }

  /**
   * Addresses of the participant are left out: its browser connects here, and this process asks no others. Returns whether an
   * answer was awaited.
   */
  answer(sdp: string): boolean {
    if (this.#connection.signalingState() !== "have-local-offer") return false;
    this.#connection.setRemoteDescription(withoutCandidates(sdp), "answer");
    for (const kind of pictureKinds) this.pictures[kind].offersSmall = sendsIn(sdp, midOf(kind, "small"));
    return true;
  }

  /** Sets whose screens and cameras are watched. */
  watch({ userIds, smallUserIds, cameraIds, smallCameraIds }: Watched): void {
    for (const place of this.pictures.screen.watch(userIds, smallUserIds)) this.screenSounds[place]!.pause();
    this.pictures.camera.watch(cameraIds, smallCameraIds);
  }

  get isConnected(): boolean {
    return !this.#isClosed && this.#connection.state() === "connected";
  }

  /** Whether the participant shows pictures of this kind, as far as the server allows it. */
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
    if (this.#isClosed) return;
    this.#isClosed = true;
    for (const kind of pictureKinds) this.pictures[kind].close();
    this.#connection.close();
  }

  #receive(mid: string, kind: MediaKind, bytesPerSecond: number, take: (packet: Buffer) => void): Track {
    const section = addSection(this.#connection, { mid, kind, ssrc: null });
    this.#kept.push(section);
    const limit = new InputLimit(bytesPerSecond);
    section.track.onMessage((packet) => {
      if (isRtp(packet) && !this.#isClosed && limit.allows(packet, performance.now())) take(packet);
    });
    return section.track;
  }

  #outlet(mid: string, kind: MediaKind, ssrc: number, take?: (feedback: Feedback) => unknown): Outlet {
    const section = addSection(this.#connection, { mid, kind, ssrc });
    this.#kept.push(section);
    const limit = new InputLimit(mostFeedbackBytes);
    // Without a listener the engine would keep what arrives.
    section.track.onMessage((packet) => {
      if (take && !this.#isClosed && limit.allows(packet, performance.now())) take(readFeedback(packet, ssrc));
    });
    return new Outlet(mid, section.track, { ssrc, clockRate: kind === "video" ? videoClock : audioClock });
  }
}

/** The section in which a participant sends this encoding. */
function midOf(kind: PictureKind, size: PictureSize): string {
  return size === "full" ? kind : `${kind}_small`;
}

function lineOf(sdp: string, name: string): string {
  return new RegExp(`^a=${name}:(\\S+)`, "m").exec(sdp)?.[1] ?? "";
}

/** The offer with the addresses at which participants reach the ports, in its first section: all share one connection. */
function withCandidates(sdp: string, { addresses, port, turnedPort }: Reached): string {
  const candidate = (address: string, at: number, index: number) =>
    `a=candidate:${index + 1} 1 UDP ${2_122_317_823 - index * 256} ${address} ${at} typ host`;
  const candidates = addresses.map((address, index) => candidate(address, port, index));
  if (turnedPort !== null) {
    const reached = addresses.filter((address) => isIPv4(address));
    // Clients leave these out, or the others.
    candidates.push(
      ...reached.map((address, index) => `${candidate(address, turnedPort, candidates.length + index)} turned 1`),
    );
  }
  // Sections of different people are not to be played in step.
  return sdp
    .replace(/^a=group:LS .*\r\n/m, "")
    .replace(/^a=mid:mic\r\n/m, (line) => `${line}${[...candidates, "a=end-of-candidates", ""].join("\r\n")}`);
}
