import type { Outlet } from "./outlet.ts";
import { PictureNumbers } from "./picture-numbers.ts";
import type { PictureSize } from "./picture-kinds.ts";
import { positionOf, type RtpPosition } from "./rewriter.ts";
import { readVp8, type Vp8 } from "./vp8.ts";

/** Packets that were overtaken by the first one of their encoding come within so many. */
const overtakenWithin = 500;

/** A packet of a picture as it arrived: the packet itself is changed for each viewer. */
export interface PicturePosition extends RtpPosition {
  vp8: Vp8 | null;
}

export function picturePositionOf(packet: Buffer, nowMs: number): PicturePosition {
  return { ...positionOf(packet, nowMs), vp8: readVp8(packet) };
}

/**
 * A place in which a viewer is sent one of the two encodings of a picture. It goes over to the other one at a full picture,
 * and the viewer's browser sees one stream all the time.
 */
export class PictureOutlet {
  readonly outlet: Outlet;
  /** The encoding to be sent. */
  wanted: PictureSize = "full";
  /** Since when, in milliseconds. */
  wantedSince = 0;
  #sent: PictureSize | null = null;
  readonly #numbers = new PictureNumbers();
  #first = { sequence: 0, count: 0 };

  constructor(outlet: Outlet) {
    this.outlet = outlet;
  }

  get mid(): string {
    return this.outlet.mid;
  }

  /** The encoding that is sent; null before the first packet. */
  get sent(): PictureSize | null {
    return this.#sent;
  }

  /** Whether packets of this encoding are used, now or as soon as the wanted one has come. */
  uses(size: PictureSize): boolean {
    return this.wanted === size || this.#sent === size;
  }

  /** Sets the encoding to be sent. Returns whether it is another than before. */
  want(size: PictureSize, nowMs: number): boolean {
    if (this.wanted === size) return false;
    this.wanted = size;
    this.wantedSince = nowMs;
    return true;
  }

  /** Returns whether the packet was sent. `source`: of the sender's connection. */
  send(packet: Buffer, from: { source: number; size: PictureSize }, position: PicturePosition): boolean {
    if (!this.outlet.isOpen || !this.#takes(from.size, position)) return false;
    const source = 2 * from.source + (from.size === "small" ? 1 : 0);
    if (this.outlet.startsWith(source)) {
      this.#numbers.startAnew();
      this.#first = { sequence: position.sequence, count: 0 };
    } else if (this.#wasOvertaken(position)) return false;
    this.#first.count += 1;
    if (position.vp8) this.#numbers.rewrite(packet, position.vp8);
    return this.outlet.send(packet, source, position);
  }

  /** Nothing is sent from here on; what comes next is something else. */
  pause(): void {
    this.outlet.pause();
    this.#sent = null;
    this.wanted = "full";
  }

  #takes(size: PictureSize, { vp8 }: PicturePosition): boolean {
    if (size === this.#sent) return true;
    if (size !== this.wanted || (this.#sent !== null && !vp8?.startsKeyFrame)) return false;
    this.#sent = size;
    return true;
  }

  /** Whether the packet precedes the first one that was sent of its encoding: its place in the stream is taken. */
  #wasOvertaken({ sequence }: RtpPosition): boolean {
    return this.#first.count < overtakenWithin && ((sequence - this.#first.sequence) & 0xffff) >= 0x8000;
  }
}
