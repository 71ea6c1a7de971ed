import type { MediaStatus } from "../../../media.ts";
import type { BridgedSignal } from "../../messages.ts";
import { Allowance } from "../allowance.ts";
import type { PictureKind } from "../picture-kinds.ts";
import type { PicturePeer } from "../picture-peer.ts";
import { Encoding, Pictures } from "../pictures.ts";
import { turnedCandidatesOf, type Reached } from "../reached.ts";
import type { RtpPosition } from "../rewriter.ts";
import type { Feedback } from "../rtcp.ts";
import { SenderLimit } from "../sender-limit.ts";
import type { Speaker } from "../speaker.ts";
import { BridgeLink, type BridgeInput } from "./bridge-link.ts";
import { readDescription, type ClientDescription } from "../description.ts";
import { Openings } from "./openings.ts";
import { Patience } from "./patience.ts";

/** On so many of its connections a client sends its voice: when the participant behind one leaves, the other goes on. */
const mostUplinks = 2;
/** The voice of another connection is taken when nothing has come over the present one for this time. In silence a packet comes every 400 ms. */
const silentMs = 500;
/** A client that sends no voice is asked for it after this time, and after twice as long each time; its microphone may come late. */
const firstAskMs = 1_000;
const longestAskMs = 60_000;

const noSection = { requestKeyFrame: () => false };

export interface BridgedPeerOptions {
  id: string;
  room: number;
  userId: number;
  status: MediaStatus;
  reached: Reached;
  nextSource: () => number;
  /** Whether the unit takes one connection more. */
  hasPlace: () => boolean;
  listener: BridgedListener;
}

export interface BridgedListener {
  signal(peer: BridgedPeer, signal: BridgedSignal): void;
  voice(peer: BridgedPeer, from: Speaker, packet: Buffer): void;
  screen(peer: BridgedPeer, packet: Buffer): void;
  screenSound(peer: BridgedPeer, packet: Buffer): void;
  /** The client says what it needs of the screen in this place. */
  feedback(peer: BridgedPeer, place: number, feedback: Feedback): void;
  /** The client sees another screen, or one less. */
  changed(peer: BridgedPeer): void;
  /** None of the client's connections has come about for a while. */
  unreached(peer: BridgedPeer): void;
}

/**
 * A participant with a client of version 1. It has a connection to each other participant, as in a mesh; at the other end of all
 * of them is the unit. It sees every screen that is shared, and no cameras.
 */
export class BridgedPeer implements PicturePeer {
  readonly id: string;
  readonly room: number;
  readonly userId: number;
  status: MediaStatus;
  readonly pictures: Readonly<Record<PictureKind, Pictures>>;
  /** The client plays one sound of a participant, so a screen's sound comes to it in the participant's voice. */
  readonly screenSounds = [];
  readonly allowance = new Allowance();
  readonly limit: SenderLimit;
  readonly #options: BridgedPeerOptions;
  readonly #links = new Map<number, BridgeLink>();
  readonly #openings = new Map<number, Openings>();
  #sharers: ReadonlySet<number> = new Set();
  /** Over which the client's voice is taken. */
  #uplink: BridgeLink | null = null;
  #heardAt = -Infinity;
  #ask = { at: performance.now(), delayMs: firstAskMs };
  readonly #patience = new Patience();
  /** One kind of address at a time: an engine that learns both might answer to where the client does not listen any more. */
  #isTurned = false;

  constructor(options: BridgedPeerOptions) {
    this.#options = options;
    this.id = options.id;
    this.room = options.room;
    this.userId = options.userId;
    this.status = options.status;
    const screen = new Encoding({ requestKeyFrame: () => this.#screenLink?.requestKeyFrame() ?? false });
    const nothing = () => new Encoding(noSection);
    this.pictures = {
      screen: new Pictures({ full: screen, small: nothing() }, []),
      camera: new Pictures({ full: nothing(), small: nothing() }, []),
    };
    this.limit = new SenderLimit((message) => this.#screenLink?.report(message));
  }

  get linkCount(): number {
    return this.#links.size;
  }

  /** Of the connection that brings its screen. */
  get source(): number {
    return this.#screenLink?.source ?? 0;
  }

  get isConnected(): boolean {
    return this.#screenLink?.isOpen ?? false;
  }

  shows(kind: PictureKind): boolean {
    return kind === "screen" && this.status.isSharing;
  }

  /** What the client sends to a participant may be anything. */
  receive({ userId, type, sdp }: BridgedSignal): void {
    const description = readDescription(sdp);
    if (!description) return;
    const link = this.#links.get(userId);
    if (type === "answer") return link?.answered(description);
    if (!link?.fits(description)) return this.#open(userId, description);
    this.#chooseUplinks(link, description);
    link.offered(description);
  }

  /** The participant has left the room. */
  forget(userId: number): void {
    this.#close(userId);
    this.#openings.delete(userId);
    if (this.#links.size === 0) this.#patience.rest();
  }

  /** Of the connection that has this ufrag; undefined for none. */
  passwordOf(ufrag: string): string | undefined {
    return this.#links.values().find(({ credentials }) => credentials?.ufrag === ufrag)?.credentials?.password;
  }

  /** Sets who shares a screen. */
  show(sharers: ReadonlySet<number>): void {
    this.#sharers = sharers;
    for (const [userId, link] of this.#links) link.show(sharers.has(userId));
  }

  /** Sends on what a participant says. `isMixed`: with the sound of their screen. Whether it was sent. */
  send(
    from: Pick<Speaker, "userId" | "source">,
    packet: Buffer,
    { levelAt, position, isMixed = false }: { levelAt: number | null; position: RtpPosition; isMixed?: boolean },
  ): boolean {
    const link = this.#links.get(from.userId);
    if (!link) return false;
    if (this.status.hears) return link.send(packet, { levelAt, position, isMixed, source: from.source });
    link.pause(position.nowMs);
    return false;
  }

  /** What the participant says is left out from here on. */
  pause(userId: number, nowMs: number): void {
    this.#links.get(userId)?.pause(nowMs);
  }

  /** The share of the participant's voice that the client has lost. */
  lossOf(userId: number, nowMs: number): number {
    return (this.status.hears && this.#links.get(userId)?.heardLoss.share(nowMs)) || 0;
  }

  /** To be called about twice a second: asks the client for what is missing. */
  review(nowMs: number): void {
    const links = [...this.#links.values()];
    if (links.some(({ isOpen }) => isOpen)) this.#patience.connected();
    if (this.#patience.ends(nowMs)) return this.#beginAnew();
    for (const link of links) link.review(nowMs);
    if (this.status.isSharing && !this.#screenLink) links.find((one) => one.isOpen && one.offersScreen)?.askForScreen();
    const open = links.filter(({ isOpen }) => isOpen);
    const silent = open.find(({ isTalking }) => !isTalking);
    if (!silent || this.#talking() >= Math.min(mostUplinks, open.length)) {
      this.#ask = { at: nowMs, delayMs: firstAskMs };
    } else if (nowMs - this.#ask.at >= this.#ask.delayMs) {
      this.#ask = { at: nowMs, delayMs: Math.min(longestAskMs, 2 * this.#ask.delayMs) };
      silent.askForVoice();
    }
  }

  close(): void {
    for (const userId of this.#links.keys()) this.#close(userId);
    for (const pictures of Object.values(this.pictures)) pictures.close();
  }

  /** The connection on which the client may send its screen. */
  get #screenLink(): BridgeLink | undefined {
    return this.#links.values().find(({ isScreenUplink }) => isScreenUplink);
  }

  /** The client is told the other port then, where there is one. */
  #beginAnew(): void {
    this.#isTurned = !this.#isTurned && turnedCandidatesOf(this.#options.reached).length > 0;
    for (const userId of this.#links.keys()) this.#close(userId);
    this.#options.listener.unreached(this);
  }

  #open(userId: number, offer: ClientDescription): void {
    const openings = this.#openings.get(userId) ?? new Openings();
    this.#openings.set(userId, openings);
    if (!openings.take(performance.now())) return;
    this.#close(userId);
    if (!this.#options.hasPlace()) return;
    this.#patience.begin(performance.now());
    const { id, pictures } = this;
    const { reached, nextSource, listener } = this.#options;
    const link: BridgeLink = new BridgeLink({
      name: `${id} ${userId}`,
      userId,
      offer,
      reached,
      isTurned: this.#isTurned,
      source: nextSource(),
      signal: (type, sdp) => listener.signal(this, { userId, type, sdp }),
      receive: (input, packet) => this.#receive(link, input, packet),
      screenFeedback: (feedback) => {
        const place = pictures.screen.placeOf(userId);
        if (place !== null) listener.feedback(this, place, feedback);
      },
      screenAgreed: (isAgreed) => {
        if (isAgreed) pictures.screen.addPlace(userId, link.screen);
        else pictures.screen.removePlace(userId);
        listener.changed(this);
      },
      lost: () => this.#links.get(userId) === link && this.#lost(userId),
    });
    this.#links.set(userId, link);
    this.#chooseUplinks(link, offer);
    link.show(this.#sharers.has(userId));
    if (!link.open()) this.#close(userId);
  }

  #lost(userId: number): void {
    this.#close(userId);
    this.#patience.begin(performance.now());
  }

  #close(userId: number): void {
    const link = this.#links.get(userId);
    if (!link) return;
    this.#links.delete(userId);
    if (this.#uplink === link) this.#uplink = null;
    link.close();
  }

  #chooseUplinks(link: BridgeLink, { voice, sections }: ClientDescription): void {
    if (voice.sends && this.#talking(link) < mostUplinks) link.isUplink = true;
    const hasScreen = sections.some(
      ({ media, sends, payloadType }) => media === "video" && sends && payloadType !== null,
    );
    if (hasScreen && !this.#screenLink) link.isScreenUplink = true;
  }

  #talking(except?: BridgeLink): number {
    return [...this.#links.values()].filter((link) => link !== except && link.isTalking).length;
  }

  #receive(link: BridgeLink, input: BridgeInput, packet: Buffer): void {
    const { listener } = this.#options;
    if (input === "screen") listener.screen(this, packet);
    else if (input === "screen_sound") listener.screenSound(this, packet);
    else this.#heard(link, packet);
  }

  #heard(link: BridgeLink, packet: Buffer): void {
    const nowMs = performance.now();
    if (this.#uplink !== link && this.#uplink && nowMs - this.#heardAt < silentMs) return;
    this.#uplink = link;
    this.#heardAt = nowMs;
    const { userId, status } = this;
    const { source, lossReports } = link;
    this.#options.listener.voice(this, { userId, status, source, lossReports }, packet);
  }
}
