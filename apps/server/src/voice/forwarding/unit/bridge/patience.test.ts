import { expect, test } from "vitest";
import { Patience } from "./patience.ts";

/** At which seconds patience ends, of so many. */
function endsOf(patience: Patience, from: number, seconds: number): number[] {
  return Array.from({ length: seconds }, (_, at) => from + at).filter((at) => patience.ends(at * 1_000));
}

test("who has not begun is waited for", () => {
  expect(endsOf(new Patience(), 0, 1_000)).toEqual([]);
});

test("a client without any connection is noticed more and more seldom", () => {
  const patience = new Patience();
  patience.begin(0);
  expect(endsOf(patience, 0, 250)).toEqual([7, 14, 28, 56, 112, 172, 232]);
});

test("what it tries meanwhile does not put that off, and a connection ends it", () => {
  const patience = new Patience();
  for (const at of [0, 3_000, 6_000]) patience.begin(at);
  expect(endsOf(patience, 6, 20)).toEqual([7, 14]);
  patience.connected();
  expect(endsOf(patience, 30, 100)).toEqual([]);
  patience.begin(200_000);
  expect(endsOf(patience, 200, 20)).toEqual([207, 214]);
});

test("it rests while there is nobody to connect to", () => {
  const patience = new Patience();
  patience.begin(0);
  patience.rest();
  expect(endsOf(patience, 0, 100)).toEqual([]);
});
