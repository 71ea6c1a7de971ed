import { expect, test } from "vitest";
import { shareBitrate } from "./share-bitrate.ts";
import { Throughput } from "./throughput.ts";

const rounded = (receivable: number, taken: number[]) => shareBitrate(receivable, taken).map(Math.round);

test("the only picture may take all that can be received, also before anything was sent", () => {
  expect(shareBitrate(900_000, [0])).toEqual([900_000]);
  expect(shareBitrate(900_000, [400_000])).toEqual([900_000]);
});

test("pictures that are too much together are lowered alike", () => {
  expect(rounded(800, [500, 500])).toEqual([400, 400]);
  expect(rounded(600, [900, 300])).toEqual([450, 150]);
});

test("a picture that stands still leaves the others what it does not take", () => {
  expect(rounded(300, [20, 80])).toEqual([220, 280]);
});

test("a throughput is that of the last seconds, and zero after a pause", () => {
  const throughput = new Throughput();
  for (let ms = 0; ms < 4_000; ms += 10) throughput.add(1_000, ms);
  expect(throughput.bitrate(4_000)).toBeGreaterThan(700_000);
  expect(throughput.bitrate(4_000)).toBeLessThan(900_000);
  expect(throughput.bitrate(7_000)).toBe(0);
});
