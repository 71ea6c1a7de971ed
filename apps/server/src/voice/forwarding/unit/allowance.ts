/** After a change the next one waits until its effect shows. */
const settleMs = 1_500;
/** The first attempt to send a full picture again comes after this time without trouble, and later ones after longer. */
const firstWaitMs = 5_000;
const longestWaitMs = 60_000;
/** An attempt that went well for this long has succeeded. */
const provenMs = 15_000;
/** Loss is what remains after packets were sent again. A report of a receiver holds for this long. */
const lossyShare = 0.1;
const veryLossyShare = 0.3;
const freshMs = 3_000;
/** Browsers that miss packets report several times a second, and that nothing was lost while nothing was expected. */
const gatherMs = 1_000;
/** A receiver estimates by what arrives, so its estimate follows a larger picture slowly; one that is overtaxed does not grow. */
const growthMs = 3_000;
const growth = 1.04;
const tolerated = 0.8;

/** A picture that one participant is sent. */
export interface SentPicture {
  key: string;
  /** Bits per second. */
  bitrate: number;
  /** Whether the full encoding is sent, and the small one could be. */
  canShrink: boolean;
}

/**
 * Which pictures a participant is to be sent small, as what it loses and the estimate of its browser demand. The least important
 * ones first; they become full again one by one, each after a time without trouble, which grows with each failure.
 */
export class Allowance {
  /** Bits per second that the participant can receive, as its browser estimates; null when unknown. */
  bitrate: number | null = null;
  readonly #small = new Set<string>();
  readonly #losses = new Map<string, { share: number; former: number; at: number }>();
  #base = { bitrate: 0, at: -Infinity, isFlat: false };
  #changedAt = -Infinity;
  #grownAt = -Infinity;
  #troubledAt = -Infinity;
  #waitMs = firstWaitMs;

  /** What has been lost of one picture since the last report. Of those of a second the worst one counts. */
  noteLoss(key: string, share: number, nowMs: number): void {
    const before = this.#losses.get(key);
    if (before && nowMs - before.at < gatherMs) {
      before.share = Math.max(before.share, share);
      return;
    }
    const former = before && nowMs - before.at < freshMs ? before.share : 0;
    this.#losses.set(key, { share, former, at: nowMs });
  }

  isSmall(key: string): boolean {
    return this.#small.has(key);
  }

  /** To be called about twice a second, with what is sent, the most important picture first. Returns whether anything changes. */
  review(pictures: readonly SentPicture[], nowMs: number): boolean {
    const present = new Set(pictures.map(({ key }) => key));
    for (const key of this.#small) if (!present.has(key)) this.#small.delete(key);
    const sent = pictures.reduce((sum, { bitrate }) => sum + bitrate, 0);
    const isTroubled = this.#isTroubled(sent, nowMs);
    if (isTroubled) this.#troubledAt = nowMs;
    if (nowMs - this.#changedAt < settleMs) return false;
    return isTroubled ? this.#shrink(pictures, sent, nowMs) : this.#grow(pictures, nowMs);
  }

  #shrink(pictures: readonly SentPicture[], sent: number, nowMs: number): boolean {
    const shrinkable = pictures.filter(({ key, canShrink }) => canShrink && !this.#small.has(key)).toReversed();
    if (shrinkable.length === 0) return false;
    const goal = Math.min(this.bitrate ?? Infinity, 0.7 * sent);
    let left = sent;
    for (const { key, bitrate } of shrinkable) {
      if (left <= goal) break;
      this.#small.add(key);
      left -= bitrate;
    }
    this.#waitMs = nowMs - this.#grownAt < provenMs ? Math.min(longestWaitMs, 2 * this.#waitMs) : firstWaitMs;
    this.#changed(nowMs);
    return true;
  }

  #grow(pictures: readonly SentPicture[], nowMs: number): boolean {
    if (nowMs - Math.max(this.#changedAt, this.#troubledAt) < this.#waitMs) return false;
    const next = pictures.find(({ key }) => this.#small.has(key));
    if (!next) return false;
    this.#small.delete(next.key);
    this.#grownAt = nowMs;
    this.#changed(nowMs);
    return true;
  }

  #changed(nowMs: number): void {
    this.#changedAt = nowMs;
    this.#losses.clear();
    this.#base = { bitrate: this.bitrate ?? 0, at: nowMs, isFlat: false };
  }

  #isTroubled(sent: number, nowMs: number): boolean {
    // Both are looked at, since the second one notes what it has seen.
    const isOvertaxed = this.#isOvertaxed(sent, nowMs);
    return isOvertaxed || this.#isLossy(nowMs);
  }

  #isLossy(nowMs: number): boolean {
    return [...this.#losses.values()].some(
      ({ share, former, at }) =>
        nowMs - at < freshMs && (share >= veryLossyShare || (share >= lossyShare && former >= lossyShare)),
    );
  }

  /** Whether clearly more is sent than the receiver's estimate, which has fallen by much or does not grow. */
  #isOvertaxed(sent: number, nowMs: number): boolean {
    const { bitrate } = this;
    const base = this.#base;
    if (bitrate === null || bitrate >= tolerated * sent) {
      this.#base = { bitrate: bitrate ?? 0, at: nowMs, isFlat: false };
      return false;
    }
    if (bitrate < 0.5 * sent && bitrate < 0.85 * base.bitrate) return true;
    if (nowMs - base.at < growthMs) return false;
    const isFlat = bitrate < growth * base.bitrate;
    this.#base = { bitrate, at: nowMs, isFlat };
    return isFlat && base.isFlat;
  }
}
