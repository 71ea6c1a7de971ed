import { pictureKinds, pictureSizes, type PictureKind, type Pictures } from "./pictures.ts";

/** Pictures are not asked for less than this, in bits per second: they would be of no use. */
const leastBitrate: Record<PictureKind, number> = { screen: 150_000, camera: 80_000 };
/** What a small encoding and a voice may take beside the full ones. */
const smallBitrate: Record<PictureKind, number> = { screen: 300_000, camera: 150_000 };
const voiceBitrate = 100_000;
/** More than any browser sends. */
const unlimited = 20_000_000;
/** A sender is told again after this time, in case the last message was lost, or when it differs by this share. */
const repeatMs = 1_000;
const noticeable = 0.05;

/** One of the pictures that a participant sends. */
export interface LimitedPicture {
  kind: PictureKind;
  hasSmall: boolean;
  isSmallWanted: boolean;
  isFullWanted: boolean;
  /** What those who are sent the full encoding can receive of it, where it is known; in bits per second. */
  receivable: readonly number[];
}

/**
 * How much all that a participant sends may take together. The viewer who can receive most decides about a full encoding, and
 * who can receive too little is sent the small one; where there is none, the one who can receive least.
 */
export function bitrateFor(pictures: readonly LimitedPicture[]): number {
  if (pictures.length === 0) return Infinity;
  const fulls = pictures.filter(({ isFullWanted }) => isFullWanted);
  if (fulls.some(({ receivable }) => receivable.length === 0)) return Infinity;
  const sum = fulls.reduce((total, { kind, hasSmall, receivable }) => {
    const decisive = hasSmall ? Math.max(...receivable) : Math.min(...receivable);
    return total + Math.max(leastBitrate[kind], Math.round(decisive));
  }, voiceBitrate);
  const smalls = pictures.filter(({ isSmallWanted }) => isSmallWanted);
  return smalls.reduce((total, { kind }) => total + smallBitrate[kind], sum);
}

/** Tells the browser of one participant what it may send. */
export class SenderLimit {
  readonly #pictures: Readonly<Record<PictureKind, Pictures>>;
  #told = { bitrate: unlimited, at: -Infinity };

  constructor(pictures: Readonly<Record<PictureKind, Pictures>>) {
    this.#pictures = pictures;
  }

  tell(wanted: number, nowMs: number): void {
    const bitrate = Math.min(unlimited, wanted);
    const { bitrate: before, at } = this.#told;
    if (bitrate === unlimited && before === unlimited) return;
    if (Math.abs(bitrate - before) <= noticeable * before && nowMs - at < repeatMs) return;
    this.#told = { bitrate, at: nowMs };
    // The engine repeats what each section was told, and a browser takes each for the limit of all.
    for (const kind of pictureKinds) for (const size of pictureSizes) this.#pictures[kind].encodings[size].limit(bitrate);
  }
}
