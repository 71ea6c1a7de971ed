import type { ForwardedTracks } from "../../media.ts";
import type { SentPicture } from "./allowance.ts";
import { picturePositionOf, type PictureOutlet } from "./picture-outlet.ts";
import { pictureKinds, type PictureKind, type PictureSize } from "./picture-kinds.ts";
import type { PicturePeer } from "./picture-peer.ts";
import type { Pictures } from "./pictures.ts";
import type { Feedback } from "./rtcp.ts";
import { bitrateFor } from "./sender-limit.ts";
import { shareBitrate } from "./share-bitrate.ts";
import type { Shedding } from "./shedding.ts";

/** A small encoding that has not come in this time does not come. */
const smallWithinMs = 5_000;

/**
 * A browser takes memory for a picture as soon as its first packet has come, up to 850 MB for the largest that VP8 knows. So many have
 * cameras with 4096 × 2304, and screens with 7680 × 4320.
 */
const mostPixels: Record<PictureKind, number> = { camera: 4_096 * 2_304, screen: 7_680 * 4_320 };

export interface RoomCounters {
  packetsOut: number;
  bytesOut: number;
}

/** What all rooms of a unit share. */
export interface OfAllRooms {
  readonly counters: RoomCounters;
  readonly shedding: Shedding;
}

/** Somebody who watches a participant's pictures, and the place in which these are sent there. */
interface Viewer {
  peer: PicturePeer;
  place: number;
}

/** Those who watch, by whose pictures they watch. */
type Viewers = Map<PicturePeer, readonly Viewer[]>;

/** The screens and cameras of one voice channel: who is sent which of them, and in which encoding. */
export class RoomPictures {
  readonly #peers: ReadonlySet<PicturePeer>;
  readonly #viewers: Record<PictureKind, Viewers> = { screen: new Map(), camera: new Map() };
  readonly #counters: RoomCounters;
  readonly #shedding: Shedding;
  /** Another encoding is sent to somebody, or wanted. */
  readonly #onChange: () => void;

  constructor(peers: ReadonlySet<PicturePeer>, { counters, shedding }: OfAllRooms, onChange: () => void) {
    this.#peers = peers;
    this.#counters = counters;
    this.#shedding = shedding;
    this.#onChange = onChange;
  }

  /** Somebody came, left, began or stopped to show something or to watch. */
  changed(): void {
    for (const kind of pictureKinds) this.#findViewers(kind);
    for (const peer of this.#peers) this.#choose(peer, performance.now());
  }

  send(from: PicturePeer, { kind, size }: { kind: PictureKind; size: PictureSize }, packet: Buffer): void {
    const position = picturePositionOf(packet, performance.now());
    if (position.vp8 && position.vp8.pixels > mostPixels[kind]) return;
    from.pictures[kind].encodings[size].arrived(position.nowMs);
    const viewers = this.#viewersOf(kind, from);
    if (!this.#shedding.allows(from.source, viewers.length)) return;
    for (const viewer of viewers) {
      const outlet = outletOf(kind, viewer);
      const before = outlet.sent;
      if (outlet.send(packet, { source: from.source, size }, position)) {
        this.#counters.packetsOut += 1;
        this.#counters.bytesOut += packet.length;
      }
      if (outlet.sent !== before) this.#onChange();
    }
  }

  feedback(viewer: PicturePeer, kind: PictureKind, place: number, { wantsKeyFrame, bitrate, lost }: Feedback): void {
    const userId = viewer.pictures[kind].watched[place] ?? null;
    const source = userId === null ? undefined : this.#sourceOf(kind, userId);
    if (!source) return;
    const outlet = viewer.pictures[kind].outlets[place]!;
    if (wantsKeyFrame) this.#requestKeyFrame(source.pictures[kind], outlet);
    // What a browser reports is what all its pictures together may take.
    if (bitrate !== null) viewer.allowance.bitrate = bitrate;
    if (lost !== null) viewer.allowance.noteLoss(outlet.mid, lost, performance.now());
  }

  #requestKeyFrame({ encodings }: Pictures, { sent, wanted }: PictureOutlet): void {
    // Who waits for another encoding that comes needs no full picture of the present one.
    const size = encodings[wanted].isRunning(performance.now()) ? wanted : (sent ?? wanted);
    encodings[size].keyFrames.request();
  }

  /** To be called twice a second: decides who is sent which encoding, and how much senders may send. */
  review(nowMs: number): void {
    for (const peer of this.#peers) {
      if (peer.allowance.review(this.#sentTo(peer, nowMs), nowMs)) this.#choose(peer, nowMs);
    }
    for (const kind of pictureKinds) {
      for (const [source, viewers] of this.#viewers[kind]) this.#awaitEncodings(kind, source, viewers, nowMs);
    }
    for (const peer of this.#peers) this.#limit(peer, nowMs);
  }

  /** Adds the sections in which this participant is sent pictures. */
  addTracks(peer: PicturePeer, tracks: ForwardedTracks["tracks"]): void {
    for (const { kind, source, outlet, place } of this.#watchedBy(peer)) {
      tracks[outlet.mid] = { userId: source.userId, kind };
      const sound = kind === "screen" ? peer.screenSounds[place] : undefined;
      if (sound) tracks[sound.mid] = { userId: source.userId, kind: "screen_sound" };
    }
  }

  /** Whether somebody is to be sent this encoding of the participant's pictures. */
  isWanted(source: PicturePeer, kind: PictureKind, size: PictureSize): boolean {
    return this.#viewersOf(kind, source).some((viewer) => outletOf(kind, viewer).uses(size));
  }

  /** Those who are sent this participant's screen, each with the place of it. */
  screenViewers(source: PicturePeer): readonly Viewer[] {
    return this.#viewersOf("screen", source);
  }

  #viewersOf(kind: PictureKind, source: PicturePeer): readonly Viewer[] {
    return this.#viewers[kind].get(source) ?? [];
  }

  #sourceOf(kind: PictureKind, userId: number): PicturePeer | undefined {
    return [...this.#viewers[kind].keys()].find((one) => one.userId === userId);
  }

  /** What a participant is sent, the most important first. */
  #watchedBy(peer: PicturePeer) {
    return pictureKinds.flatMap((kind) =>
      [...this.#viewers[kind].keys()].flatMap((source) => {
        const place = source.userId === peer.userId ? null : peer.pictures[kind].placeOf(source.userId);
        return place === null ? [] : [{ kind, source, place, outlet: peer.pictures[kind].outlets[place]! }];
      }),
    );
  }

  #sentTo(peer: PicturePeer, nowMs: number): SentPicture[] {
    return this.#watchedBy(peer).map(({ kind, source, outlet: { mid, wanted, outlet } }) => ({
      key: mid,
      bitrate: outlet.bitrate(nowMs),
      canShrink: wanted === "full" && source.pictures[kind].hasSmall(nowMs),
    }));
  }

  #findViewers(kind: PictureKind): void {
    const before = this.#viewers[kind];
    const shown = [...this.#peers].filter((peer) => peer.shows(kind));
    this.#viewers[kind] = new Map(shown.map((peer) => [peer, this.#watching(kind, peer)]));
    for (const [source, viewers] of this.#viewers[kind]) {
      const known = before.get(source) ?? [];
      const isNew = (one: Viewer) => !known.some((other) => other.peer === one.peer && other.place === one.place);
      for (const viewer of viewers.filter(isNew)) {
        source.pictures[kind].encodings[outletOf(kind, viewer).wanted].keyFrames.request();
      }
    }
  }

  #watching(kind: PictureKind, { userId }: PicturePeer): Viewer[] {
    return [...this.#peers].flatMap((peer) => {
      const place = peer.pictures[kind].placeOf(userId);
      return place === null || peer.userId === userId ? [] : [{ peer, place }];
    });
  }

  /** Chooses the encoding of each picture that a participant is sent. */
  #choose(peer: PicturePeer, nowMs: number): void {
    for (const { kind, source, outlet } of this.#watchedBy(peer)) {
      const { encodings } = source.pictures[kind];
      const hasSmall = source.pictures[kind].hasSmall(nowMs);
      const isSmall = peer.pictures[kind].isSmall(source.userId) || peer.allowance.isSmall(outlet.mid);
      const size = hasSmall && isSmall ? "small" : "full";
      if (!outlet.want(size, nowMs)) continue;
      // One that does not run begins with a full picture by itself.
      if (encodings[size].isRunning(nowMs)) encodings[size].keyFrames.request();
      this.#onChange();
    }
  }

  /** Asks for the full pictures at which viewers go over to another encoding, and gives up a small one that does not come. */
  #awaitEncodings(kind: PictureKind, source: PicturePeer, viewers: readonly Viewer[], nowMs: number): void {
    const pictures = source.pictures[kind];
    const waiting = viewers
      .map((viewer) => outletOf(kind, viewer))
      // Those whose connection is not there yet wait for that.
      .filter(({ sent, wanted, outlet }) => outlet.isOpen && sent !== wanted);
    for (const { wanted } of waiting) {
      if (pictures.encodings[wanted].isRunning(nowMs)) pictures.encodings[wanted].keyFrames.request();
    }
    const isLate = waiting.some(({ wanted, wantedSince }) => wanted === "small" && nowMs - wantedSince > smallWithinMs);
    if (!isLate || pictures.encodings.small.isRunning(nowMs)) return;
    // Who sends nothing at all has lost more than one encoding.
    if (this.isWanted(source, kind, "full") && !pictures.encodings.full.isRunning(nowMs)) return;
    pictures.lackSmall(nowMs);
    for (const { peer } of viewers) this.#choose(peer, nowMs);
  }

  /** Tells a sender how much its pictures may take; those for whom that is too much are sent the small encoding. */
  #limit(source: PicturePeer, nowMs: number): void {
    const parts = pictureKinds
      .filter((kind) => this.#viewersOf(kind, source).length > 0)
      .map((kind) => {
        const viewers = this.#viewersOf(kind, source).filter((viewer) => outletOf(kind, viewer).wanted === "full");
        return {
          kind,
          hasSmall: source.pictures[kind].hasSmall(nowMs),
          isSmallWanted: this.isWanted(source, kind, "small"),
          isFullWanted: viewers.length > 0,
          receivable: viewers.flatMap((viewer) => this.#receivable(kind, viewer, nowMs) ?? []),
        };
      });
    if (source.isConnected) source.limit.tell(bitrateFor(parts), nowMs);
  }

  /** Bits per second that the viewer can take of this picture; null when unknown. */
  #receivable(kind: PictureKind, viewer: Viewer, nowMs: number): number | null {
    const { bitrate } = viewer.peer.allowance;
    if (bitrate === null) return null;
    const outlets = this.#watchedBy(viewer.peer).map(({ outlet }) => outlet);
    const taken = outlets.map(({ outlet }) => outlet.bitrate(nowMs));
    return shareBitrate(bitrate, taken)[outlets.indexOf(outletOf(kind, viewer))] ?? null;
  }
}

function outletOf(kind: PictureKind, { peer, place }: Viewer): PictureOutlet {
  return peer.pictures[kind].outlets[place]!;
}
