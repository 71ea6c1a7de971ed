import type { ForwardedTracks } from "../../media.ts";
import type { Outlet } from "./outlet.ts";
import { pictureKinds, type PictureKind } from "./pictures.ts";
import { positionOf } from "./rewriter.ts";
import { loudnessOf, type Feedback } from "./rtp.ts";
import { shareBitrate } from "./share-bitrate.ts";
import { SpeakerSlots } from "./speaker-slots.ts";
import { speakerCount, type UnitPeer } from "./unit-peer.ts";

/** Pictures are not asked for less than this, in bits per second: they would be of no use. */
const leastBitrate: Record<PictureKind, number> = { screen: 150_000, camera: 80_000 };

export interface RoomCounters {
  packetsOut: number;
  bytesOut: number;
}

/** Somebody who watches a participant's pictures, and the place in which these are sent there. */
interface Viewer {
  peer: UnitPeer;
  place: number;
}

/** Those who watch, by whose pictures they watch. */
type Viewers = Map<UnitPeer, readonly Viewer[]>;

/** The connections of one voice channel. */
export class UnitRoom {
  readonly #peers = new Set<UnitPeer>();
  readonly #slots = new SpeakerSlots(speakerCount);
  readonly #viewers: Record<PictureKind, Viewers> = { screen: new Map(), camera: new Map() };
  readonly #tell: (peer: UnitPeer, tracks: ForwardedTracks) => void;
  readonly #counters: RoomCounters;
  #isTelling = false;

  constructor(tell: (peer: UnitPeer, tracks: ForwardedTracks) => void, counters: RoomCounters) {
    this.#tell = tell;
    this.#counters = counters;
  }

  get isEmpty(): boolean {
    return this.#peers.size === 0;
  }

  enter(peer: UnitPeer): void {
    this.#peers.add(peer);
    this.changed();
  }

  leave(peer: UnitPeer): void {
    if (!this.#peers.delete(peer)) return;
    this.#slots.release(peer.userId);
    this.changed();
  }

  /** Somebody came, left, began or stopped to show something or to watch. */
  changed(): void {
    for (const kind of pictureKinds) this.#findViewers(kind);
    this.#tellSoon();
  }

  voice(from: UnitPeer, packet: Buffer): void {
    const nowMs = performance.now();
    const slot = from.status.isHeard ? this.#slots.take(from.userId, loudnessOf(packet), nowMs) : null;
    // What is not forwarded has arrived, too: a muted participant has lost nothing.
    from.lossReports.received(packet, nowMs, () => (slot ? this.#worstLoss(from, slot.index, nowMs) : 0));
    if (!slot) return;
    if (slot.isNew) this.#tellSoon();
    const position = positionOf(packet, nowMs);
    for (const peer of this.#peers) {
      const outlet = peer.voices[slot.index]!;
      if (peer.userId !== from.userId && peer.status.hears) this.#send(outlet, packet, from.source, position);
      else outlet.pause();
    }
  }

  /** The largest share of the voice in this place that one of its listeners has lost. */
  #worstLoss(from: UnitPeer, slot: number, nowMs: number): number {
    const listeners = [...this.#peers].filter(({ userId, status }) => userId !== from.userId && status.hears);
    return Math.max(0, ...listeners.map(({ voiceLosses }) => voiceLosses[slot]!.share(nowMs)));
  }

  picture(from: UnitPeer, kind: PictureKind, packet: Buffer): void {
    const position = positionOf(packet, performance.now());
    for (const { peer, place } of this.#viewers[kind].get(from) ?? []) {
      this.#send(peer.pictures[kind].outlets[place]!, packet, from.source, position);
    }
  }

  screenSound(from: UnitPeer, packet: Buffer): void {
    const position = positionOf(packet, performance.now());
    for (const { peer, place } of this.#viewers.screen.get(from) ?? []) {
      const sound = peer.screenSounds[place]!;
      if (peer.status.hears && from.status.isScreenHeard) this.#send(sound, packet, from.source, position);
      else sound.pause();
    }
  }

  feedback(viewer: UnitPeer, kind: PictureKind, place: number, { wantsKeyFrame, bitrate }: Feedback): void {
    const userId = viewer.pictures[kind].watched[place] ?? null;
    if (wantsKeyFrame) this.#sourceOf(kind, userId)?.pictures[kind].keyFrames.request();
    if (bitrate === null) return;
    // What a browser reports is what all its pictures together may take.
    viewer.receivable = bitrate;
    for (const each of pictureKinds) {
      for (const watched of viewer.pictures[each].watched) {
        const source = this.#sourceOf(each, watched);
        if (source) this.#limit(each, source);
      }
    }
  }

  #sourceOf(kind: PictureKind, userId: number | null): UnitPeer | undefined {
    return userId === null ? undefined : [...this.#viewers[kind].keys()].find((one) => one.userId === userId);
  }

  #send(outlet: Outlet, packet: Buffer, source: number, position: ReturnType<typeof positionOf>): void {
    if (!outlet.send(packet, source, position)) return;
    this.#counters.packetsOut += 1;
    this.#counters.bytesOut += packet.length;
  }

  #findViewers(kind: PictureKind): void {
    const before = this.#viewers[kind];
    const shown = [...this.#peers].filter((peer) => peer.shows(kind));
    this.#viewers[kind] = new Map(shown.map((peer) => [peer, this.#viewersOf(kind, peer)]));
    for (const [peer, viewers] of this.#viewers[kind]) {
      const known = before.get(peer) ?? [];
      if (viewers.some((one) => !known.some((other) => other.peer === one.peer && other.place === one.place))) {
        peer.pictures[kind].keyFrames.request();
      }
      this.#limit(kind, peer);
    }
  }

  #viewersOf(kind: PictureKind, { userId }: UnitPeer): Viewer[] {
    return [...this.#peers].flatMap((peer) => {
      const place = peer.pictures[kind].placeOf(userId);
      return place === null || peer.userId === userId ? [] : [{ peer, place }];
    });
  }

  /** There is one encoding of each picture, so the viewer who can receive least decides. */
  #limit(kind: PictureKind, source: UnitPeer): void {
    const viewers = this.#viewers[kind].get(source) ?? [];
    const receivable = viewers.flatMap((viewer) => this.#receivable(kind, viewer) ?? []);
    if (receivable.length === 0) return;
    source.pictures[kind].limit(Math.max(leastBitrate[kind], Math.round(Math.min(...receivable))));
  }

  /** Bits per second that the viewer can take of this picture; null when unknown. */
  #receivable(kind: PictureKind, { peer, place }: Viewer): number | null {
    if (peer.receivable === null) return null;
    const nowMs = performance.now();
    const outlets = pictureKinds.flatMap((each) => {
      const { watched, outlets: all } = peer.pictures[each];
      return all.filter((_, at) => (watched[at] ?? null) !== null);
    });
    const shares = shareBitrate(
      peer.receivable,
      outlets.map((outlet) => outlet.bitrate(nowMs)),
    );
    return shares[outlets.indexOf(peer.pictures[kind].outlets[place]!)] ?? null;
  }

  #tellSoon(): void {
    if (this.#isTelling) return;
    this.#isTelling = true;
    queueMicrotask(() => {
      this.#isTelling = false;
      for (const peer of this.#peers) {
        const tracks = this.#tracksOf(peer);
        if (peer.hasNews(tracks)) this.#tell(peer, tracks);
      }
    });
  }

  #tracksOf(peer: UnitPeer): ForwardedTracks {
    const tracks: ForwardedTracks["tracks"] = {};
    for (const [at, userId] of this.#slots.owners.entries()) {
      if (userId !== null && userId !== peer.userId) tracks[peer.voices[at]!.mid] = { userId, kind: "microphone" };
    }
    for (const kind of pictureKinds) {
      for (const { userId } of this.#viewers[kind].keys()) {
        const place = peer.pictures[kind].placeOf(userId);
        if (place === null || userId === peer.userId) continue;
        tracks[peer.pictures[kind].outlets[place]!.mid] = { userId, kind };
        if (kind === "screen") tracks[peer.screenSounds[place]!.mid] = { userId, kind: "screen_sound" };
      }
    }
    const isWanted = (kind: PictureKind) => (this.#viewers[kind].get(peer) ?? []).length > 0;
    return { tracks, isScreenWanted: isWanted("screen"), isCameraWanted: isWanted("camera") };
  }
}
