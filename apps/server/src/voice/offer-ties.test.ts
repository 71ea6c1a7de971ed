import { beforeEach, expect, test } from "vitest";
import { ManualClock } from "../testing/manual-clock.ts";
import type { Signal } from "./events.ts";
import { OfferTies } from "./offer-ties.ts";

let clock: ManualClock;
let ties: OfferTies;
let received: Record<number, (string | null)[]>;

beforeEach(() => {
  clock = new ManualClock();
  received = { 1: [], 2: [] };
  ties = new OfferTies(clock, (_fromId, targetId, signal) =>
    received[targetId]!.push(signal.kind === "candidate" ? signal.candidate : signal.sdp),
  );
});

function description(fromId: number, kind: "offer" | "answer", sdp: string): void {
  ties.signal(fromId, 3 - fromId, { kind, sdp, extra: {} });
}

function candidate(fromId: number, name: string): void {
  const signal: Signal = { kind: "candidate", candidate: name, sdpMid: "0", sdpMLineIndex: 0, extra: {} };
  ties.signal(fromId, 3 - fromId, signal);
}

test("of two crossing offers the first one is passed, a second after the later one, with its candidates only", () => {
  description(1, "offer", "offer of 1");
  candidate(1, "of 1");
  clock.advance(900);
  description(2, "offer", "offer of 2");
  candidate(2, "of the dropped offer");
  clock.advance(999);
  expect(received).toEqual({ 1: [], 2: [] });
  clock.advance(1);
  candidate(2, "of the dropped offer, late");
  description(2, "answer", "answer of 2");
  candidate(2, "of the answer");
  expect(received).toEqual({ 1: ["answer of 2", "of the answer"], 2: ["offer of 1", "of 1"] });
});

test("a later negotiation is passed at once, and of two offers that cross then the first one", () => {
  description(1, "offer", "first");
  clock.advance(1_000);
  description(2, "answer", "answer");
  description(2, "offer", "second");
  description(1, "offer", "dropped");
  description(1, "answer", "another answer");
  expect(received).toEqual({ 1: ["answer", "second"], 2: ["first", "another answer"] });
});

test("an offer that stays unanswered for three seconds no longer stops the other end's offer", () => {
  description(1, "offer", "lost");
  clock.advance(4_000);
  description(2, "offer", "another");
  expect(received[1]).toEqual(["another"]);
});

test("an end that goes on offering does not keep the other's offer, nor what follows it, for ever", () => {
  description(1, "offer", "held");
  for (let round = 0; round < 10; round += 1) {
    candidate(1, `of round ${round}`);
    clock.advance(500);
    description(2, "offer", "again");
  }
  expect(received[2]).toEqual(["held", ...Array.from({ length: 10 }, (_, round) => `of round ${round}`)]);
});
