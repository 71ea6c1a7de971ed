import { expect, test } from "vitest";
import { readFeedback } from "./rtcp.ts";
import { bitrateFor, SenderLimit, type LimitedPicture } from "./sender-limit.ts";

const camera: LimitedPicture = {
  kind: "camera",
  hasSmall: true,
  isSmallWanted: false,
  isFullWanted: true,
  receivable: [300_000, 900_000],
};

test("who can receive most decides where the others can be given a small picture, else who can receive least", () => {
  expect(bitrateFor([camera])).toBe(1_000_000);
  expect(bitrateFor([{ ...camera, isSmallWanted: true }])).toBe(1_150_000);
  expect(bitrateFor([{ ...camera, hasSmall: false }])).toBe(400_000);
  expect(bitrateFor([{ ...camera, receivable: [0] }])).toBe(180_000);
  expect(bitrateFor([{ ...camera, receivable: [] }])).toBe(Infinity);
  expect(bitrateFor([])).toBe(Infinity);
});

test("a sender is told again what it may send, also that it may send all, since a message may be lost", () => {
  const told: { at: number; bitrate: number }[] = [];
  let nowMs = 0;
  const limit = new SenderLimit((message) => told.push({ at: nowMs, bitrate: readFeedback(message, 1).bitrate! }));
  const goOn = (seconds: number, wanted: number) => {
    told.length = 0;
    for (let step = 0; step < 2 * seconds; step += 1) {
      nowMs += 500;
      limit.tell(wanted, nowMs);
    }
    return told.map(({ bitrate }) => Math.round(bitrate / 10_000) / 100);
  };
  expect(goOn(3, Infinity)).toEqual([2.5, 2.5, 2.5]);
  goOn(3, Infinity);
  expect(goOn(3, 400_000)).toEqual([0.4, 0.4, 0.4]);
  expect(goOn(12, Infinity)).toEqual([8, 8, 8]);
  expect(goOn(2, 1e24)).toEqual([]);
});
