/** A list scrolled to within this distance of its end counts as at the end. */
export const endThresholdPx = 60;

/** The scrolled element, in CSS pixels. */
export interface ScrollBox {
  scrollTop: number;
  readonly scrollHeight: number;
  readonly clientHeight: number;
}

interface Layout {
  scrollHeight: number;
  clientHeight: number;
  scrollTop: number;
}

/**
 * Whether the reader is at the newest message. This is one state that only the reader changes, by scrolling or by a jump:
 * while it holds, every change of size, of the rows or of the viewport, scrolls the list to its end again. Without it a
 * change of size never scrolls.
 */
export class EndHold {
  readonly #onChange: (isHeld: boolean) => void;
  #box: ScrollBox | null = null;
  #isHeld: boolean;
  /** The end of the loaded messages is the newest message, so that it can be held. */
  #isPresent: boolean;
  /** The layout at the latest measurement: a scroll event with another size was caused by that change of size. */
  #seen: Layout = { scrollHeight: 0, clientHeight: 0, scrollTop: 0 };

  constructor(isPresent: boolean, onChange: (isHeld: boolean) => void) {
    this.#isPresent = isPresent;
    this.#isHeld = isPresent;
    this.#onChange = onChange;
  }

  get isHeld(): boolean {
    return this.#isHeld;
  }

  attach(box: ScrollBox | null): void {
    this.#box = box;
    if (box) this.#note(box);
  }

  /** Newer messages exist that are not loaded, or no longer. The rows of this change must already be laid out. */
  setPresent(isPresent: boolean): void {
    if (isPresent === this.#isPresent) return;
    this.#isPresent = isPresent;
    this.measure();
  }

  /** The rows or the viewport may have changed their size. */
  resized(): void {
    const box = this.#box;
    if (!box || !this.#hasNewSize(box)) return;
    if (this.#isHeld) this.pin();
    else this.measure();
  }

  /** The list was scrolled. `isByHand`: a wheel, a finger, the scrollbar or a key is scrolling it at this moment. */
  scrolled(isByHand: boolean): void {
    const box = this.#box;
    if (!box) return;
    const isLeaving = isByHand && this.#hasMovedUp(box);
    // Corrections by the virtualizer end a few pixels off; a find in the page scrolls further, and leaves.
    const hasNewSize = this.#hasNewSize(box);
    const isCorrection = hasNewSize || (!isByHand && distanceFromEnd(box) <= endThresholdPx);
    // The reader reached the end as it was, and in the same moment a row got its measured height.
    const isReached =
      this.#isPresent && hasNewSize && distanceFromEnd({ ...this.#seen, scrollTop: box.scrollTop }) <= 1;
    if ((this.#isHeld && isCorrection && !isLeaving) || isReached) this.pin();
    else this.measure();
  }

  /** Runs a jump within the list, which may leave the end or reach it. */
  jump(scroll: () => void): void {
    this.#set(false);
    scroll();
    this.measure();
  }

  /** Scrolls to the end and holds it, if it is the newest message. */
  pin(): void {
    const box = this.#box;
    if (!box) return;
    box.scrollTop = box.scrollHeight;
    this.measure();
  }

  measure(): void {
    const box = this.#box;
    if (!box) return;
    this.#note(box);
    this.#set(this.#isPresent && distanceFromEnd(box) <= endThresholdPx);
  }

  #hasNewSize({ scrollHeight, clientHeight }: ScrollBox): boolean {
    return scrollHeight !== this.#seen.scrollHeight || clientHeight !== this.#seen.clientHeight;
  }

  /** Whether the list went up further than a list that became shorter has to. */
  #hasMovedUp(box: ScrollBox): boolean {
    const shrunkPx = Math.max(
      0,
      this.#seen.scrollHeight - this.#seen.clientHeight - (box.scrollHeight - box.clientHeight),
    );
    return this.#seen.scrollTop - box.scrollTop > shrunkPx + 1;
  }

  #note({ scrollHeight, clientHeight, scrollTop }: ScrollBox): void {
    this.#seen = { scrollHeight, clientHeight, scrollTop };
  }

  #set(isHeld: boolean): void {
    if (isHeld === this.#isHeld) return;
    this.#isHeld = isHeld;
    this.#onChange(isHeld);
  }
}

function distanceFromEnd({ scrollHeight, clientHeight, scrollTop }: ScrollBox): number {
  return scrollHeight - clientHeight - scrollTop;
}
