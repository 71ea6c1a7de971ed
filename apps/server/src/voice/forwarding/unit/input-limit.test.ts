import { expect, test } from "vitest";
import { InputLimit, leastPictureBytes } from "./input-limit.ts";

/** How many packets of this size pass in a second, of very many. */
function passed(bytesPerSecond: number, size: number, least?: number): number {
  const limit = new InputLimit(bytesPerSecond, least);
  const packet = Buffer.alloc(size);
  return Array.from({ length: 10_000 }, () => limit.allows(packet, 0)).filter(Boolean).length;
}

test("a sender may send so many bytes a second, and not more packets by making them small", () => {
  expect(passed(600_000, 1_200)).toBe(500);
  expect(passed(600_000, 12)).toBe(2_400);
  expect(passed(600_000, 12, leastPictureBytes)).toBe(600);
  const limit = new InputLimit(1_000);
  const isAllowed = [0, 999, 1_000].map((nowMs) => limit.allows(Buffer.alloc(1_000), nowMs));
  expect(isAllowed).toEqual([true, false, true]);
});
