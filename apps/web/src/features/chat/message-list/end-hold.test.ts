import { beforeEach, describe, expect, test } from "vitest";
import { EndHold, endThresholdPx } from "./end-hold.ts";

/** A scrolled element without a browser: clamps its position as browsers do, and reports scroll events. */
class FakeList {
  rows: number[] = Array.from({ length: 40 }, () => 50);
  clientHeight = 600;
  #top = 0;

  get scrollHeight(): number {
    return Math.max(
      this.clientHeight,
      this.rows.reduce((sum, row) => sum + row, 0),
    );
  }

  get scrollTop(): number {
    return this.#top;
  }

  set scrollTop(top: number) {
    this.#top = Math.min(Math.max(0, top), this.scrollHeight - this.clientHeight);
  }

  get distance(): number {
    return this.scrollHeight - this.clientHeight - this.scrollTop;
  }

  /** As layout does after a change of size. True when the position changed, so that a scroll event follows. */
  clamp(): boolean {
    const before = this.#top;
    this.scrollTop = before;
    return this.#top !== before;
  }
}

let list: FakeList;
let hold: EndHold;
let changes: boolean[];

beforeEach(() => {
  list = new FakeList();
  changes = [];
  hold = new EndHold(true, (isHeld) => changes.push(isHeld));
  hold.attach(list);
  hold.pin();
});

function scrollBy(px: number, isByHand = true): void {
  list.scrollTop += px;
  hold.scrolled(isByHand);
}

function resize(change: () => void): void {
  change();
  if (list.clamp()) hold.scrolled(false);
  hold.resized();
}

const causes: readonly (readonly [string, () => void])[] = [
  ["a reaction on the last message", () => void (list.rows[39]! += 34)],
  ["an edit that makes an older message in sight taller", () => void (list.rows[33]! += 220)],
  ["a message that arrives", () => void list.rows.push(72)],
  ["missed messages above the own queued ones", () => void list.rows.splice(38, 0, 50, 300, 50)],
  ["a picture, preview or font that makes every row taller", () => void (list.rows = list.rows.map((row) => row + 9))],
  ["a deleted message", () => void list.rows.splice(20, 5)],
  ["a composer of six more lines", () => void (list.clientHeight -= 132)],
  ["a composer that is emptied", () => void (list.clientHeight += 132)],
  [
    "a turned phone",
    () => {
      list.clientHeight = 240;
      list.rows = list.rows.map((row) => row * 0.6);
    },
  ],
  ["a narrower window", () => void (list.rows = list.rows.map((row) => row * 1.7))],
];

describe("changes of size", () => {
  test.each(causes)("at the end, %s keeps the reader at the end", (_cause, change) => {
    resize(change);
    expect(list.distance).toBe(0);
    expect(hold.isHeld).toBe(true);
    expect(changes).toEqual([]);
  });

  test.each(causes)("above the end, %s does not scroll", (_cause, change) => {
    scrollBy(-900);
    const before = list.scrollTop;
    resize(change);
    expect(list.scrollTop).toBe(before);
    expect(hold.isHeld).toBe(false);
  });

  test("a scroll event that reports a change of size before its observer does is not the reader's", () => {
    list.rows[39]! += 400;
    hold.scrolled(false);
    expect(list.distance).toBe(0);
    expect(hold.isHeld).toBe(true);
  });

  test("a correction of the scroll position by a few pixels is taken back", () => {
    scrollBy(-21, false);
    expect(list.distance).toBe(0);
  });

  test("a search in the page that scrolls to an older message leaves the end", () => {
    scrollBy(-700, false);
    expect(hold.isHeld).toBe(false);
  });

  test("a reader who scrolls up while rows grow leaves the end", () => {
    list.rows[39]! += 400;
    scrollBy(-150);
    expect(hold.isHeld).toBe(false);
    const before = list.scrollTop;
    resize(() => void list.rows.push(80));
    expect(list.scrollTop).toBe(before);
  });
});

describe("reaching and leaving", () => {
  test("scrolling away ends the hold, and scrolling back renews it", () => {
    scrollBy(-endThresholdPx - 1);
    expect(hold.isHeld).toBe(false);
    scrollBy(40);
    expect(hold.isHeld).toBe(true);
    expect(changes).toEqual([false, true]);
  });

  test("a jump to an older message ends the hold although rows change their size with it", () => {
    hold.jump(() => (list.scrollTop = 0));
    resize(() => void (list.rows[3]! += 200));
    expect(list.scrollTop).toBe(0);
    expect(hold.isHeld).toBe(false);
  });

  test("a jump to a message that is in sight keeps the hold", () => {
    hold.jump(() => {});
    expect(hold.isHeld).toBe(true);
  });

  test("the end of loaded messages is not held while newer ones exist, nor after they are loaded", () => {
    hold.setPresent(false);
    expect(hold.isHeld).toBe(false);
    const before = list.scrollTop;
    resize(() => void list.rows.push(500, 500));
    expect(list.scrollTop).toBe(before);
    hold.setPresent(true);
    expect(hold.isHeld).toBe(false);
    hold.pin();
    expect(hold.isHeld).toBe(true);
  });
});

/** Deterministic numbers in [0, 1): mulberry32. */
function dice(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** Grows or shrinks rows and viewport at once, as one frame of a real page can. */
function disturb(random: () => number): void {
  const pick = () => Math.floor(random() * list.rows.length);
  const amount = () => Math.round((random() - 0.4) * 300);
  for (let turn = Math.floor(random() * 4); turn >= 0; turn -= 1) {
    const kind = Math.floor(random() * 5);
    if (kind === 0) list.rows[pick()] = Math.max(20, 50 + amount());
    if (kind === 1) list.rows.splice(pick(), 0, Math.max(20, 60 + amount()));
    if (kind === 2 && list.rows.length > 20) list.rows.splice(pick(), 1);
    if (kind === 3) list.clientHeight = Math.max(120, Math.min(900, list.clientHeight + amount()));
    if (kind === 4) list.rows = list.rows.map((row) => Math.max(20, Math.min(200, row * (0.7 + random() * 0.7))));
  }
}

test("in 500 random sequences the reader at the end stays there and the reader above it is not moved", () => {
  for (let seed = 1; seed <= 500; seed += 1) {
    const random = dice(seed);
    list = new FakeList();
    hold = new EndHold(true, () => {});
    hold.attach(list);
    hold.pin();
    for (let step = 0; step < 30; step += 1) {
      const wasHeld = hold.isHeld;
      const before = list.scrollTop;
      const sizes = [list.scrollHeight, list.clientHeight].join();
      disturb(random);
      list.clamp();
      const isResized = sizes !== [list.scrollHeight, list.clientHeight].join();
      const clamped = list.scrollTop;
      // The scroll event of a clamped position, observers and renders come in any order and number.
      for (let turn = Math.floor(random() * 3); turn >= 0; turn -= 1) {
        if (random() < 0.4) hold.scrolled(random() < 0.3 && clamped === before);
        else hold.resized();
      }
      hold.resized();
      // Rows that shrink can bring the end to the reader, whose list is then held at it.
      const movedPx = Math.abs(list.scrollTop - clamped);
      const isRight = wasHeld
        ? hold.isHeld && (!isResized || list.distance === 0)
        : movedPx <= (hold.isHeld ? endThresholdPx : 0);
      expect(isRight, `seed ${seed}, step ${step}: ${list.distance} px from the end, moved ${movedPx} px`).toBe(true);
      if (random() < 0.3) scrollBy(Math.round((random() - 0.5) * 1_200));
      expect(hold.isHeld).toBe(list.distance <= endThresholdPx);
    }
  }
});

test("who scrolls back to the end while a row is measured is at its end, not short of it", () => {
  scrollBy(-400);
  list.scrollTop += 400;
  list.rows[39] = 76;
  hold.scrolled(true);
  expect(hold.isHeld).toBe(true);
  expect(list.distance).toBe(0);
});
