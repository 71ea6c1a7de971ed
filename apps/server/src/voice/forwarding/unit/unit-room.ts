import type { ForwardedTracks } from "../../media.ts";
import type { Outlet } from "./outlet.ts";
import { positionOf } from "./rewriter.ts";
import { loudnessOf, type Feedback } from "./rtp.ts";
import { SpeakerSlots } from "./speaker-slots.ts";
import { screenCount, speakerCount, type UnitPeer } from "./unit-peer.ts";

/** A screen is not asked for less than this, in bits per second: it would be of no use. */
const leastBitrate = 150_000;

export interface RoomCounters {
  packetsOut: number;
  bytesOut: number;
}

/** The connections of one voice channel. */
export class UnitRoom {
  readonly #peers = new Set<UnitPeer>();
  readonly #slots = new SpeakerSlots(speakerCount);
  readonly #viewers = new Map<UnitPeer, { peer: UnitPeer; place: number }[]>();
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

  /** Somebody came, left, began or stopped to share or to watch. */
  changed(): void {
    const before = new Map(this.#viewers);
    this.#viewers.clear();
    for (const peer of this.#peers) if (peer.status.isSharing) this.#viewers.set(peer, this.#viewersOf(peer));
    for (const [peer, viewers] of this.#viewers) {
      const known = before.get(peer) ?? [];
      if (viewers.some((one) => !known.some((other) => other.peer === one.peer && other.place === one.place))) {
        peer.keyFrames.request();
      }
      this.#limit(peer, viewers);
    }
    this.#tellSoon();
  }

  voice(from: UnitPeer, packet: Buffer): void {
    if (!from.status.isHeard) return;
    const nowMs = performance.now();
    const slot = this.#slots.take(from.userId, loudnessOf(packet), nowMs);
    if (!slot) return;
    if (slot.isNew) this.#tellSoon();
    const position = positionOf(packet, nowMs);
    for (const peer of this.#peers) {
      const outlet = peer.voices[slot.index]!;
      if (peer.userId !== from.userId && peer.status.hears) this.#send(outlet, packet, from.source, position);
      else outlet.pause();
    }
  }

  screen(from: UnitPeer, packet: Buffer): void {
    const position = positionOf(packet, performance.now());
    for (const { peer, place } of this.#viewers.get(from) ?? []) {
      this.#send(peer.screens[place]!.video, packet, from.source, position);
    }
  }

  screenSound(from: UnitPeer, packet: Buffer): void {
    const position = positionOf(packet, performance.now());
    for (const { peer, place } of this.#viewers.get(from) ?? []) {
      const { sound } = peer.screens[place]!;
      if (peer.status.hears && from.status.isScreenHeard) this.#send(sound, packet, from.source, position);
      else sound.pause();
    }
  }

  feedback(peer: UnitPeer, place: number, { wantsKeyFrame, bitrate }: Feedback): void {
    const sharer = [...this.#viewers.keys()].find(({ userId }) => userId === peer.watched[place]);
    if (!sharer) return;
    if (wantsKeyFrame) sharer.keyFrames.request();
    if (bitrate === null) return;
    const watched = peer.watched.filter((userId) => userId !== null).length;
    peer.receivable = bitrate / Math.max(1, watched);
    this.#limit(sharer, this.#viewers.get(sharer) ?? []);
  }

  #send(outlet: Outlet, packet: Buffer, source: number, position: ReturnType<typeof positionOf>): void {
    if (!outlet.send(packet, source, position)) return;
    this.#counters.packetsOut += 1;
    this.#counters.bytesOut += packet.length;
  }

  #viewersOf({ userId }: UnitPeer): { peer: UnitPeer; place: number }[] {
    return [...this.#peers].flatMap((peer) => {
      const place = peer.watched.indexOf(userId);
      return place === -1 || peer.userId === userId ? [] : [{ peer, place }];
    });
  }

  /** There is one encoding of a screen, so the viewer who can receive least decides. */
  #limit(sharer: UnitPeer, viewers: readonly { peer: UnitPeer }[]): void {
    const receivable = viewers.flatMap(({ peer }) => peer.receivable ?? []);
    if (receivable.length > 0) sharer.limitScreen(Math.max(leastBitrate, Math.round(Math.min(...receivable))));
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
    for (const { userId } of this.#viewers.keys()) {
      const place = peer.watched.indexOf(userId);
      if (place < 0 || place >= screenCount || userId === peer.userId) continue;
      tracks[peer.screens[place]!.video.mid] = { userId, kind: "screen" };
      tracks[peer.screens[place]!.sound.mid] = { userId, kind: "screen_sound" };
    }
    return { tracks, isScreenWanted: (this.#viewers.get(peer) ?? []).length > 0 };
  }
}
