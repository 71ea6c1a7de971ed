import type { ForwardedTracks } from "../../media.ts";
import type { BridgedPeer } from "./bridge/bridged-peer.ts";
import { guarded } from "./guard.ts";
import type { Outlet } from "./outlet.ts";
import type { PicturePeer } from "./picture-peer.ts";
import { positionOf, type RtpPosition } from "./rewriter.ts";
import { RoomPictures, type OfAllRooms, type RoomCounters } from "./room-pictures.ts";
import { audioLevelAt, audioLevelId, loudnessOf } from "./rtp.ts";
import type { Speaker } from "./speaker.ts";
import { SpeakerSlots } from "./speaker-slots.ts";
import { speakerCount, type UnitPeer } from "./unit-peer.ts";

/** The connections of one voice channel. */
export class UnitRoom {
  readonly #peers = new Set<UnitPeer>();
  readonly #bridged = new Set<BridgedPeer>();
  /** All of these. */
  readonly #all = new Set<PicturePeer>();
  readonly #slots = new SpeakerSlots(speakerCount);
  readonly pictures: RoomPictures;
  readonly #tell: (peer: UnitPeer, tracks: ForwardedTracks) => void;
  readonly #counters: RoomCounters;
  #isTelling = false;

  constructor(tell: (peer: UnitPeer, tracks: ForwardedTracks) => void, shared: OfAllRooms) {
    this.#tell = tell;
    this.#counters = shared.counters;
    this.pictures = new RoomPictures(this.#all, shared, () => this.#tellSoon());
  }

  get isEmpty(): boolean {
    return this.#all.size === 0;
  }

  enter(peer: UnitPeer): void {
    this.#peers.add(peer);
    this.#all.add(peer);
    this.changed();
  }

  leave(peer: UnitPeer): void {
    if (!this.#peers.delete(peer)) return;
    this.#all.delete(peer);
    this.#slots.release(peer.userId);
    this.changed();
  }

  /** A participant with a client of version 1 comes, whose connections come one by one. */
  enterBridged(peer: BridgedPeer): void {
    this.#bridged.add(peer);
    this.#all.add(peer);
    this.changed();
  }

  leaveBridged(peer: BridgedPeer): void {
    if (!this.#bridged.delete(peer)) return;
    this.#all.delete(peer);
    this.#slots.release(peer.userId);
    this.changed();
  }

  /** To be called twice a second. */
  review(nowMs: number): void {
    this.pictures.review(nowMs);
    for (const peer of this.#bridged) peer.review(nowMs);
  }

  /** Somebody came, left, began or stopped to show something or to watch. */
  changed(): void {
    const sharers = [...this.#all].filter((peer) => peer.shows("screen")).map(({ userId }) => userId);
    for (const peer of this.#bridged) peer.show(new Set(sharers));
    this.pictures.changed();
    this.#tellSoon();
  }

  voice(from: Speaker, packet: Buffer): void {
    const nowMs = performance.now();
    const slot = from.status.isHeard ? this.#slots.take(from.userId, loudnessOf(packet), nowMs) : null;
    // What is not forwarded has arrived, too: a muted participant has lost nothing.
    from.lossReports.received(packet, nowMs, () => (slot ? this.#worstLoss(from, slot.index, nowMs) : 0));
    if (!slot) {
      for (const peer of this.#bridged) peer.pause(from.userId, nowMs);
      return;
    }
    if (slot.isNew) this.#tellSoon();
    const position = positionOf(packet, nowMs);
    for (const peer of this.#peers) {
      const outlet = peer.voices[slot.index]!;
      if (peer.userId !== from.userId && peer.status.hears) this.#send(outlet, packet, from.source, position);
      else outlet.pause();
    }
    // Last, since they have numbers of their own for what the packet has.
    this.#sendBridged(from, packet, { position });
  }

  #sendBridged(
    from: Pick<Speaker, "userId" | "source">,
    packet: Buffer,
    sent: { position: RtpPosition; isMixed?: boolean },
  ): void {
    if (this.#bridged.size === 0) return;
    const levelAt = audioLevelAt(packet, audioLevelId);
    for (const peer of this.#bridged) {
      if (peer.userId !== from.userId && peer.send(from, packet, { levelAt, ...sent })) this.#count(packet);
    }
  }

  /** The largest share of the voice in this place that one of its listeners has lost. */
  #worstLoss(from: Speaker, slot: number, nowMs: number): number {
    const listeners = [...this.#peers].filter(({ userId, status }) => userId !== from.userId && status.hears);
    const losses = listeners.map(({ voiceLosses }) => voiceLosses[slot]!.share(nowMs));
    return Math.max(0, ...losses, ...[...this.#bridged].map((peer) => peer.lossOf(from.userId, nowMs)));
  }

  screenSound(from: PicturePeer, packet: Buffer): void {
    const position = positionOf(packet, performance.now());
    for (const { peer, place } of this.pictures.screenViewers(from)) {
      const sound = peer.screenSounds[place];
      if (!sound) continue;
      if (peer.status.hears && from.status.isScreenHeard) this.#send(sound, packet, from.source, position);
      else sound.pause();
    }
  }

  /** The microphone and the sound of the screen together, for clients of version 1. */
  mixed(from: UnitPeer, packet: Buffer): void {
    if (!this.#isMixedWanted(from)) return;
    const position = positionOf(packet, performance.now());
    this.#sendBridged(from, packet, { position, isMixed: true });
  }

  #isMixedWanted({ userId, status }: UnitPeer): boolean {
    return status.isSharing && status.isScreenHeard && [...this.#bridged].some((peer) => peer.userId !== userId);
  }

  #send(outlet: Outlet, packet: Buffer, source: number, position: RtpPosition): void {
    if (outlet.send(packet, source, position)) this.#count(packet);
  }

  #count(packet: Buffer): void {
    this.#counters.packetsOut += 1;
    this.#counters.bytesOut += packet.length;
  }

  #tellSoon(): void {
    if (this.#isTelling) return;
    this.#isTelling = true;
    queueMicrotask(guarded(() => this.#tellNews()));
  }

  #tellNews(): void {
    this.#isTelling = false;
    for (const peer of this.#peers) {
      const tracks = this.#tracksOf(peer);
      if (peer.hasNews(tracks)) this.#tell(peer, tracks);
    }
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
      isMixedWanted: this.#isMixedWanted(peer),
    };
  }
}
