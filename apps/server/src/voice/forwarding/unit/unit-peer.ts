import type { PeerConnection, Track } from "node-datachannel";
import type { ForwardedTracks, MediaStatus } from "../../media.ts";
import { addSection, createConnection, type MediaKind } from "./engine.ts";
import { InputLimit } from "./input-limit.ts";
import { KeyFrames } from "./key-frames.ts";
import { Outlet } from "./outlet.ts";
import { isRtp, readFeedback, type Feedback } from "./rtp.ts";
import { withoutCandidates } from "./without-candidates.ts";

/** Participants who are forwarded at the same time. */
export const speakerCount = 8;
/** Screens that one participant can watch at the same time. */
export const screenCount = 4;

/** Bytes a second that are accepted: several times what browsers send with the highest settings. */
const mostBytes: Record<MediaKind, number> = { voice: 40_000, sound: 60_000, video: 2_500_000 };

/** Units of RTP timestamps in a millisecond. */
const audioClock = 48;
const videoClock = 90;

export interface PeerListener {
  offer(peer: UnitPeer, sdp: string): void;
  voice(peer: UnitPeer, packet: Buffer): void;
  screen(peer: UnitPeer, packet: Buffer): void;
  screenSound(peer: UnitPeer, packet: Buffer): void;
  /** A viewer's connection says what it needs of the screen in this place. */
  feedback(peer: UnitPeer, place: number, feedback: Feedback): void;
  lost(peer: UnitPeer): void;
}

export interface UnitPeerOptions {
  id: string;
  room: number;
  userId: number;
  status: MediaStatus;
  /** Another one for each connection. */
  source: number;
  port: number;
  addresses: readonly string[];
  listener: PeerListener;
}

/**
 * The connection to one participant. All its sections are in the first offer, so that nothing is negotiated later: three to
 * receive the participant's microphone and screen, and some to send what others say and show.
 */
export class UnitPeer {
  readonly id: string;
  readonly room: number;
  readonly userId: number;
  readonly source: number;
  status: MediaStatus;
  readonly voices: readonly Outlet[];
  readonly screens: readonly { video: Outlet; sound: Outlet }[];
  /** Users whose screens are watched, by place. */
  readonly watched: (number | null)[] = Array.from({ length: screenCount }, () => null);
  /** Bits per second that the participant can receive; null when unknown. */
  receivable: number | null = null;
  readonly keyFrames: KeyFrames;
  /** What was told last; only what differs is told again. */
  told = "";
  readonly #connection: PeerConnection;
  readonly #screen: Track;
  /** The engine closes what nothing refers to any more. */
  readonly #kept: unknown[] = [];
  #isClosed = false;

  constructor({ id, room, userId, status, source, port, addresses, listener }: UnitPeerOptions) {
    this.id = id;
    this.room = room;
    this.userId = userId;
    this.status = status;
    this.source = source;
    this.#connection = createConnection(id, port);
    this.#receive("mic", "voice", (packet) => listener.voice(this, packet));
    this.#screen = this.#receive("screen", "video", (packet) => listener.screen(this, packet));
    this.#receive("screen_sound", "sound", (packet) => listener.screenSound(this, packet));
    this.keyFrames = new KeyFrames(() => this.#isClosed || this.#screen.requestKeyframe());
    this.voices = Array.from({ length: speakerCount }, (_, at) => this.#outlet(`a${at}`, "voice", 1_000 + at));
    this.screens = Array.from({ length: screenCount }, (_, at) => ({
      video: this.#outlet(`v${at}`, "video", 2_000 + at, (feedback) => listener.feedback(this, at, feedback)),
      sound: this.#outlet(`s${at}`, "sound", 3_000 + at),
    }));
    this.#connection.onLocalDescription((sdp) => listener.offer(this, withCandidates(sdp, addresses, port)));
    this.#connection.onStateChange((state) => {
      if (state === "failed" || state === "closed") listener.lost(this);
    });
    this.#connection.setLocalDescription("offer");
  }

  /** Addresses of the participant are left out: its browser connects here, and this process asks no others. */
  answer(sdp: string): void {
    if (this.#connection.signalingState() !== "have-local-offer") return;
    this.#connection.setRemoteDescription(withoutCandidates(sdp), "answer");
  }

  /** Sets whose screens are watched; those that are watched already keep their places. */
  watch(userIds: readonly number[]): void {
    const wanted = new Set(userIds);
    for (const [place, userId] of this.watched.entries()) {
      if (userId !== null && !wanted.delete(userId)) this.#leavePlace(place);
    }
    for (const userId of wanted) {
      const place = this.watched.indexOf(null);
      if (place !== -1) this.watched[place] = userId;
    }
  }

  /** Bits per second of the screen that the participant shares. */
  limitScreen(bitrate: number): void {
    if (!this.#isClosed) this.#screen.requestBitrate(bitrate);
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
    this.keyFrames.stop();
    this.#connection.close();
  }

  #leavePlace(place: number): void {
    this.watched[place] = null;
    this.screens[place]!.video.pause();
    this.screens[place]!.sound.pause();
  }

  #receive(mid: string, kind: MediaKind, take: (packet: Buffer) => void): Track {
    const section = addSection(this.#connection, { mid, kind, ssrc: null });
    this.#kept.push(section);
    const limit = new InputLimit(mostBytes[kind]);
    section.track.onMessage((packet) => {
      if (isRtp(packet) && !this.#isClosed && limit.allows(packet, performance.now())) take(packet);
    });
    return section.track;
  }

  #outlet(mid: string, kind: MediaKind, ssrc: number, take?: (feedback: Feedback) => void): Outlet {
    const section = addSection(this.#connection, { mid, kind, ssrc });
    this.#kept.push(section);
    // Without a listener the engine would keep what arrives.
    section.track.onMessage((packet) => take?.(readFeedback(packet)));
    return new Outlet(mid, section.track, { ssrc, clockRate: kind === "video" ? videoClock : audioClock });
  }
}

/** The offer with the addresses at which participants reach the port, in its first section: all share one connection. */
function withCandidates(sdp: string, addresses: readonly string[], port: number): string {
  const candidates = addresses.map((address, at) => {
    const priority = 2_122_317_823 - at * 256;
    return `a=candidate:${at + 1} 1 UDP ${priority} ${address} ${port} typ host\r\n`;
  });
  // Sections of different people are not to be played in step.
  return sdp
    .replace(/^a=group:LS .*\r\n/m, "")
    .replace(/^a=mid:mic\r\n/m, (line) => `${line}${candidates.join("")}a=end-of-candidates\r\n`);
}
