import { KeyFrames } from "./key-frames.ts";
import type { PictureSize } from "./picture-kinds.ts";
import type { PictureOutlet } from "./picture-outlet.ts";

/** A small encoding that did not come is asked for again after this time. */
const smallAgainMs = 60_000;
/** An encoding of which a packet has come in this time is running. */
const runningMs = 2_000;

/** Where an encoding comes from. */
export interface EncodingSource {
  /** Asks the sender for a full picture. Whether it was asked. */
  requestKeyFrame(): boolean;
}

/** One encoding that a participant sends. */
export class Encoding {
  readonly keyFrames: KeyFrames;
  #arrivedAt = -Infinity;
  #isClosed = false;

  constructor(source: EncodingSource) {
    this.keyFrames = new KeyFrames(() => !this.#isClosed && source.requestKeyFrame());
  }

  arrived(nowMs: number): void {
    this.#arrivedAt = nowMs;
  }

  isRunning(nowMs: number): boolean {
    return nowMs - this.#arrivedAt < runningMs;
  }

  close(): void {
    this.#isClosed = true;
    this.keyFrames.stop();
  }
}

/**
 * Pictures of one kind on the connection of one participant: those that the participant sends, and the places in which
 * others' pictures are sent to them.
 */
export class Pictures {
  readonly encodings: Readonly<Record<PictureSize, Encoding>>;
  /** Whether the participant's client says that it sends a small encoding when it is asked to. */
  offersSmall = false;
  #smallLackedAt = -Infinity;
  /** Users whose pictures are watched, by place. */
  readonly #watched: (number | null)[];
  readonly #outlets: PictureOutlet[];
  #small: ReadonlySet<number> = new Set();

  constructor(encodings: Record<PictureSize, Encoding>, outlets: readonly PictureOutlet[]) {
    this.encodings = encodings;
    this.#outlets = [...outlets];
    this.#watched = outlets.map(() => null);
  }

  /** Whether a small encoding is to be had. */
  hasSmall(nowMs: number): boolean {
    return this.offersSmall && nowMs - this.#smallLackedAt >= smallAgainMs;
  }

  /** The small encoding does not come although it is asked for. */
  lackSmall(nowMs: number): void {
    this.#smallLackedAt = nowMs;
  }

  get outlets(): readonly PictureOutlet[] {
    return this.#outlets;
  }

  get watched(): readonly (number | null)[] {
    return this.#watched;
  }

  /**
   * Sets whose pictures are watched, and which of them are shown small; those that are watched already keep their places.
   * Returns the places given up.
   */
  watch(userIds: readonly number[], small: readonly number[]): number[] {
    this.#small = new Set(small);
    const wanted = new Set(userIds);
    const left: number[] = [];
    for (const [place, userId] of this.#watched.entries()) {
      if (userId === null || wanted.delete(userId)) continue;
      this.#watched[place] = null;
      this.outlets[place]!.pause();
      left.push(place);
    }
    for (const userId of wanted) {
      const place = this.#watched.indexOf(null);
      if (place !== -1) this.#watched[place] = userId;
    }
    return left;
  }

  /** Adds a place for the pictures of this user alone. */
  addPlace(userId: number, outlet: PictureOutlet): void {
    const free = this.#watched.indexOf(null);
    const place = free === -1 ? this.#watched.length : free;
    this.#watched[place] = userId;
    this.#outlets[place] = outlet;
  }

  removePlace(userId: number): void {
    const place = this.placeOf(userId);
    if (place !== null) this.#watched[place] = null;
  }

  /** The place in which the user's pictures are sent; null when they are not watched. */
  placeOf(userId: number): number | null {
    const place = this.#watched.indexOf(userId);
    return place === -1 ? null : place;
  }

  /** Whether the user's pictures are shown in a small tile. */
  isSmall(userId: number): boolean {
    return this.#small.has(userId);
  }

  close(): void {
    for (const encoding of Object.values(this.encodings)) encoding.close();
  }
}
