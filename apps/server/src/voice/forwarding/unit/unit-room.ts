import type { ForwardedTracks } from "../../media.ts";
import type { Outlet } from "./outlet.ts";
import { positionOf } from "./rewriter.ts";
import { RoomPictures, type RoomCounters } from "./room-pictures.ts";
import { loudnessOf } from "./rtp.ts";
import { SpeakerSlots } from "./speaker-slots.ts";
import { speakerCount, type UnitPeer } from "./unit-peer.ts";

/** The connections of one voice channel. */
export class UnitRoom {
  readonly #peers = new Set<UnitPeer>();
  readonly #slots = new SpeakerSlots(speakerCount);
  readonly pictures: RoomPictures;
  readonly #tell: (peer: UnitPeer, tracks: ForwardedTracks) => void;
  readonly #counters: RoomCounters;
  #isTelling = false;

  constructor(tell: (peer: UnitPeer, tracks: ForwardedTracks) => void, counters: RoomCounters) {
    this.#tell = tell;
    this.#counters = counters;
    this.pictures = new RoomPictures(this.#peers, counters, () => this.#tellSoon());
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
    this.pictures.changed();
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

  screenSound(from: UnitPeer, packet: Buffer): void {
    const position = positionOf(packet, performance.now());
    for (const { peer, place } of this.pictures.screenViewers(from)) {
      const sound = peer.screenSounds[place]!;
      if (peer.status.hears && from.status.isScreenHeard) this.#send(sound, packet, from.source, position);
      else sound.pause();
    }
  }

  #send(outlet: Outlet, packet: Buffer, source: number, position: ReturnType<typeof positionOf>): void {
    if (!outlet.send(packet, source, position)) return;
    this.#counters.packetsOut += 1;
    this.#counters.bytesOut += packet.length;
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
    this.pictures.addTracks(peer, tracks);
    return {
      tracks,
      isScreenWanted: this.pictures.isWanted(peer, "screen", "full"),
      isCameraWanted: this.pictures.isWanted(peer, "camera", "full"),
      isSmallScreenWanted: this.pictures.isWanted(peer, "screen", "small"),
      isSmallCameraWanted: this.pictures.isWanted(peer, "camera", "small"),
    };
  }
}
