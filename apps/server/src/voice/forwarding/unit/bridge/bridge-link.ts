import { EngineConnection } from "../engine.ts";
import { guarded } from "../guard.ts";
import { InputLimit, leastPictureBytes } from "../input-limit.ts";
import { HeardLoss, LossReports } from "../loss.ts";
import { Outlet } from "../outlet.ts";
import { PictureOutlet } from "../picture-outlet.ts";
import {
  attributeOf,
  candidatesOf,
  credentialsOf,
  turnedCandidatesOf,
  type Credentials,
  type Reached,
} from "../reached.ts";
import type { RtpPosition } from "../rewriter.ts";
import { keyFrameRequest, readFeedback, type Feedback } from "../rtcp.ts";
import { audioLevelAt, audioLevelId, isRtp, opus, renumber, soundFormat, sourceOf, voiceFormat, vp8 } from "../rtp.ts";
import type { Section } from "../section.ts";
import { SourceLimit } from "../source-limit.ts";
import {
  rewriteDescription,
  screenMid,
  writeDescription,
  type ClientDescription,
  type ClientSection,
  type OwnSection,
  type Transport,
} from "../description.ts";
import { ScreenGate } from "./screen-gate.ts";

/** Source numbers of what is sent. */
const voiceSsrc = 1_000;
const screenSsrc = 2_000;
/** Bytes a second that are accepted, and of what is reported. */
const mostBytes = { voice: 40_000, sound: 60_000, screen: 2_500_000, feedback: 20_000 };
const audioClock = 48;
const videoClock = 90;
/** The mix of microphone and screen's sound is sent while it comes; a packet of it comes every 20 ms. */
const mixedMs = 200;
/** An offer that is not answered is made again after this time, and after twice as long each time. */
const firstRepeatMs = 2_000;
const longestRepeatMs = 60_000;

const newScreen: ClientSection = {
  media: "video",
  mid: screenMid,
  payloadType: vp8,
  levelId: null,
  sends: false,
  receives: true,
  sources: [],
};

/** What comes from the client. */
export type BridgeInput = "voice" | "screen" | "screen_sound";

export interface BridgeLinkOptions {
  name: string;
  userId: number;
  offer: ClientDescription;
  reached: Reached;
  /** The client is told the port for those who come through a TURN server over TCP or TLS, in place of the usual one. */
  isTurned: boolean;
  /** Another one for each connection. */
  source: number;
  signal: (type: "offer" | "answer", sdp: string) => void;
  /** The numbers of the codec and the audio level are those of the unit's offers. */
  receive: (input: BridgeInput, packet: Buffer) => void;
  screenFeedback: (feedback: Feedback) => void;
  /** The client has agreed to receive the participant's screen, or does no longer. */
  screenAgreed: (isAgreed: boolean) => void;
  lost: () => void;
}

interface SentVoice {
  levelAt: number | null;
  position: RtpPosition;
  isMixed: boolean;
  /** Of the participant's connection. */
  source: number;
}

/**
 * The connection of a client of version 1 to one participant, with the unit at the other end. The engine agrees once, on a
 * voice, and carries all packets from then on. What the ends tell each other later concerns sections and directions, which the
 * unit keeps to by itself.
 */
export class BridgeLink {
  readonly source: number;
  readonly lossReports: LossReports;
  readonly heardLoss = new HeardLoss();
  readonly screen: PictureOutlet;
  /** Whether the client may send its voice here, and its screen: it would send the same to all participants. */
  isUplink = false;
  isScreenUplink = false;
  readonly #options: BridgeLinkOptions;
  readonly #connection: EngineConnection;
  readonly #section: Section;
  readonly #voice: Outlet;
  readonly #gate: ScreenGate;
  #remote: ClientDescription;
  /** The sections in which the client shows its screen, as its latest offer says. */
  #shared: { screen: ClientSection | undefined; sound: ClientSection | undefined };
  #screenSource = 0;
  /** Whether the client is to see the participant's screen. */
  #isShown = false;
  /** Null until the engine has made its description. */
  #own: Transport | null = null;
  #version = 0;
  /** An offer is to be made, or has not been answered. */
  #isOfferDue = false;
  #repeat = { at: -Infinity, delayMs: firstRepeatMs };
  #mixedAt = -Infinity;
  #isClosed = false;

  /** @throws Error */
  constructor(options: BridgeLinkOptions) {
    const { name, userId, offer, reached, source } = options;
    this.#options = options;
    this.#remote = offer;
    this.#shared = sharedIn(offer);
    this.source = source;
    this.#connection = new EngineConnection(name, reached.port);
    const { mid, payloadType } = offer.voice;
    this.#section = this.#connection.addVoice({ mid, payloadType, ssrc: voiceSsrc });
    this.lossReports = new LossReports((report) => this.#section.send(report));
    this.#voice = new Outlet(mid, this.#section, { ssrc: voiceSsrc, clockRate: audioClock });
    this.#gate = new ScreenGate(this.#section, screenSsrc);
    this.screen = new PictureOutlet(
      new Outlet(`${screenMid} ${userId}`, this.#gate, { ssrc: screenSsrc, clockRate: videoClock }),
    );
    this.#listen();
  }

  /** Answers the offer of the constructor. Whether that is possible. */
  open(): boolean {
    return this.#connection.accept(rewriteDescription(this.#remote), "offer") && this.#connection.describe("answer");
  }

  get isOpen(): boolean {
    return this.#voice.isOpen;
  }

  /** Null until the engine has made its description. */
  get credentials(): Credentials | null {
    return this.#own;
  }

  /** Whether the client sends its voice here. */
  get isTalking(): boolean {
    return this.isUplink && this.#remote.voice.sends;
  }

  /** Whether the client would send its screen here. */
  get offersScreen(): boolean {
    return this.#shared.screen !== undefined;
  }

  /** Whether the description is about this connection, and not about another one. */
  fits({ ufrag, password, fingerprint, voice }: ClientDescription): boolean {
    const known = this.#remote;
    return (
      known.ufrag === ufrag &&
      known.password === password &&
      known.fingerprint === fingerprint &&
      known.voice.mid === voice.mid &&
      known.voice.payloadType === voice.payloadType
    );
  }

  /** The client offers again, for instance because it has added something. */
  offered(offer: ClientDescription): void {
    this.#remote = offer;
    this.#shared = sharedIn(offer);
    this.#tell("answer");
  }

  answered(answer: ClientDescription): void {
    if (!this.fits(answer)) return;
    this.#remote = answer;
    this.#isOfferDue = false;
    this.#agreed();
  }

  askForVoice(): void {
    this.isUplink = true;
    this.#offer();
  }

  askForScreen(): void {
    this.isScreenUplink = true;
    this.#offer();
  }

  /** Sets whether the client is to see the participant's screen. */
  show(isShown: boolean): void {
    if (this.#isShown === isShown) return;
    this.#isShown = isShown;
    this.#offer();
  }

  /** To be called about twice a second: makes the offer that is due, again if it may have been lost. */
  review(nowMs: number): void {
    if (!this.isOpen || !this.#isOfferDue || nowMs - this.#repeat.at < this.#repeat.delayMs) return;
    this.#repeat = { at: nowMs, delayMs: Math.min(longestRepeatMs, 2 * this.#repeat.delayMs) };
    this.#tell("offer");
  }

  /** Changes the header of the packet. `isMixed`: it has the sound of the participant's screen as well. Whether it was sent. */
  send(packet: Buffer, { levelAt, position, isMixed, source }: SentVoice): boolean {
    if (isMixed) this.#mixedAt = position.nowMs;
    else if (this.#isMixed(position.nowMs)) return false;
    if (!this.isOpen) return false;
    renumber(packet, levelAt, this.#remote.voice);
    return this.#voice.send(packet, isMixed ? -source : source, position);
  }

  /** What the participant says is left out from here on. */
  pause(nowMs: number): void {
    if (!this.#isMixed(nowMs)) this.#voice.pause();
  }

  /** Asks the client for a full picture of its screen. Whether it was asked. */
  requestKeyFrame(): boolean {
    return this.#screenSource !== 0 && this.#section.send(keyFrameRequest(this.#screenSource));
  }

  /** Sends a report about what the client sends. */
  report(message: Buffer): boolean {
    return this.#section.send(message);
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#agreed();
    this.#connection.close();
  }

  #listen(): void {
    const limits = {
      voice: new InputLimit(mostBytes.voice),
      screen_sound: new InputLimit(mostBytes.sound),
      screen: new InputLimit(mostBytes.screen, leastPictureBytes),
      feedback: new InputLimit(mostBytes.feedback),
    };
    const sources = new SourceLimit();
    this.#section.onMessage((packet) => {
      if (this.#isClosed) return;
      // The engine is calling: it ends the connection afterwards.
      if (!sources.allows(sourceOf(packet))) {
        setImmediate(guarded(() => this.#options.lost()));
        return;
      }
      const input = isRtp(packet) ? this.#inputOf(packet) : "feedback";
      if (input === null || !limits[input].allows(packet, performance.now())) return;
      if (input === "feedback") this.#reported(packet);
      else this.#receive(input, packet);
    });
    this.#connection.onDescription((sdp) => {
      const [fingerprint, setup] = [attributeOf(sdp, "fingerprint"), attributeOf(sdp, "setup")];
      this.#own = { ...credentialsOf(sdp), fingerprint, setup };
      this.#tell("answer");
    });
    this.#connection.onLost(() => this.#options.lost());
  }

  #inputOf(packet: Buffer): BridgeInput | null {
    const type = packet[1]! & 0x7f;
    const { screen, sound } = this.#shared;
    if (type === screen?.payloadType) return this.isScreenUplink ? "screen" : null;
    if (type !== this.#remote.voice.payloadType) return null;
    if (!sound?.sources.includes(packet.readUInt32BE(8))) return "voice";
    return this.isScreenUplink ? "screen_sound" : null;
  }

  #receive(input: BridgeInput, packet: Buffer): void {
    if (input === "screen") {
      this.#screenSource = packet.readUInt32BE(8);
      renumber(packet, null, { payloadType: vp8, levelId: null });
    } else {
      const { levelId } = this.#remote.voice;
      const levelAt = levelId === null ? null : audioLevelAt(packet, levelId);
      renumber(packet, levelAt, { payloadType: opus, levelId: audioLevelId });
    }
    this.#options.receive(input, packet);
  }

  #reported(datagram: Buffer): void {
    const { lost } = readFeedback(datagram, voiceSsrc);
    if (lost !== null) this.heardLoss.note(lost, performance.now());
    this.#gate.resend(datagram);
    this.#options.screenFeedback(readFeedback(datagram, screenSsrc));
  }

  #isMixed(nowMs: number): boolean {
    return nowMs - this.#mixedAt < mixedMs;
  }

  get #screenSection(): ClientSection | undefined {
    return this.#remote.sections.find(({ mid }) => mid === screenMid);
  }

  #agreed(): void {
    const section = this.#screenSection;
    const isReceived = section !== undefined && section.payloadType === vp8 && section.receives;
    this.#setAgreed(this.#isShown && isReceived && !this.#isClosed);
  }

  #setAgreed(isAgreed: boolean): void {
    if (this.#gate.isOpen === isAgreed) return;
    this.#gate.isOpen = isAgreed;
    this.#options.screenAgreed(isAgreed);
  }

  #offer(): void {
    this.#isOfferDue = true;
    this.#repeat = { at: -Infinity, delayMs: firstRepeatMs };
    this.review(performance.now());
  }

  #tell(type: "offer" | "answer"): void {
    if (!this.#own || this.#isClosed) return;
    const isOffer = type === "offer";
    const { sections } = this.#remote;
    const { reached, isTurned } = this.#options;
    const all = isOffer && this.#isShown && !this.#screenSection ? [...sections, newScreen] : sections;
    const description = writeDescription(
      {
        ...this.#own,
        // Whoever offers leaves the role to the other end, which keeps it.
        setup: isOffer ? "actpass" : this.#own.setup,
        candidates: isTurned ? turnedCandidatesOf(reached) : candidatesOf(reached),
        version: ++this.#version,
        sectionFor: (section) => this.#sectionFor(section, isOffer),
      },
      all,
    );
    this.#options.signal(type, description);
    this.#agreed();
  }

  #sectionFor(section: ClientSection, isOffer: boolean): OwnSection | null {
    const { mid, media } = section;
    const may = (wanted: boolean, agrees: boolean) => wanted && (isOffer || agrees);
    if (mid === this.#remote.voice.mid) {
      const [sends, receives] = [may(true, section.receives), may(this.isUplink, section.sends)];
      return { sends, receives, ssrc: voiceSsrc, format: voiceFormat };
    }
    const isShared = mid === this.#shared.screen?.mid || mid === this.#shared.sound?.mid;
    const receives = may(this.isScreenUplink && isShared, section.sends);
    if (media === "audio") return { sends: false, receives, ssrc: null, format: soundFormat };
    const isScreen = mid === screenMid;
    return { sends: may(isScreen && this.#isShown, section.receives), receives, ssrc: isScreen ? screenSsrc : null };
  }
}

/** The sections in which a client shows its screen: the latest ones that it sends in, beside its voice. */
function sharedIn({ sections, voice }: ClientDescription) {
  const sent = sections.filter(({ payloadType, sends, mid }) => payloadType !== null && sends && mid !== voice.mid);
  const screen = sent.findLast(({ media }) => media === "video");
  return { screen, sound: screen && sent.findLast(({ media }) => media === "audio") };
}
