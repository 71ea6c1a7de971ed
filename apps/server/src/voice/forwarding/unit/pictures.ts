import type { Track } from "node-datachannel";
import { KeyFrames } from "./key-frames.ts";
import type { Outlet } from "./outlet.ts";

export type PictureKind = "screen" | "camera";
export const pictureKinds = ["screen", "camera"] as const;

/** A sender is told its bitrate again after this time, in case the last message was lost, or when it differs by this share. */
const repeatMs = 1_000;
const noticeable = 0.05;

/**
 * Pictures of one kind on the connection of one participant: those that the participant sends, and the places in which
 * others' pictures are sent to them.
 */
export class Pictures {
  readonly outlets: readonly Outlet[];
  readonly keyFrames: KeyFrames;
  readonly #track: Track;
  /** Users whose pictures are watched, by place. */
  readonly #watched: (number | null)[];
  #limit = { bitrate: 0, at: -Infinity };
  #isClosed = false;

  constructor(track: Track, outlets: readonly Outlet[]) {
    this.#track = track;
    this.outlets = outlets;
    this.#watched = outlets.map(() => null);
    this.keyFrames = new KeyFrames(() => this.#isClosed || track.requestKeyframe());
  }

  get watched(): readonly (number | null)[] {
    return this.#watched;
  }

  /** Sets whose pictures are watched; those that are watched already keep their places. Returns the places given up. */
  watch(userIds: readonly number[]): number[] {
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

  /** The place in which the user's pictures are sent; null when they are not watched. */
  placeOf(userId: number): number | null {
    const place = this.#watched.indexOf(userId);
    return place === -1 ? null : place;
  }

  /** Tells the sender how many bits per second the pictures may take. */
  limit(bitrate: number): void {
    const now = performance.now();
    const isNews = Math.abs(bitrate - this.#limit.bitrate) > noticeable * this.#limit.bitrate;
    if (this.#isClosed || (!isNews && now - this.#limit.at < repeatMs)) return;
    this.#limit = { bitrate, at: now };
    this.#track.requestBitrate(bitrate);
  }

  close(): void {
    this.#isClosed = true;
    this.keyFrames.stop();
  }
}
