import { expect, test } from "vitest";
import { movedLine, openedAt } from "./new-line.ts";

test("stands above the unread ones when the channel is opened", () => {
  expect(openedAt({ readSeq: 5, lastSeq: 9 })).toEqual({ afterSeq: 5, left: [] });
  expect(openedAt({ readSeq: 9, lastSeq: 9 })).toEqual({ afterSeq: null, left: [] });
});

test("stays while messages arrive before the reader's eyes, and after they were read", () => {
  const line = openedAt({ readSeq: 5, lastSeq: 9 });
  expect(movedLine(line, { readSeq: 9, lastSeq: 12, isWatching: true, isAtPresent: true })).toBe(line);
  expect(movedLine(line, { readSeq: 12, lastSeq: 12, isWatching: false, isAtPresent: false })).toBe(line);
});

test("does not move down past what nobody has read", () => {
  const line = openedAt({ readSeq: 5, lastSeq: 9 });
  expect(movedLine(line, { readSeq: 5, lastSeq: 12, isWatching: false, isAtPresent: false })).toBe(line);
});

test("moves to what came while the reader looked away", () => {
  const seen = openedAt({ readSeq: 9, lastSeq: 9 });
  const away = movedLine(seen, { readSeq: 9, lastSeq: 10, isWatching: false, isAtPresent: false });
  expect(away).toEqual({ afterSeq: 9, left: [] });
  expect(movedLine(away, { readSeq: 9, lastSeq: 14, isWatching: false, isAtPresent: false })).toBe(away);
  expect(movedLine(away, { readSeq: 14, lastSeq: 15, isWatching: false, isAtPresent: false })).toEqual({
    afterSeq: 14,
    left: [9],
  });
});

test("leaves no mark where the newest messages are on the screen: who is there reads nothing further up", () => {
  const line = { afterSeq: 9, left: [5] };
  expect(movedLine(line, { readSeq: 14, lastSeq: 15, isWatching: false, isAtPresent: true })).toEqual({
    afterSeq: 14,
    left: [],
  });
});
