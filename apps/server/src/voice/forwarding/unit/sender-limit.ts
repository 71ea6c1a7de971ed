import type { PictureKind } from "./picture-kinds.ts";

/** Pictures are not asked for less than this, in bits per second: they would be of no use. */
const leastBitrate: Record<PictureKind, number> = { screen: 150_000, camera: 80_000 };
/** What a small encoding and a voice may take beside the full ones. */
const smallBitrate: Record<PictureKind, number> = { screen: 300_000, camera: 150_000 };
const voiceBitrate = 100_000;
/** Told when nothing is known of the viewers: more than a browser sends of one screen and one camera. */
const unlimited = 8_000_000;
/**
 * Browsers begin with 300 kbit/s and grow by 8 % a second, but believe what they are told in the first two seconds of a connection: so
 * a camera is sharp at once, and there is room for a small encoding beside it.
 */
const firstBitrate = 2_500_000;
const beginningMs = 4_000;
/** A sender is told again after this time, in case the last message was lost, or when it differs by this share. */
const repeatMs = 1_000;
const repeatUnlimitedMs = 5_000;
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

/** Tells the browser of one participant how much all that it sends may take together. */
export class SenderLimit {
  readonly #send: (message: Buffer) => unknown;
  #beganAt: number | null = null;
  #told = { bitrate: 0, at: -Infinity };

  constructor(send: (message: Buffer) => unknown) {
    this.#send = send;
  }

  tell(wanted: number, nowMs: number): void {
    this.#beganAt ??= nowMs;
    const bitrate = Math.min(nowMs - this.#beganAt < beginningMs ? firstBitrate : unlimited, wanted);
    const { bitrate: before, at } = this.#told;
    const restMs = bitrate === unlimited ? repeatUnlimitedMs : repeatMs;
    if (Math.abs(bitrate - before) <= noticeable * before && nowMs - at < restMs) return;
    this.#told = { bitrate, at: nowMs };
    this.#send(estimateOf(bitrate));
  }
}

/** A REMB packet (draft-alvestrand-rmcat-remb), which browsers take for all that they send, whichever section it comes in. */
function estimateOf(bitrate: number): Buffer {
  const exponent = Math.max(0, Math.ceil(Math.log2(bitrate / 0x3ffff)));
  const message = Buffer.alloc(20);
  message[0] = 0x8f;
  message[1] = 206;
  message.writeUInt16BE(message.length / 4 - 1, 2);
  message.writeUInt32BE(1, 4);
  message.write("REMB", 12, "latin1");
  message.writeUIntBE(exponent * 2 ** 18 + Math.floor(bitrate / 2 ** exponent), 17, 3);
  return message;
}
